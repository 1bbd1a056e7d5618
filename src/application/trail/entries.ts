import { setImmediate as nextTurn } from 'node:timers/promises';
import { agencyPortfolio } from '../../../projections/agency-portfolio.js';
import { auditTrail, dayHeldFrom, type TrailRow } from '../../../projections/audit-trail.js';
import { figureOf, measurementHistory } from '../../../projections/measurement-history.js';
import type { Row } from '../../../projections/projection.js';
import type { Agency } from '../../domain/agency/agency.js';
import { type Noun, subjectOf } from '../../domain/events.js';
import type { AssignmentRole, Move } from '../../domain/indicator/events.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor, LegalBasis, Recorded } from '../../domain/message.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { Milestone } from '../../domain/target/criterion.js';
import type { Task } from '../../domain/task/task.js';
import {
  type Trace,
  traceAgency,
  traceIndicator,
  tracePlan,
  traceReorganization,
  traceTask,
} from '../../domain/trail.js';
import type { EventStore } from '../../ports/event-store.js';
import type { Facts } from '../facts.js';
import type { Known } from '../moment.js';
import { seesEveryFigure } from '../policy.js';
import { isSeen } from '../queries/visibility.js';
import {
  type Change,
  type Effect,
  groupEffect,
  indicatorEffect,
  planEffect,
  SEES_ALL,
  taskEffect,
  type Viewer,
} from './effect.js';
import { Past } from './past.js';

/** One event as an auditor reads it. */
export interface AuditEntry {
  readonly eventId: string;
  readonly type: string;
  readonly planId: string | null;
  readonly subject: { readonly kind: Noun; readonly id: string };
  readonly stream: string;
  readonly revision: number;
  /** Named as they were at the time. */
  readonly actor: Actor;
  readonly recordedAt: string;
  readonly effectiveOn: string | null;
  /** Entered after the day from which it holds. */
  readonly backdated: boolean;
  /** Days of entries that take effect later and that this one does not undo. */
  readonly laterEntries: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Of an assignment: which role. */
  readonly role: AssignmentRole | null;
  readonly moves: readonly Move[] | null;
  /** Of a transfer by a decree: which of its allocations moved it. */
  readonly allocation: string | null;
  /** Of a target: at which milestone. */
  readonly milestone: Milestone | null;
  /** Of a yearly task: for which year. */
  readonly year: number | null;
  readonly reason: string | null;
  readonly legalBasis: LegalBasis | null;
  readonly warnings: readonly string[];
  readonly effect: readonly Effect[];
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** The event's position. */
  readonly entry: string;
  readonly by: string;
  readonly about: string;
  readonly recordedOn: string;
  /** From when it holds; the day it was recorded, for what has no such day. */
  readonly holdsOn: string;
  readonly measurementId: string | null;
}

/** The projections that entries are found by, and what a collective leads, and who may see which figure. */
export const OF_ENTRIES: readonly string[] = [auditTrail.name, agencyPortfolio.name, measurementHistory.name];

/** A decree may have moved a thousand subjects: others get their turn while they are told. */
const ENTRIES_A_TURN = 100;

/**
 * What events did, as one actor may see it: each told from its stream and those around it, as they stood when it was
 * recorded. Nothing that was entered later changes it. Rows come in the order of the log, and so do entries; those about
 * a figure that is hidden from the actor (by what was known of it at the moment) are left out.
 */
export const entriesOf = async (
  rows: readonly Row<TrailRow>[],
  actor: Actor,
  { events, facts }: { readonly events: Pick<EventStore, 'readMany'>; readonly facts: Facts },
  moment: Known,
): Promise<Row<AuditEntry>[]> => {
  const past = new Past(
    events,
    (of) =>
      facts.trail(
        'parent' in of ? { parent: { equals: of.parent } } : { ...BEGUN, planId: { equals: of.planId } },
      ),
    async (agencyId) =>
      (await facts.held(agencyId, EVER)).flatMap(({ kind, id }) => (kind === 'indicator' ? [id] : [])),
  );
  const viewer = seesEveryFigure(actor) ? SEES_ALL : actor.agencyId;
  const seen = viewer === SEES_ALL ? rows : await seenRows(rows, actor, facts, moment);
  await past.read(seen.map(({ stream }) => stream));
  const entries: Row<AuditEntry>[] = [];
  for (const row of seen) {
    if (entries.length % ENTRIES_A_TURN === ENTRIES_A_TURN - 1) await nextTurn();
    entries.push(await entryOf(row, past, viewer));
  }
  return entries;
};

