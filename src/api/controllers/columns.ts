import type { Row } from '../../../projections/projection.js';
import type { PortfolioItem } from '../../application/queries/agencies.js';
import type { Led } from '../../application/queries/leads.js';
import type { StatusItem } from '../../application/queries/plan-status.js';
import type { TaskItem } from '../../application/queries/tasks.js';
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

/** A task as a row of a spreadsheet. */
export const TASK_COLUMNS: readonly Column<TaskItem>[] = [
  { header: 'id', cell: (item) => item.id },
  { header: 'code', cell: (item) => item.code },
  { header: 'section', cell: (item) => item.section },
  { header: 'title', cell: (item) => item.title },
  { header: 'expectedResult', cell: (item) => item.expectedResult },
  { header: 'lead', cell: (item) => names(item.lead) },
  { header: 'coordinating', cell: (item) => names(item.coordinating) },
  { header: 'status', cell: (item) => item.status },
  { header: 'deadline', cell: (item) => item.verdict.deadline.notation },
  { header: 'dueOn', cell: (item) => item.verdict.dueOn },
  { header: 'doneOn', cell: (item) => item.verdict.doneOn },
  { header: 'years', cell: (item) => some(item.verdict.years) },
  { header: 'because', cell: (item) => item.verdict.because },
  { header: 'dropped', cell: (item) => item.dropped },
  { header: 'supersededBy', cell: (item) => item.supersededBy },
  { header: 'staleSince', cell: (item) => item.staleSince },
];

const held = ({ indicator, task }: PortfolioItem): StatusItem | TaskItem => indicator ?? task;

/** What an agency holds as a row of a spreadsheet. */
export const PORTFOLIO_COLUMNS: readonly Column<PortfolioItem>[] = [
  { header: 'kind', cell: (item) => item.subject.kind },
  { header: 'id', cell: (item) => item.subject.id },
  { header: 'planId', cell: (item) => held(item).planId },
  { header: 'code', cell: (item) => held(item).code },
  { header: 'section', cell: (item) => held(item).section },
  { header: 'title', cell: (item) => held(item).title },
  { header: 'role', cell: (item) => item.role },
  { header: 'via', cell: (item) => item.via },
  { header: 'lead', cell: ({ indicator, task }) => names(indicator ? indicator.lead.agencies : task.lead) },
  { header: 'coordinating', cell: (item) => names(held(item).coordinating) },
  { header: 'status', cell: (item) => held(item).status },
  { header: 'milestone', cell: ({ indicator }) => indicator?.verdict?.milestone },
  { header: 'target', cell: ({ indicator }) => indicator?.verdict?.target.notation },
  {
    header: 'value',
    cell: ({ indicator }) => indicator?.verdict?.measurement && givenAs(indicator.verdict.measurement),
  },
  { header: 'period', cell: ({ indicator }) => indicator?.verdict?.measurement?.period },
  { header: 'deadline', cell: ({ task }) => task?.verdict.deadline.notation },
  { header: 'dueOn', cell: ({ task }) => task?.verdict.dueOn },
  { header: 'doneOn', cell: ({ task }) => task?.verdict.doneOn },
  { header: 'because', cell: (item) => held(item).verdict?.because },
  { header: 'supersededBy', cell: (item) => held(item).supersededBy },
  { header: 'staleSince', cell: (item) => held(item).staleSince },
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
