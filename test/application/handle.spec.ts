import { describe, expect, it } from '@jest/globals';
import type { FirstOf } from '../../src/application/commands/first.js';
import { Busy, Forbidden, KeyReused, Stale } from '../../src/application/errors.js';
import { handle, MAX_ATTEMPTS, type Writing } from '../../src/application/handle.js';
import type { Answer, Request } from '../../src/application/request.js';
import { StreamStates } from '../../src/application/stream-states.js';
import { Rejected } from '../../src/domain/decider.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import type { Indicator } from '../../src/domain/indicator/indicator.js';
import { traceIndicator } from '../../src/domain/trail.js';
import { collect, type EventStore, RevisionConflict } from '../../src/ports/event-store.js';
import { AUDITOR, asked, ledgers, OFFICE, ordersOf, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { ALONE, adopt, assignTo, BASIS, FIRST, figure, found, KHCN, PLAN, report, target } from './world.js';

const open = ledgers();
const STREAM = `indicator-${ALONE}`;

const setUp = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  return ledger;
};

const keyed = (key: number, fingerprint = 'f'): Partial<Request> => ({
  repeatable: { commandId: `aaaaaaaa-0000-5000-8000-${String(key).padStart(12, '0')}`, fingerprint },
});

const typesIn = async (ledger: TestLedger, stream = STREAM): Promise<string[]> =>
  (await collect(ledger.events.read(stream))).map(({ type }) => type);

/** The store, where somebody else does something just before each append of ours. */
const interrupted = (events: EventStore, meanwhile: (attempt: number) => Promise<unknown>): EventStore => {
  let attempt = 0;
  return seenAs(events, {
    async append(...all) {
      attempt += 1;
      await meanwhile(attempt);
      return events.append(...all);
    },
  });
};

const writingOf = ({ clock, ids, firstOf }: TestLedger, events: EventStore): Writing => ({
  events,
  states: new StreamStates(events),
  clock,
  ids,
  firstOf,
});

describe('a conflict', () => {
  it('is decided anew from what the other wrote', async () => {
    const ledger = await setUp();
    const events = interrupted(ledger.events, async (attempt) => {
      if (attempt === 1) await ledger.order.indicator(ALONE, target(ALONE, '≥ 70'));
    });
    const answer = await ordersOf(writingOf(ledger, events)).indicator(ALONE, target(ALONE, '≥ 80'));
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'TargetSet', 'TargetRevised']);
    expect(answer.revision).toBe(2);
  });

  it('where the other did the same leaves nothing to append', async () => {
    const ledger = await setUp();
    const events = interrupted(ledger.events, async (attempt) => {
      if (attempt === 1) await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    });
    const answer = await ordersOf(writingOf(ledger, events)).indicator(ALONE, target(ALONE, '≥ 80'));
    expect(answer).toMatchObject({ revision: 1, eventIds: [], position: await ledger.events.head() });
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'TargetSet']);
  });

  it(`is given up after ${MAX_ATTEMPTS} attempts`, async () => {
    const ledger = await setUp();
    let attempts = 0;
    const events = interrupted(ledger.events, async (attempt) => {
      attempts = attempt;
      await ledger.order.indicator(ALONE, target(ALONE, `≥ ${attempt}`, { effectiveOn: '2025-02-01' }));
    });
    const order = ordersOf(writingOf(ledger, events)).indicator(ALONE, target(ALONE, '≥ 80'));
    await expect(order).rejects.toThrow(Busy);
    expect(attempts).toBe(4);
    expect((await typesIn(ledger)).length).toBe(1 + attempts);
  });

  it('is left to who named a revision', async () => {
    const ledger = await setUp();
    const events = interrupted(ledger.events, () => ledger.order.indicator(ALONE, target(ALONE, '≥ 70')));
    const order = ordersOf(writingOf(ledger, events)).indicator(
      ALONE,
      target(ALONE, '≥ 80'),
      asked(OFFICE, { ifMatch: 0 }),
    );
    await expect(order).rejects.toMatchObject({ name: 'Stale', revision: 1 });
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'TargetSet']);
  });
});

describe('a refusal', () => {
  it('of what was decided while somebody wrote is decided anew', async () => {
    const ledger = await setUp();
    const [request, order] = [asked(OFFICE, keyed(1)), target(ALONE, '≥ 80')];
    const written: Answer[] = [];
    const decidedOn: unknown[] = [];
    const execution = {
      ...{ decider: indicatorDecider, trace: traceIndicator, stream: STREAM, planId: PLAN },
      ...{ begins: false, action: order.type, relations: null },
      // As where the first request did something elsewhere that forbids to do it again.
      prepare: async (state: Indicator | null) => {
        decidedOn.push(state?.targets.length);
        written.push(await ledger.order.indicator(ALONE, order, request));
        throw new Rejected('DoneElsewhere', 'This was done.', 'indicatorId');
      },
    };
    expect([await handle(writingOf(ledger, ledger.events), execution, request)]).toEqual(written);
    expect(decidedOn).toEqual([0]);
  });
});

