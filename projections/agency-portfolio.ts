import { same } from '../src/domain/given.js';
import type { AssignmentEvent } from '../src/domain/indicator/events.js';
import { type Assignments, assigned, type Holders } from '../src/domain/indicator/indicator.js';
import type { SubjectRef } from '../src/domain/message.js';
import type { Timeline } from '../src/domain/timeline.js';
import type { Projection, Row } from './projection.js';

/** Whether an agency holds each role on one subject, by date. */
export interface PortfolioRow {
  readonly agencyId: string;
  readonly subject: SubjectRef;
  readonly planId: string | null;
  readonly lead: Timeline<boolean>;
  readonly coordinating: Timeline<boolean>;
  /** The day from which it holds nothing any more; `NO_END` while none is known. */
  readonly heldUntil: string;
}

/** After every day. */
export const NO_END = '9999-12-31';

/** Who holds one subject, by date: what the agencies' rows are derived from. */
interface SubjectRow {
  readonly agencyId: null;
  readonly planId: string | null;
  readonly assignments: Assignments;
}

const ASSIGNMENTS: ReadonlySet<string> = new Set<AssignmentEvent['type']>([
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

/**
 * What has an agency ever held? One row for each agency and subject that an assignment ever named together; beside
 * them, each subject's own, for an entry made late puts an agency into the set up to the next entry, which need not name it.
 */
export const agencyPortfolio: Projection<PortfolioRow | SubjectRow> = {
  name: 'agency-portfolio.v2',
  fields: ['agencyId', 'heldUntil'],
  // Found by its key, which begins with its agency's.
  indexed: [],
  keys(event) {
    if (!ASSIGNMENTS.has(event.type)) return [];
    const { subject } = event.data as AssignmentEvent['data'];
    return [`|${subject.kind}|${subject.id}`];
  },
  apply(event, key, rows) {
    const held = rows.get(key) as Row<SubjectRow> | undefined;
    if (held && held.position >= event.position) return;
    const { position } = event;
    const { planId } = event.metadata;
    const { subject, role } = event.data as AssignmentEvent['data'];
    const before = held?.assignments ?? NOBODY;
    const assignments = assigned(before, event as unknown as AssignmentEvent);
    rows.set(key, { agencyId: null, planId, assignments, position });
    for (const agencyId of new Set(assignments[role].flatMap(({ value }) => value.agencies))) {
      const held = heldBy(agencyId, assignments[role]);
      if (same(held, heldBy(agencyId, before[role]))) continue;
      const { lead, coordinating } = assignments;
      const days = { lead: heldBy(agencyId, lead), coordinating: heldBy(agencyId, coordinating) };
      const heldUntil = [endOf(days.lead), endOf(days.coordinating)].sort()[1] as string;
      rows.set(`${agencyId}${key}`, { agencyId, subject, planId, position, ...days, heldUntil });
    }
  },
};

const NOBODY: Assignments = { lead: [], coordinating: [] };

/** The days on which an agency comes into a set or leaves it. */
const heldBy = (agencyId: string, timeline: Timeline<Holders>): Timeline<boolean> => {
  const changes: { effectiveOn: string; value: boolean }[] = [];
  for (const { effectiveOn, value } of timeline) {
    const holds = value.agencies.includes(agencyId);
    if (holds !== (changes.at(-1)?.value ?? false)) changes.push({ effectiveOn, value: holds });
  }
  return changes;
};

/** The day from which an agency holds no more. */
const endOf = (held: Timeline<boolean>): string => {
  const last = held.at(-1);
  return last?.value ? NO_END : (last?.effectiveOn ?? '');
};
