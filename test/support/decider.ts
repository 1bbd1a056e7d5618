import { expect } from '@jest/globals';
import fc from 'fast-check';
import { assertStorable, canonicalText } from '../../src/domain/canonical.js';
import { type Decider, fold, Rejected } from '../../src/domain/decider.js';
import type { AgencyLife, Dissolution, Given, PlanGiven } from '../../src/domain/given.js';
import type { Fact } from '../../src/domain/message.js';

/**
 * `given(events).when(command).yields(events)` or `.refuses(code, field)`: exactly and in order. Whatever is accepted must
 * also be storable, and yield nothing when it is asked again.
 */
export const specify = <Command, State, Event extends Fact>(decider: Decider<Command, State, Event>) => ({
  given: (...events: readonly Event[]) => ({
    when: (command: Command) => {
      const decide = () => decider.decide(command, fold(decider, events));
      return {
        yields: (expected: readonly Event[]): void => {
          const decided = decide();
          expect(decided).toEqual(expected);
          for (const { type, data } of decided) assertStored(data, type);
          expect(decider.decide(command, fold(decider, [...events, ...decided]))).toEqual([]);
        },
        refuses: (code: string, field: string | null): void => {
          const refusal = caught(decide);
          expect({ code: refusal?.code, field: refusal?.field }).toEqual({ code, field });
        },
        /** What follows, for a test that looks at a part of it. */
        events: decide,
        /** The words of the refusal. */
        refusal: (): string => caught(decide)?.message ?? 'accepted',
      };
    },
  }),
});

const caught = (act: () => unknown): Rejected | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
};

const assertStored = (value: unknown, path: string): void => {
  assertStorable(value, path);
  expect(JSON.parse(canonicalText(value))).toEqual(value);
};

/** Runs commands one after another, each on what the ones before it made; every one must be accepted. */
export const yielded = <Command, State, Event extends Fact>(
  decider: Decider<Command, State, Event>,
  commands: readonly Command[],
): readonly Event[] => {
  const events: Event[] = [];
  for (const command of commands) events.push(...decider.decide(command, fold(decider, events)));
  return events;
};

/** What a walk of random commands met: how often each command type was accepted. */
export type Accepted = Map<string, number>;

/**
 * Sends lists of random commands to a decider and checks after each that deciding is pure, that what was accepted is
 * storable, can be folded, and yields nothing when asked again. `holds` checks a state that was reached.
 */
export const walk = <Command extends { readonly type: string }, State, Event extends Fact>(
  decider: Decider<Command, State, Event>,
  commands: fc.Arbitrary<readonly Command[]>,
  holds: (state: State) => void,
  numRuns = 200,
): Accepted => {
  const accepted: Accepted = new Map();
  fc.assert(
    fc.property(fc.noBias(commands), (list) => {
      let state = deepFreeze(decider.initial);
      for (const command of list) {
        deepFreeze(command);
        const decided = attempt(decider, command, state);
        expect(attempt(decider, command, state)).toEqual(decided);
        if ('refused' in decided) continue;
        for (const event of decided.events) {
          assertStored(event.data, event.type);
          state = deepFreeze(decider.evolve(state, deepFreeze(event)));
        }
        expect({ command, again: attempt(decider, command, state) }).toEqual({
          command,
          again: { events: [] },
        });
        holds(state);
        if (decided.events.length > 0) accepted.set(command.type, (accepted.get(command.type) ?? 0) + 1);
      }
    }),
    { numRuns },
  );
  return accepted;
};

const attempt = <Command, State, Event extends Fact>(
  decider: Decider<Command, State, Event>,
  command: Command,
  state: State,
): { readonly events: readonly Event[] } | { readonly refused: string } => {
  try {
    return { events: decider.decide(command, state) };
  } catch (error) {
    if (error instanceof Rejected) return { refused: error.code };
    throw error;
  }
};

export const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
};

/** Every effective-dated timeline in a state, wherever it stands. */
export const timelinesIn = (value: unknown): readonly (readonly { readonly effectiveOn: string }[])[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(timelinesIn);
  const isTimeline =
    Array.isArray(value) && value.length > 0 && value.every((row) => row?.effectiveOn && 'value' in row);
  return isTimeline ? [value, ...inside] : inside;
};

/** Every timeline in a state stands in the order of its days. */
export const expectOrdered = (state: unknown): void => {
  for (const timeline of timelinesIn(state)) {
    const days = timeline.map(({ effectiveOn }) => effectiveOn);
    expect(days).toEqual([...days].sort());
  }
};

/** An agency that has always lived. */
export const alive: AgencyLife = {
  name: 'Sở Khoa học và Công nghệ',
  kind: 'agency',
  establishedOn: null,
  dissolutions: [],
};

/** An end for good. */
export const dissolved = (effectiveOn: string, ...successors: string[]): Dissolution => ({
  ...{ effectiveOn, successors, restoredOn: null },
});

export const PLAN = 'kh-1570-2025';

export const plan: PlanGiven = {
  planId: PLAN,
  from: '2025-05-08',
  details: [
    {
      effectiveOn: '2025-05-08',
      value: {
        milestones: ['2030', '2045', 'yearly'],
        sections: [
          { code: 'I', title: 'Đến năm 2030' },
          { code: 'II', title: 'Tầm nhìn 2045' },
        ],
      },
    },
  ],
  closedOn: null,
};

/** The plan, which from a day on has another milestone and another section. */
export const amendedOn = (effectiveOn: string): PlanGiven => ({
  ...plan,
  details: [
    ...plan.details,
    { effectiveOn, value: { milestones: ['2040'], sections: [{ code: 'III', title: 'Đến năm 2040' }] } },
  ],
});

/** What is given to a decision: a plan of May 2025, its agencies, and a day in March 2026. */
export const knowing = (over: Partial<Given> = {}): Given => ({
  today: '2026-03-10',
  by: 'lan',
  plan,
  agencies: {
    'so-khcn': alive,
    'so-tai-chinh': alive,
    'cong-an-tinh': alive,
    'so-moi': { ...alive, establishedOn: '2026-07-01' },
    'so-tttt': { ...alive, dissolutions: [dissolved('2026-01-01', 'so-khcn', 'cong-an-tinh')] },
    'so-khdt': { ...alive, dissolutions: [dissolved('2026-01-01')] },
    'cac-so-ban-nganh': { ...alive, kind: 'group' },
    'khong-co': null,
  },
  holdings: 0,
  memberOf: [],
  ...over,
});

export const BASIS = { number: '45/QĐ-UBND', date: '2026-02-20', clause: null } as const;
export const WHY = { reason: 'Điều chỉnh theo chỉ tiêu quốc gia', legalBasis: BASIS } as const;