describe('If-Match', () => {
  it('of the revision that the stream is at is honoured', async () => {
    const ledger = await setUp();
    const answer = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, { ifMatch: 0 }));
    expect(answer.revision).toBe(1);
  });

  it('of an older or a later one is stale, and of a stream that is not there', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    for (const ifMatch of [0, 2])
      await expect(
        ledger.order.indicator(ALONE, target(ALONE, '≥ 90'), asked(OFFICE, { ifMatch })),
      ).rejects.toMatchObject({ name: 'Stale', revision: 1 });
    await expect(
      ledger.order.indicator(`${PLAN}/none`, target(`${PLAN}/none`, '≥ 90'), asked(OFFICE, { ifMatch: 0 })),
    ).rejects.toMatchObject({ name: 'Stale', revision: null });
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'TargetSet']);
    expect(Stale.name).toBe('Stale');
  });
});

describe('an Idempotency-Key', () => {
  it('answers a repeat as the first time, though the stream has grown and the store was opened anew', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 90', { effectiveOn: '2025-09-01' }));
    const first = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1)));
    expect(first).toMatchObject({ revision: 2, laterEntries: ['2025-09-01'] });
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 95', { effectiveOn: '2025-10-01' }));
    expect(await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1)))).toEqual(
      first,
    );
    await ledger.close();
    const again = await open({ folder: ledger.folder });
    expect(await again.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1)))).toEqual(first);
    expect((await typesIn(again)).length).toBe(4);
  });

  it('answers a repeat with the figure’s id and its warnings', async () => {
    const ledger = await setUp();
    const first = await ledger.order.indicator(
      ALONE,
      report(ALONE, '2025-Q1', '120'),
      asked(OFFICE, keyed(1)),
    );
    expect(first).toMatchObject({ measurementId: `${ALONE}@2025-Q1#1`, warnings: ['a percentage over 100'] });
    expect(
      await ledger.order.indicator(ALONE, report(ALONE, '2025-Q1', '120'), asked(OFFICE, keyed(1))),
    ).toEqual(first);
  });

  it('answers a repeat of what was several events with the revision of the last', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, assignTo(ALONE, [KHCN], { role: 'coordinating' }));
    const lead = () => ledger.order.indicator(ALONE, assignTo(ALONE, [KHCN]), asked(OFFICE, keyed(1)));
    const first = await lead();
    expect(await typesIn(ledger)).toEqual([
      ...['IndicatorAdopted', 'AgencyAssigned', 'AgencyAssigned', 'AgencyReleased'],
    ]);
    expect(first.revision).toBe(3);
    expect(await lead()).toEqual(first);
  });

  it('answers a repeat before it looks at If-Match', async () => {
    const ledger = await setUp();
    const request = asked(OFFICE, { ...keyed(1), ifMatch: 0 });
    const first = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), request);
    expect(await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), request)).toEqual(first);
  });

  it('answers a repeat that names a revision, though the first is written meanwhile and conflicts with it', async () => {
    const ledger = await setUp();
    const request = asked(OFFICE, { ...keyed(1), ifMatch: 0 });
    const written: Answer[] = [];
    // As a store does where the repeat was decided otherwise, and has more events than the first.
    const events = interrupted(ledger.events, async () => {
      written.push(await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), request));
      throw new RevisionConflict(STREAM, 0, 1);
    });
    const repeat = ordersOf(writingOf(ledger, events)).indicator(ALONE, target(ALONE, '≥ 80'), request);
    expect([await repeat]).toEqual(written);
  });

  it('with another body is refused', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1, 'one')));
    await expect(
      ledger.order.indicator(ALONE, target(ALONE, '≥ 90'), asked(OFFICE, keyed(1, 'another'))),
    ).rejects.toThrow(KeyReused);
    expect((await typesIn(ledger)).length).toBe(2);
  });

  it('sent many times at once is one set of events', async () => {
    const ledger = await setUp();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        ledger.order.indicator(ALONE, report(ALONE, '2025-Q1', '70'), asked(OFFICE, keyed(1))),
      ),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'MeasurementReported']);
  });

  it('sent at once with two bodies is one of them, and the other is refused', async () => {
    const ledger = await setUp();
    const outcomes = await Promise.allSettled(
      ['≥ 80', '≥ 90'].map((notation) =>
        ledger.order.indicator(ALONE, target(ALONE, notation), asked(OFFICE, keyed(1, notation))),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'KeyReused' },
    });
    expect(await typesIn(ledger)).toEqual(['IndicatorAdopted', 'TargetSet']);
  });

  it('answers a repeat of what begins a stream, though the first is written while the repeat looks for it', async () => {
    const ledger = await setUp();
    const request = asked(OFFICE, keyed(1));
    const added = `${PLAN}/3`;
    const written: Answer[] = [];
    const firstOf: FirstOf = async (commandId) => {
      written.push(await ledger.order.indicator(added, adopt('3'), request));
      return ledger.firstOf(commandId);
    };
    const repeat = ordersOf({ ...writingOf(ledger, ledger.events), firstOf }).indicator(
      added,
      adopt('3'),
      request,
    );
    expect([await repeat]).toEqual(written);
    expect(await typesIn(ledger, `indicator-${added}`)).toEqual(['IndicatorAdopted']);
  });

  it('of what began one stream is refused for another', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(`${PLAN}/3`, adopt('3'), asked(OFFICE, keyed(1)));
    await expect(
      ledger.order.indicator(`${PLAN}/4`, adopt('4'), asked(OFFICE, keyed(1, 'another'))),
    ).rejects.toThrow(KeyReused);
    expect(await typesIn(ledger, `indicator-${PLAN}/4`)).toEqual([]);
  });

  it('of a command that yielded nothing is decided again', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    const nothing = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1)));
    expect(nothing.eventIds).toEqual([]);
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 90'));
    const again = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(OFFICE, keyed(1)));
    expect(again.eventIds).toHaveLength(1);
  });

  it('names the events, so that a cut-off append can be told from a new one', async () => {
    const ledger = await setUp();
    const request = asked(OFFICE, keyed(1));
    const { eventIds } = await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), request);
    const other = await open();
    await found(other.order);
    expect((await other.order.indicator(ALONE, target(ALONE, '≥ 80'), request)).eventIds).toEqual(eventIds);
  });
});

