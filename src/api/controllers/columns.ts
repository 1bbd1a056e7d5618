import type { Row } from '../../../projections/projection.js';
import type { Led } from '../../application/queries/leads.js';
import type { StatusItem } from '../../application/queries/plan-status.js';
import type { AuditEntry } from '../../application/trail/entries.js';
import type { Figure } from '../../domain/indicator/events.js';
import type { Column } from '../http/csv.js';

const names = (agencies: readonly { readonly name: string }[]): string =>
  agencies.map(({ name }) => name).join('; ');

const some = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null);

/** A figure as it was given: a number, a judgement, or components as `a = 76; b = 100`. */
const givenAs = ({ value, met, components }: Pick<Figure, 'value' | 'met' | 'components'>): string | null =>
  value ?? met ?? components?.map((row) => `${row.name} = ${row.value}`).join('; ') ?? null;

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
  { header: 'value', cell: ({ verdict }) => verdict?.measurement && givenAs(verdict.measurement) },
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
  { header: 'moves', cell: (entry) => entry.moves },
  { header: 'allocation', cell: (entry) => entry.allocation },
  { header: 'milestone', cell: (entry) => entry.milestone },
  { header: 'year', cell: (entry) => entry.year },
  { header: 'lead', cell: (entry) => (entry.lead ? names(entry.lead) : null) },
  { header: 'before', cell: (entry) => entry.before },
  { header: 'after', cell: (entry) => entry.after },
  { header: 'reason', cell: (entry) => entry.reason },
  { header: 'legalBasis', cell: (entry) => entry.legalBasis },
  { header: 'warnings', cell: (entry) => some(entry.warnings) },
  { header: 'laterEntries', cell: (entry) => some(entry.laterEntries) },
  { header: 'effect', cell: (entry) => some(entry.effect) },
  { header: 'eventId', cell: (entry) => entry.eventId },
  { header: 'causationId', cell: (entry) => entry.causationId },
  { header: 'staleSince', cell: (entry) => entry.staleSince },
];
