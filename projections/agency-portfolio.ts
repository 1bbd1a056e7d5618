import type { AssignmentEvent, AssignmentRole } from '../src/domain/indicator/events.js';
import type { SubjectRef } from '../src/domain/message.js';
import { inserted, type Timeline } from '../src/domain/timeline.js';
import { projection } from './projection.js';

/** Whether an agency holds each role on one subject, by date. */
export interface PortfolioRow {
  readonly agencyId: string;
  readonly subject: SubjectRef;
  readonly planId: string | null;
  readonly lead: Timeline<boolean>;
  readonly coordinating: Timeline<boolean>;
}

const ASSIGNMENTS: ReadonlySet<string> = new Set<AssignmentEvent['type']>([
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

/** What has an agency ever held? One row for each agency and subject that an assignment ever named together. */
export const agencyPortfolio = projection<PortfolioRow>({
  name: 'agency-portfolio.v1',
  fields: ['agencyId', 'planId'],
  keys(event) {
    if (!ASSIGNMENTS.has(event.type)) return [];
    const { subject, agencies, moves } = event.data as AssignmentEvent['data'];
    const named = new Set([...agencies, ...moves.flatMap(({ from }) => (from === null ? [] : [from]))]);
    return [...named].map((agencyId) => `${agencyId}|${subject.kind}|${subject.id}`);
  },
  fold(row, event, key) {
    const { subject, role, agencies, effectiveOn } = event.data as AssignmentEvent['data'];
    const agencyId = key.slice(0, key.indexOf('|'));
    const held: PortfolioRow = row ?? {
      agencyId,
      subject,
      planId: event.metadata.planId,
      lead: [],
      coordinating: [],
    };
    return {
      ...held,
      [role]: inserted(held[role as AssignmentRole], effectiveOn, agencies.includes(agencyId)),
    };
  },
});
