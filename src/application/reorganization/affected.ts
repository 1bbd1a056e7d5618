import { setImmediate as nextTurn } from 'node:timers/promises';
import { agencyPortfolio } from '../../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../../projections/agency-registry.js';
import { reorganizations } from '../../../projections/reorganizations.js';
import { membersAt } from '../../domain/agency/agency.js';
import { absenceOn, type Given, lifeIn } from '../../domain/given.js';
import type { Assignments } from '../../domain/indicator/indicator.js';
import type { SubjectRef } from '../../domain/message.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import type { Decree } from '../../domain/reorganization/events.js';
import { plusDays } from '../../domain/time.js';
import { valueAt } from '../../domain/timeline.js';
import type { Condition } from '../../ports/read-models.js';
import { chunksOf, STREAMS_A_TURN } from '../chunks.js';
import { Heirs, type Lives } from '../heirs.js';
import type { Questions } from '../questions.js';
import type { Reader } from '../reader.js';

/** What stands in the way of a decree: one indicator or task that a predecessor holds on the day or takes up later. */
export type Affected = Pick<Place, 'subject' | 'planId' | 'section'> & {
  readonly title: string;
  readonly assignments: Assignments;
};

type Asked = Pick<Decree, 'predecessors' | 'effectiveOn'>;

/** What a decision about agencies needs: them and whoever comes after them. `now` is the instant it is decided at. */
export const givenTo = async (
  agencies: readonly string[],
  reader: Reader,
  now: string,
  by: string,
): Promise<{ given: Given; heirs: Heirs }> => {
  const heirs = await Heirs.of(reader, agencies);
  return { given: { ...(await reader.given(now, by, null, [])), agencies: heirs.lives() }, heirs };
};

/** What takes the place of a member in a collective: whoever the decree names for everything that it led. */
export const MEMBERSHIP: Omit<Place, 'agency'> = {
  subject: { kind: 'indicator', id: '' },
  planId: '',
  section: null,
  role: 'lead',
};

/** Some agencies on a day: whoever ended is followed by whoever came after, or by nobody. */
export const living = async (
  agencies: readonly string[],
  lives: Lives,
  day: string,
): Promise<readonly string[]> => {
  const heirs = await Heirs.of(lives, agencies);
  const ended = heirs.lives();
  const found = heirs.ofAll(agencies, MEMBERSHIP, day);
  return found.filter((agency) => {
    const life = lifeIn(ended, agency);
    return life === null || !absenceOn(life, day);
  });
};

/**
 * The members of a collective on a day, likewise; a collective that came after one of them stands for its own members, be
 * it the same one.
 */
export const livingMembers = async (
  members: readonly string[],
  lives: Lives,
  day: string,
): Promise<readonly string[]> => {
  const found = new Set(await living(members, lives, day));
  const collectives = new Set<string>();
  // What is added while it goes along is looked at, too.
  for (const id of found) {
    const agency = await lives.agency(id);
    if (agency?.kind !== 'group') continue;
    collectives.add(id);
    for (const member of await living(membersAt(agency, day), lives, day)) found.add(member);
  }
  return [...found].filter((id) => !collectives.has(id));
};

/** Waits until the rows that a decree is applied by hold every event until now. */
export const caughtUp = (questions: Questions): Promise<void> =>
  questions.caughtUp([agencyPortfolio.name, agencyRegistry.name, reorganizations.name]);

/**
 * Everything that the predecessors hold on the day or take up later, as the log says it now. Subjects that were dropped
 * by then, and those of plans closed by then, keep their last holder.
 */
export const affectedBy = async (asked: Asked, questions: Questions, reader: Reader): Promise<Affected[]> => {
  const held = await heldBy(asked, questions);
  const closed = closedPlans(reader, asked.effectiveOn);
  const found: Affected[] = [];
  for (const [n, together] of chunksOf(held, STREAMS_A_TURN).entries()) {
    // An agency may hold a thousand subjects whose states are not kept.
    if (n > 0) await nextTurn();
    const read = await Promise.all(
      together.map((subject) => affectedOn(subject, asked.effectiveOn, reader, closed)),
    );
    found.push(...read.filter((one) => one !== null));
  }
  return found;
};

/** The subjects that agencies hold on the day or take up later. */
export const heldBy = async (
  { predecessors, effectiveOn }: Asked,
  questions: Questions,
): Promise<readonly SubjectRef[]> => {
  if (predecessors.length === 0) return [];
  await caughtUp(questions);
  return subjectsOf(predecessors, questions, { from: plusDays(effectiveOn, 1) });
};

/** The subjects that an agency held, and nothing of from the day on. */
export const heldBefore = ({ predecessors, effectiveOn }: Asked, questions: Questions) =>
  subjectsOf(predecessors, questions, { to: effectiveOn });

const subjectsOf = async (
  agencies: readonly string[],
  { facts }: Questions,
  heldUntil: Condition,
): Promise<readonly SubjectRef[]> => {
  const found = await Promise.all(agencies.map((agency) => facts.held(agency, heldUntil)));
  return [...new Map(found.flat().map((subject) => [`${subject.kind} ${subject.id}`, subject])).values()];
};

/** Whether a plan is closed by a day; each is read once. */
export const closedPlans = (reader: Reader, day: string): ((planId: string) => Promise<boolean>) => {
  const read = new Map<string, Promise<boolean>>();
  const isClosed = async (planId: string) => {
    const closed = (await reader.plan(planId))?.closed;
    return !!closed && closed.effectiveOn <= day;
  };
  return (planId) => {
    const known = read.get(planId) ?? isClosed(planId);
    read.set(planId, known);
    return known;
  };
};

const affectedOn = async (
  subject: SubjectRef,
  day: string,
  reader: Reader,
  closed: (planId: string) => Promise<boolean>,
): Promise<Affected | null> => {
  const state =
    subject.kind === 'indicator' ? await reader.indicator(subject.id) : await reader.task(subject.id);
  if (!state || (state.dropped && state.dropped.effectiveOn <= day)) return null;
  if (await closed(state.planId)) return null;
  const { planId, section, assignments } = state;
  const title = 'wording' in state ? (valueAt(state.wording, day)?.title ?? '') : state.title;
  return { subject, planId, section, assignments, title };
};

/** The single assignments of the predecessors, as a decision sees them. */
export const placesOf = (affected: readonly Affected[], { predecessors, effectiveOn }: Asked): Place[] =>
  affected.flatMap(({ subject, planId, section, assignments }) =>
    (['lead', 'coordinating'] as const).flatMap((role) => {
      const later = assignments[role].filter((entry) => entry.effectiveOn > effectiveOn);
      const sets = [valueAt(assignments[role], effectiveOn), ...later.map(({ value }) => value)];
      const agencies = new Set(sets.flatMap((set) => set?.agencies ?? []));
      return predecessors
        .filter((agency) => agencies.has(agency))
        .map((agency) => ({ subject, planId, section, role, agency }));
    }),
  );
