import { isAssignment } from '../assignment.js';
import type { AssignmentEvent, AssignmentRole, IndicatorEvent, Move } from '../indicator/events.js';
import { assigned, type Indicator } from '../indicator/indicator.js';
import type { Recorded } from '../message.js';
import type { TaskEvent } from '../task/events.js';
import type { Task } from '../task/task.js';
import { dayOf } from '../time.js';
import { inserted, type Timeline } from '../timeline.js';
import type { Decree } from './events.js';
import { ending } from './reorganization.js';

/** An assignment event of one subject, as it was recorded. */
export type Placing = Recorded<AssignmentEvent>;

/** A subject as far as a decree looks at it. */
export type Standing = Pick<Indicator & Task, 'planId' | 'section' | 'assignments' | 'dropped'>;

type Beginning = Extract<IndicatorEvent | TaskEvent, { type: 'IndicatorAdopted' | 'TaskGiven' }>;
type Drop = Extract<IndicatorEvent | TaskEvent, { type: 'IndicatorDropped' | 'TaskDropped' }>;

/** Folds of a subject's history only what a decree looks at; null before it was adopted or given. */
export const standingOf = (history: readonly Recorded[]): Standing | null => {
  let standing = null as Standing | null;
  for (const event of history) {
    if (event.type === 'IndicatorAdopted' || event.type === 'TaskGiven') {
      const { planId, section } = event.data as Beginning['data'];
      standing = { planId, section, assignments: { lead: [], coordinating: [] }, dropped: null };
    } else if (standing && (event.type === 'IndicatorDropped' || event.type === 'TaskDropped')) {
      standing = { ...standing, dropped: event.data as Drop['data'] };
    } else if (standing && isAssignment(event.type)) {
      standing = { ...standing, assignments: assigned(standing.assignments, event as unknown as Placing) };
    }
  }
  return standing;
};

/** The assignment events in a subject's history, oldest first. */
export const placingsIn = (history: readonly Recorded[]): readonly Placing[] =>
  history.filter(({ type }) => isAssignment(type)) as unknown as readonly Placing[];

/** What decrees are to one, by the events that what they did is caused by. */
export interface Others {
  /** The decree itself, and those that take effect later, or on the same day and were made later. */
  readonly later: ReadonlySet<string>;
  /** They are revoked: them and their revocations, each with the day from which it is undone. */
  readonly undone: ReadonlyMap<string, string>;
}

/** A decree as it was recorded; `event` is null for one that would be made now. */
export interface Made {
  readonly decree: Decree;
  readonly event: Pick<Recorded, 'position'> | null;
}

/**
 * Whether a decree is about a place that a predecessor holds on a day. One that ends holds nothing afterwards. One that
 * lives on keeps what comes to it later: by the decree itself or a later one, or from whoever named it once the decree
 * was known and in force.
 */
export const isMeant = (
  { decree, event }: Made,
  others: Others,
  placings: readonly Placing[],
  [role, agency, day]: readonly [role: AssignmentRole, agency: string, day: string],
): boolean => {
  if (ending(decree).includes(agency)) return true;
  const isUndone = ({ metadata }: Placing) => {
    const from = others.undone.get(metadata.causationId ?? '');
    return from !== undefined && from <= day;
  };
  const placed = placedBy(placings, role, day).findLast(
    (one) => !isUndone(one) && one.data.moves.some(({ to }) => to === agency),
  );
  if (placed === undefined) return true;
  if (others.later.has(placed.metadata.causationId ?? '')) return false;
  return (
    event === null ||
    placed.position < event.position ||
    dayOf(placed.metadata.recordedAt) < decree.effectiveOn
  );
};

/** Those of one role that take effect by a day, in the order of their timeline. */
export const placedBy = (
  placings: readonly Placing[],
  role: AssignmentRole,
  day: string,
): readonly Placing[] =>
  placings
    .filter(({ data }) => data.role === role && data.effectiveOn <= day)
    .reduce<Timeline<Placing>>((all, one) => inserted(all, one.data.effectiveOn, one), [])
    .map(({ value }) => value);

/**
 * A place in a set: whose the entries say it is (null: nobody's, and yet it would be), and whose it would be without the
 * revoked decrees (null: it would not be there).
 */
interface Seat {
  readonly stated: string | null;
  readonly own: string | null;
  /** Whose the entries have said it is, one after the other. */
  readonly through: readonly string[];
}

/** What states a whole set, and what moved in it. */
export type Statement = Pick<Recorded, 'metadata' | 'position'> & {
  readonly data: { readonly agencies: readonly string[]; readonly moves: readonly Move[] };
};

/** A set as it would be without the revoked decrees, place by place, and whether that may be another than is stated. */
export interface Restored {
  readonly agencies: readonly string[];
  readonly isOther: boolean;
  readonly seats: readonly Seat[];
}

/** The events of decrees that are revoked by a day, and of their revocations. */
export interface Revoked {
  readonly decrees: ReadonlySet<string>;
  readonly revocations: ReadonlySet<string>;
}

/**
 * Who would hold a role had the revoked decrees not been made: what they moved and has not changed hands since goes
 * back, everything else stays. `entries` are those of one role up to a day, in the order of their timeline; what a
 * revocation caused is not looked at, so that the answer stays the same once it has been given back; nor is what was
 * recorded after that for an earlier day, for it does not undo what took effect later.
 */
