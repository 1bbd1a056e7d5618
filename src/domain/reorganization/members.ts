import type { AgencyEvent } from '../agency/events.js';
import type { Move } from '../indicator/events.js';
import type { Recorded } from '../message.js';
import { inserted, type Timeline } from '../timeline.js';
import { type Revoked, type Statement, withoutRevoked } from './places.js';

type Regrouping = Recorded<Extract<AgencyEvent, { type: 'AgencyGroupDefined' | 'AgencyGroupChanged' }>>;

/** The events that state a collective's members, by the day from which they hold. */
export const regroupingsIn = (history: readonly Recorded[]): Timeline<Regrouping> =>
  history
    .filter(({ type }) => type === 'AgencyGroupDefined' || type === 'AgencyGroupChanged')
    .map((event) => event as unknown as Regrouping)
    .reduce<Timeline<Regrouping>>((all, event) => inserted(all, event.data.effectiveOn, event), []);

/**
 * The members of a collective as they would be had the revoked decrees not been made; null where those changed nothing
 * that stands. `after` tells who came after an agency on a day.
 */
export const membersWithout = (
  regroupings: readonly Regrouping[],
  revoked: Revoked,
  after: (agency: string, day: string) => readonly string[],
): readonly string[] | null => {
  const statements = regroupings.map(({ data, metadata, position }, index): Statement => {
    const { members, effectiveOn } = data;
    // Whoever made it saw nothing that was recorded later.
    const seen = regroupings.slice(0, index).findLast((one) => one.position < position);
    const before = seen?.data.members ?? [];
    const left = before.filter((agency) => !members.includes(agency));
    const came = members.filter((agency) => !before.includes(agency));
    const moves = revoked.decrees.has(metadata.causationId ?? '')
      ? handedOver(left, came)
      : left.flatMap((from) => followed(from, after(from, effectiveOn), members));
    return { data: { agencies: members, moves }, metadata, position };
  });
  const { agencies, isOther } = withoutRevoked(statements, revoked);
  return isOther ? agencies : null;
};

/** What one decree did: whoever left is followed by whoever came with it. */
const handedOver = (left: readonly string[], came: readonly string[]): Move[] =>
  left.length === 0 ? came.map((to) => ({ from: null, to })) : left.flatMap((from) => placed(from, came));

/** Who left, with those after it that are members themselves. */
const followed = (from: string, after: readonly string[], members: readonly string[]): Move[] =>
  placed(
    from,
    after.filter((to) => to !== from && members.includes(to)),
  );

const placed = (from: string, after: readonly string[]): Move[] =>
  after.length === 0 ? [{ from, to: null }] : after.map((to) => ({ from, to }));