describe('what is recorded', () => {
  it('says who, when and why, the same in every event of one command', async () => {
    const ledger = await setUp();
    await ledger.order.indicator(ALONE, {
      type: 'AssignIndicator',
      data: {
        indicatorId: ALONE,
        role: 'coordinating',
        agencies: ['so-khcn'],
        notation: null,
        effectiveOn: '2025-02-01',
      },
    });
    ledger.clock.set('2025-06-02T03:04:05.006Z');
    const lead = {
      indicatorId: ALONE,
      role: 'lead',
      agencies: ['so-khcn'],
      notation: null,
      effectiveOn: '2025-02-01',
    } as const;
    await ledger.order.indicator(ALONE, { type: 'AssignIndicator', data: lead }, asked(OFFICE, keyed(7)));
    const [assigned, left] = (await collect(ledger.events.read(STREAM))).slice(-2);
    expect([assigned?.type, left?.type]).toEqual(['AgencyAssigned', 'AgencyReleased']);
    expect(assigned?.metadata).toEqual({
      ...{ actor: OFFICE, recordedAt: '2025-06-02T03:04:05.006Z', causationId: null, fingerprint: 'f' },
      ...{ correlationId: asked().correlationId, commandId: keyed(7).repeatable?.commandId, planId: PLAN },
      schema: 1,
    });
    expect(left?.metadata).toEqual(assigned?.metadata);
  });

  it('never goes back in a stream when the clock does', async () => {
    const ledger = await setUp();
    ledger.clock.set('2025-07-01');
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 80'));
    ledger.clock.set('2025-05-01');
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 90'));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 90'));
    const at = async (stream: string) =>
      (await collect(ledger.events.read(stream))).map(({ metadata }) => metadata.recordedAt.slice(0, 10));
    expect(await at(STREAM)).toEqual(['2025-06-01', '2025-07-01', '2025-07-01']);
    expect(await at(`indicator-${FIRST}`)).toEqual(['2025-06-01', '2025-06-01']);
  });

  it('is decided on the day in Kon Tum, not in London', async () => {
    const ledger = await setUp();
    ledger.clock.set('2025-06-30T17:00:00.000Z');
    const answer = await ledger.order.indicator(ALONE, report(ALONE, '2025-07-01', '5'));
    expect(answer.measurementId).toBe(`${ALONE}@2025-07-01#1`);
    ledger.clock.set('2025-07-31T16:59:59.999Z');
    await expect(ledger.order.indicator(ALONE, report(ALONE, '2025-08-01', '5'))).rejects.toThrow(Rejected);
  });
});

describe('what is refused', () => {
  it('leaves the log as it was', async () => {
    const ledger = await setUp();
    const head = await ledger.events.head();
    await expect(ledger.order.indicator(ALONE, target(ALONE, '≥ 80', { milestone: '2031' }))).rejects.toThrow(
      Rejected,
    );
    await expect(ledger.order.indicator(`${PLAN}/none`, target(`${PLAN}/none`, '≥ 80'))).rejects.toThrow(
      Rejected,
    );
    await expect(ledger.order.indicator('none/1', report('none/1', '2025', '1'))).rejects.toThrow(Rejected);
    await expect(ledger.order.indicator(ALONE, target(ALONE, '≥ 80'), asked(AUDITOR))).rejects.toThrow(
      Forbidden,
    );
    await expect(
      ledger.order.indicator(ALONE, report(ALONE, '2025-Q1', figure({ value: 'eighty' }))),
    ).rejects.toThrow(Rejected);
    await expect(
      ledger.order.plan(PLAN, {
        type: 'SupersedePlan',
        data: { planId: PLAN, by: 'none', effectiveOn: '2025-06-01', reason: 'thay thế', legalBasis: BASIS },
      }),
    ).rejects.toThrow(Rejected);
    expect(await ledger.events.head()).toBe(head);
  });
});