export const withoutRevoked = (
  entries: readonly Statement[],
  { decrees, revocations }: Revoked,
): Restored => {
  const given = entries.map((entry) => isCausedBy(revocations, entry));
  const isLate = ({ position }: Statement, index: number) =>
    entries.some((later, at) => at > index && given[at] && later.position < position);
  const seats = seatsAfter(
    entries.filter((entry, index) => !given[index] && !isLate(entry, index)),
    decrees,
  );
  return {
    agencies: [...new Set(seats.flatMap(({ own }) => own ?? []))],
    // What was given back last may have been when fewer of them were revoked.
    isOther: given.at(-1) === true || seats.some(({ stated, own }) => stated !== own),
    seats,
  };
};

/**
 * What moves from a set that is really stated to the restored one: who comes takes over from the last who held that place
 * and goes. `after` tells who came after an agency that a place goes back to.
 */
export const movesBack = (
  stated: readonly string[],
  { agencies, seats }: Restored,
  after: (agency: string) => readonly string[],
): readonly Move[] => {
  const restored = agencies.flatMap(after);
  const goes = (agency: string) => stated.includes(agency) && !restored.includes(agency);
  const coming = [...new Set(restored.filter((agency) => !stated.includes(agency)))].flatMap((to): Move[] => {
    const its = seats.filter(({ own }) => own !== null && after(own).includes(to));
    const from = new Set(its.flatMap(({ through }) => through.findLast(goes) ?? []));
    return from.size === 0 ? [{ from: null, to }] : [...from].map((one) => ({ from: one, to }));
  });
  const going = stated.filter((agency) => goes(agency) && !coming.some(({ from }) => from === agency));
  return [...coming, ...going.map((from): Move => ({ from, to: null }))];
};

const isCausedBy = (causes: ReadonlySet<string>, { metadata }: Statement): boolean =>
  causes.has(metadata.causationId ?? '');

/**
 * The places after the last of some entries. The last one that stands without the revoked decrees states them all, as
 * whoever made it saw them: what was recorded after it is not among them. Then comes what revoked decrees stated on top.
 */
const seatsAfter = (entries: readonly Statement[], decrees: ReadonlySet<string>): readonly Seat[] => {
  const index = entries.findLastIndex((entry) => !isCausedBy(decrees, entry));
  const standing = entries[index];
  const seats = standing
    ? stating(seatsAfter(seenBy(standing, entries.slice(0, index)), decrees), standing)
    : [];
  return seenInTurn(entries.slice(index + 1)).reduce(
    (all, { data }) => unstated(undone(all, data.moves), data.agencies),
    seats,
  );
};

const seenBy = ({ position }: Statement, entries: readonly Statement[]): readonly Statement[] =>
  entries.filter((entry) => entry.position < position);

/** The last of some entries, and of those before it each that whoever made the next of them saw. */
const seenInTurn = (entries: readonly Statement[]): readonly Statement[] => {
  const last = entries.at(-1);
  return last ? [...seenInTurn(seenBy(last, entries)), last] : [];
};

const seatOf = (agency: string): Seat => ({ stated: agency, own: agency, through: [agency] });

/** What a revoked decree moved is stated to be another's, and stays whose it was. */
const undone = (seats: readonly Seat[], moves: readonly Move[]): readonly Seat[] =>
  moves.reduce((all, { from, to }) => {
    const named = all.filter(({ stated }) => stated !== null && stated === from);
    if (named.length === 0) return to === null ? all : all.concat({ ...seatOf(to), own: null });
    return all.map((seat) =>
      named.includes(seat) ? { ...seat, stated: to, through: seat.through.concat(to ?? []) } : seat,
    );
  }, seats);

const unstated = (seats: readonly Seat[], agencies: readonly string[]): readonly Seat[] =>
  seats.map((seat) =>
    seat.stated === null || agencies.includes(seat.stated) ? seat : { ...seat, stated: null },
  );

const stating = (seats: readonly Seat[], { data }: Statement): readonly Seat[] =>
  reconciled(moved(seats, data.moves), data.agencies);

/** Everything else moves a place for good: the one that is stated, or, where it was given back, the one that is. */
const moved = (seats: readonly Seat[], moves: readonly Move[]): readonly Seat[] => {
  const leaving = (seat: Seat) =>
    moves.some(
      ({ from }) =>
        from !== null &&
        (seat.stated === from || (seat.own === from && !seats.some(({ stated }) => stated === from))),
    );
  const arriving = moves.flatMap(({ to }) => (to === null ? [] : [seatOf(to)]));
  return [...seats.filter((seat) => !leaving(seat)), ...arriving];
};

/**
 * An entry states the whole set: what it does not name any more is gone, what nothing explained is held. What it could
 * not see, for a revoked decree had left it to nobody, it leaves alone.
 */
const reconciled = (seats: readonly Seat[], agencies: readonly string[]): readonly Seat[] => {
  const known = agencies.reduce((all, agency) => {
    if (all.some(({ stated }) => stated === agency)) return all;
    const given = all.find(({ own }) => own === agency);
    const seat = seatOf(agency);
    return given ? all.map((one) => (one === given ? seat : one)) : all.concat(seat);
  }, seats);
  return known.filter(({ stated }) => stated === null || agencies.includes(stated));
};