const EVER = { from: '' };
const BEGUN = { type: { in: ['IndicatorAdopted', 'TaskGiven'] } };

const seenRows = async (
  rows: readonly Row<TrailRow>[],
  actor: Actor,
  facts: Facts,
  moment: Known,
): Promise<readonly Row<TrailRow>[]> => {
  const ids = new Set(rows.flatMap(({ measurementId }) => measurementId ?? []));
  const figures = await facts.figuresOf([...ids], moment);
  return rows.filter(({ measurementId }) => {
    if (measurementId === undefined) return true;
    const figure = figures.get(measurementId);
    return figure !== undefined && isSeen(figureOf(measurementId, figure), actor);
  });
};

const entryOf = async (row: Row<TrailRow>, past: Past, viewer: Viewer): Promise<Row<AuditEntry>> => {
  const { stream, revision, position } = row;
  const life = await past.life(stream);
  const event = life.events[revision];
  const subject = subjectOf(stream);
  if (!event || !subject) throw new Error(`there is no event ${revision} in ${stream}`);
  const before = life.after(revision);
  const after = life.after(revision + 1);
  const trace = life.staleSince === null ? traceOf(subject.kind, event, { before, after }) : null;
  // Of an event that cannot be folded, and of those after it, it is listed that they were, and nothing of what they did.
  const staleSince = life.staleSince ?? (trace ? null : position);
  const effect = trace ? await effectOf(subject.kind, event, { before, after }, past, viewer) : [];
  const { recordedOn, by, measurementId = null } = row;
  const holdsOn = dayHeldFrom(row);
  return {
    ...written(event),
    ...{ subject, recordedOn, holdsOn, by, about: subject.id, measurementId },
    backdated: recordedOn > holdsOn,
    ...{ ...(trace ?? NOTHING), effect, entry: position, position },
    ...(staleSince === null ? {} : { staleSince }),
  };
};

const NOTHING: Trace = { before: null, after: null, laterEntries: [] };

/** What stands in the event itself. */
const written = ({ id, type, stream, revision, data: said, metadata }: Recorded) => {
  const { actor, recordedAt, planId, commandId, correlationId, causationId } = metadata;
  const data = said as {
    effectiveOn?: string;
    reason?: string;
    note?: string | null;
    legalBasis?: LegalBasis | null;
    warnings?: readonly string[];
    role?: AssignmentRole;
    moves?: readonly Move[];
    allocation?: string | null;
    milestone?: Milestone;
    year?: number | null;
    establishedOn?: string | null;
  };
  const effectiveOn = data.effectiveOn ?? data.establishedOn ?? null;
  return {
    ...{ eventId: id, type, planId, stream, revision, actor, recordedAt, effectiveOn },
    role: data.role ?? null,
    moves: data.moves ?? null,
    allocation: data.allocation ?? null,
    milestone: data.milestone ?? null,
    year: data.year ?? null,
    // Why a figure was accepted is said in a note.
    reason: data.reason ?? (type === 'MeasurementAccepted' ? (data.note ?? null) : null),
    legalBasis: data.legalBasis ?? null,
    warnings: data.warnings ?? [],
    ...{ commandId, correlationId, causationId },
  };
};

/** What an event changed of its subject; null when that cannot be told. */
const traceOf = (kind: Noun, event: Recorded, { before, after }: Change<unknown>): Trace | null => {
  try {
    return TRACES[kind](before, event, after);
  } catch {
    return null;
  }
};

const TRACES = {
  plan: tracePlan,
  indicator: traceIndicator,
  task: traceTask,
  agency: traceAgency,
  reorganization: traceReorganization,
} as unknown as Readonly<Record<Noun, (before: unknown, event: Recorded, after: unknown) => Trace>>;

/** Which statuses an event flipped. */
const effectOf = async (
  kind: Noun,
  event: Recorded,
  { before, after }: Change<unknown>,
  past: Past,
  viewer: Viewer,
): Promise<readonly Effect[]> => {
  if (kind === 'indicator' && after)
    return indicatorEffect(event, { before, after } as Change<Indicator>, past, viewer);
  if (kind === 'task' && after) return taskEffect(event, { before, after } as Change<Task>, past);
  if (kind === 'agency' && after)
    return groupEffect(event, { before, after } as Change<Agency>, past, viewer);
  if (kind === 'plan' && after) return planEffect(event, { before, after } as Change<Plan>, past, viewer);
  return [];
};
