import type { Row } from '../../../projections/projection.js';
import type { Led } from '../../application/queries/leads.js';
import type { StatusItem } from '../../application/queries/plan-status.js';
import type { AuditEntry } from '../../application/trail/entries.js';
import type { Column } from '../http/csv.js';

const names = (agencies: readonly { readonly name: string }[]): string =>
  agencies.map(({ name }) => name).join('; ');

/** A status as a row of a spreadsheet. */
export const STATUS_COLUMNS: readonly Column<StatusItem>[] = [
  { header: 'id', cell: (item) => item.id },
  { header: 'code', cell: (item) => item.code },
  { header: 'section', cell: (item) => item.section },
  { header: 'title', cell: (item) => item.title },
  { header: 'unit', cell: (item) => item.unit },
  { header: 'lead', cell: (item) => names(item.lead.agencies) },
  { header: 'leadFrom', cell: (item) => item.lead.from },
  { header: 'coordinating', cell: (item) => names(item.coordinating) },
  { header: 'status', cell: (item) => item.status },
  { header: 'milestone', cell: (item) => item.verdict?.milestone },
  { header: 'target', cell: (item) => item.verdict?.target.notation },
  { header: 'value', cell: (item) => item.verdict?.measurement?.value ?? item.verdict?.measurement?.met },
  { header: 'period', cell: (item) => item.verdict?.measurement?.period },
  { header: 'provisional', cell: (item) => item.verdict?.provisional },
  { header: 'overdue', cell: (item) => item.verdict?.overdue },
  { header: 'because', cell: (item) => item.verdict?.because },
  { header: 'dropped', cell: (item) => item.dropped },
  { header: 'supersededBy', cell: (item) => item.supersededBy },
  { header: 'staleSince', cell: (item) => item.staleSince },
];

type Trailed = Row<AuditEntry> & Partial<Led>;

/** An entry of the trail as a row of a spreadsheet. */
export const TRAIL_COLUMNS: readonly Column<Trailed>[] = [
  { header: 'position', cell: (entry) => entry.position },
  { header: 'recordedAt', cell: (entry) => entry.recordedAt },
  { header: 'effectiveOn', cell: (entry) => entry.effectiveOn },
  { header: 'backdated', cell: (entry) => entry.backdated },
  { header: 'who', cell: (entry) => entry.actor.name },
  { header: 'subjectOfToken', cell: (entry) => entry.actor.subject },
  { header: 'role', cell: (entry) => entry.actor.role },
  { header: 'agency', cell: (entry) => entry.actor.agencyId },
  { header: 'what', cell: (entry) => entry.type },
  { header: 'subject', cell: (entry) => entry.subject.id },
  { header: 'assignmentRole', cell: (entry) => entry.role },
  { header: 'lead', cell: (entry) => (entry.lead ? names(entry.lead) : null) },
  { header: 'before', cell: (entry) => entry.before },
  { header: 'after', cell: (entry) => entry.after },
  { header: 'reason', cell: (entry) => entry.reason },
  { header: 'legalBasis', cell: (entry) => entry.legalBasis },
  { header: 'effect', cell: (entry) => (entry.effect.length > 0 ? entry.effect : null) },
  { header: 'eventId', cell: (entry) => entry.eventId },
  { header: 'causationId', cell: (entry) => entry.causationId },
  { header: 'staleSince', cell: (entry) => entry.staleSince },
];
