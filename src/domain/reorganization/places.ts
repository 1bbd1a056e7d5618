import type { AssignmentEvent, AssignmentRole, Move } from '../indicator/events.js';
import type { Recorded } from '../message.js';
import { inserted, type Timeline } from '../timeline.js';

/** An assignment event of one subject, as it was recorded. */
export type Placing = Recorded<AssignmentEvent>;

const ASSIGNMENTS: ReadonlySet<string> = new Set<AssignmentEvent['type']>([
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

/** The assignment events in a subject's history, oldest first. */
export const placingsIn = (history: readonly Recorded[]): readonly Placing[] =>
  history.filter(({ type }) => ASSIGNMENTS.has(type)) as unknown as readonly Placing[];

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

/** A place in a set: held in the agency's own right, or because a decree moved it there, and from whom. */
interface Held {
  readonly own: boolean;
  readonly from: readonly string[];
}

const NOBODY: Held = { own: false, from: [] };

/** A set as it would be without one decree, and what has to move to get there. */
export interface Restored {
  readonly agencies: readonly string[];
  readonly moves: readonly Move[];
}

/**
 * Who would hold a role had a decree not been made: what it moved and has not changed hands since goes back, everything
 * else stays. `entries` are those of one role up to a day, in the order of their timeline; what `revocation` caused is
 * not looked at, so that the answer stays the same once it has been given back.
 */
export const withoutDecree = (entries: readonly Placing[], decree: string, revocation: string): Restored => {
  let held: ReadonlyMap<string, Held> = new Map();
  /** Who left the role because the decree made it a lead. */
  let left: readonly string[] = [];
  let stated: readonly string[] = [];
  for (const { data, metadata } of entries) {
    if (metadata.causationId === revocation) continue;
    const moved = movedOn(held, data.moves, metadata.causationId === decree);
    left = [...left, ...moved.left].filter((agency) => !data.agencies.includes(agency));
    held = reconciled(moved.held, stated, data.agencies);
    stated = data.agencies;
  }
  const moves: Move[] = left.map((to) => ({ from: null, to }));
  for (const [agency, { own, from }] of held)
    for (const to of from) moves.push({ from: own || !stated.includes(agency) ? null : agency, to });
  const agencies = [...held].flatMap(([agency, { own, from }]) => (own ? [agency, ...from] : from));
  return { agencies: [...new Set([...agencies, ...left])], moves };
};

const movedOn = (
  before: ReadonlyMap<string, Held>,
  moves: readonly Move[],
  decreed: boolean,
): { held: Map<string, Held>; left: readonly string[] } => {
  const held = new Map(before);
  const left: string[] = [];
  for (const { from } of moves) if (from !== null) held.delete(from);
  for (const { from, to } of moves) {
    const place = from === null ? NOBODY : before.get(from);
    if (decreed && from !== null) {
      const origins = place ? [...(place.own ? [from] : []), ...place.from] : [];
      if (to === null) left.push(...origins);
      else
        held.set(to, { own: held.get(to)?.own ?? false, from: [...(held.get(to)?.from ?? []), ...origins] });
      continue;
    }
    // It names a place that, without the decree, would be another's: that place has changed hands.
    if (from !== null && !place)
      for (const [agency, one] of held)
        held.set(agency, { ...one, from: one.from.filter((origin) => origin !== from) });
    if (to !== null) held.set(to, { own: true, from: held.get(to)?.from ?? [] });
  }
  return { held, left };
};

/** An entry states the whole set: what it does not name any more is gone, what nothing explained is held. */
const reconciled = (
  held: ReadonlyMap<string, Held>,
  before: readonly string[],
  after: readonly string[],
): Map<string, Held> => {
  const hidden = (agency: string) => !before.includes(agency) && (held.get(agency)?.from.length ?? 0) > 0;
  const next = new Map<string, Held>();
  for (const agency of after) next.set(agency, held.get(agency) ?? { own: true, from: [] });
  for (const [agency, place] of held)
    if (!after.includes(agency) && hidden(agency)) next.set(agency, { own: false, from: place.from });
  return next;
};
