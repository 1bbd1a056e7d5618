import type { Agency } from '../src/domain/agency/agency.js';
import { evolve as evolveAgency, membersAt } from '../src/domain/agency/agency.js';
import type { AgencyEvent } from '../src/domain/agency/events.js';
import { subjectOf } from '../src/domain/events.js';
import type { AssignmentRole, IndicatorEvent } from '../src/domain/indicator/events.js';
import { evolve as evolveIndicator, type Indicator } from '../src/domain/indicator/indicator.js';
import type { Actor, LegalBasis, Recorded } from '../src/domain/message.js';
import type { PlanEvent } from '../src/domain/plan/events.js';
import { detailsAt, evolve as evolvePlan, type Plan } from '../src/domain/plan/plan.js';
import type { ReorganizationEvent } from '../src/domain/reorganization/events.js';
import {
  evolve as evolveReorganization,
  type Reorganization,
} from '../src/domain/reorganization/reorganization.js';
import { assessmentDay } from '../src/domain/status/ended.js';
import { statusOf } from '../src/domain/status/judge.js';
import { leavesStatus } from '../src/domain/status/leaves.js';
import { responsibleAt } from '../src/domain/status/responsibility.js';
import type { AssessmentContext } from '../src/domain/status/verdict.js';
import { assessTask } from '../src/domain/task/assess.js';
import type { TaskEvent } from '../src/domain/task/events.js';
import { evolve as evolveTask, type Task } from '../src/domain/task/task.js';
import { dayOf } from '../src/domain/time.js';
import {
  type Trace,
  traceAgency,
  traceIndicator,
  tracePlan,
  traceReorganization,
  traceTask,
} from '../src/domain/trail.js';
import type { Projection, Row, Rows } from './projection.js';

/** A status that an event flipped, on the later of its effectiveOn and the day it was recorded. */
export interface Effect {
  readonly kind: 'indicator' | 'task';
  readonly id: string;
  readonly asOf: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** One event as an auditor reads it. */
export interface AuditEntry {
  readonly eventId: string;
  readonly type: string;
  readonly planId: string | null;
  readonly subject: { readonly kind: string; readonly id: string };
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
  readonly moves: unknown;
  readonly reason: string | null;
  readonly legalBasis: LegalBasis | null;
  readonly warnings: readonly string[];
  readonly effect: readonly Effect[];
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** The event's position, searchable. */
  readonly entry: string;
  readonly by: string;
  readonly about: string;
  readonly recordedOn: string;
  /** From when it holds; the day it was recorded, for what has no effectiveOn. */
  readonly holdsOn: string;
  readonly measurementId: string | null;
}

/** A subject as it stands after its last event, so that the next one can be told before from after. */
interface Standing {
  readonly state: unknown;
  /** Of an indicator: those that stand under it. */
  readonly children: readonly string[];
}

type Body = AuditEntry | Standing;

const JUDGED: ReadonlySet<string> = new Set([
  'IndicatorAdopted',
  'IndicatorReworded',
  'IndicatorDropped',
  'BaselineRecorded',
  'TargetSet',
  'TargetRevised',
  'TargetWithdrawn',
  'CriterionRead',
  'BenchmarkRecorded',
  'MeasurementReported',
  'MeasurementAccepted',
  'MeasurementReturned',
  'MeasurementCorrected',
  'MeasurementRetracted',
  'AgencyAssigned',
  'AgencyReleased',
  'AssignmentTransferred',
]);

const standingKey = (stream: string): string => `standing|${stream}`;

/**
 * Who changed what, when, why, on which legal basis, and what did it do to the results? One entry an event, keyed by
 * its position; beside them, each subject as it stands, which no question asks for.
 */
export const auditTrail: Projection<Body> = {
  name: 'audit-trail.v1',
  fields: ['planId', 'type', 'by', 'about', 'recordedOn', 'holdsOn', 'entry', 'causationId'],
  keys: ({ stream }) => (subjectOf(stream) ? [standingKey(stream)] : []),
  apply(event, key, rows) {
    const subject = subjectOf(event.stream);
    const held = rows.get(key) as Row<Standing> | undefined;
    if (!subject || (held && held.position >= event.position)) return;
    const before = held?.state ?? null;
    const { after, trace } = step(subject.kind, before, event);
    const children = held?.children ?? [];
    rows.set(key, { state: after, children, position: event.position });
    if (event.type === 'IndicatorAdopted') joinFamily(after as Indicator, event, rows);
    const effect = effectOf(subject.kind, before, after, event, rows);
    rows.set(event.position, { ...entry(event, subject, trace), effect, position: event.position });
  },
};

const step = (kind: string, before: unknown, event: Recorded): { after: unknown; trace: Trace } => {
  switch (kind) {
    case 'indicator': {
      const after = evolveIndicator(before as Indicator | null, event as unknown as IndicatorEvent);
      return {
        after,
        trace: traceIndicator(before as Indicator | null, event as unknown as IndicatorEvent, after),
      };
    }
    case 'task': {
      const after = evolveTask(before as Task | null, event as unknown as TaskEvent);
      return { after, trace: traceTask(before as Task | null, event as unknown as TaskEvent, after) };
    }
    case 'plan': {
      const after = evolvePlan(before as Plan | null, event as unknown as PlanEvent);
      return { after, trace: tracePlan(before as Plan | null, event as unknown as PlanEvent, after) };
    }
    case 'reorganization': {
      const [held, fact] = [before as Reorganization | null, event as unknown as ReorganizationEvent];
      const after = evolveReorganization(held, fact);
      return { after, trace: traceReorganization(held, fact, after) };
    }
    default: {
      const after = evolveAgency(before as Agency | null, event as unknown as AgencyEvent);
      return { after, trace: traceAgency(before as Agency | null, event as unknown as AgencyEvent, after) };
    }
  }
};

const entry = (
  event: Recorded,
  subject: { kind: string; id: string },
  trace: Trace,
): Omit<AuditEntry, 'effect'> => {
  const { actor, recordedAt, planId, commandId, correlationId, causationId } = event.metadata;
  const data = event.data as {
    effectiveOn?: string;
    reason?: string;
    note?: string | null;
    legalBasis?: LegalBasis | null;
    warnings?: readonly string[];
    role?: AssignmentRole;
    moves?: unknown;
    measurementId?: string;
  };
  const recordedOn = dayOf(recordedAt);
  const effectiveOn = data.effectiveOn ?? null;
  return {
    eventId: event.id,
    type: event.type,
    planId,
    subject,
    stream: event.stream,
    revision: event.revision,
    actor,
    recordedAt,
    effectiveOn,
    backdated: effectiveOn !== null && effectiveOn < recordedOn,
    ...trace,
    role: data.role ?? null,
    moves: data.moves ?? null,
    reason: data.reason ?? null,
    legalBasis: data.legalBasis ?? null,
    warnings: data.warnings ?? [],
    commandId,
    correlationId,
    causationId,
    entry: event.position,
    by: actor.subject,
    about: subject.id,
    recordedOn,
    holdsOn: effectiveOn ?? recordedOn,
    measurementId: data.measurementId ?? null,
  };
};

/** An adopted indicator is known to the one above it from here on. */
const joinFamily = (indicator: Indicator, event: Recorded, rows: Rows<Body>): void => {
  if (indicator.parent === null) return;
  const key = standingKey(`indicator-${indicator.parent}`);
  const parent = rows.other(key) as Row<Standing> | undefined;
  if (parent)
    rows.set(key, { ...parent, children: [...parent.children, indicator.id], position: event.position });
};

const effectOf = (
  kind: string,
  before: unknown,
  after: unknown,
  event: Recorded,
  rows: Rows<Body>,
): Effect[] => {
  const recordedOn = dayOf(event.metadata.recordedAt);
  const effectiveOn = (event.data as { effectiveOn?: string }).effectiveOn ?? recordedOn;
  // biome-ignore lint/complexity/useMathMinMax: days compare as text, Math.max as numbers
  const asOf = effectiveOn > recordedOn ? effectiveOn : recordedOn;
  const standing = new Standings(rows);
  if (kind === 'task') {
    const plan = event.metadata.planId === null ? null : standing.plan(event.metadata.planId);
    const endsOn = plan ? detailsAt(plan, asOf).endsOn : null;
    const statusOf = (task: unknown) => (task ? assessTask(task as Task, asOf, endsOn).status : null);
    const [from, to] = [statusOf(before), statusOf(after)];
    return from === to ? [] : [{ kind, id: (after as Task).id, asOf, from, to }];
  }
  if (kind !== 'indicator' || !JUDGED.has(event.type) || after === null) return [];
  const [was, is] = [before as Indicator | null, after as Indicator];
  return was !== null && leavesStatus(event as unknown as IndicatorEvent, is)
    ? []
    : indicatorEffect(was, is, asOf, standing);
};

/**
 * The event's own indicator, and every group above it for as long as their verdicts change with it. One that is dropped
 * keeps the verdict of its last day, yet the group above it goes on without it.
 */
const indicatorEffect = (
  before: Indicator | null,
  after: Indicator,
  asOf: string,
  standing: Standings,
): Effect[] => {
  const effects: Effect[] = [];
  let subject: Indicator = after;
  while (true) {
    const [from, to] = [
      standing.status(subject.id, asOf, before, after),
      standing.status(subject.id, asOf, after, after),
    ];
    const leaves = subject === after && before !== null && before.dropped !== after.dropped;
    if (from === to && !leaves) return effects;
    if (from !== to) effects.push({ kind: 'indicator', id: subject.id, asOf, from, to });
    const parent = subject.parent === null ? null : standing.indicator(subject.parent);
    if (!parent) return effects;
    subject = parent;
  }
};

/** Subjects as they stand, looked up as they are needed. */
class Standings {
  constructor(private readonly rows: Rows<Body>) {}

  private standing(stream: string): Row<Standing> | undefined {
    return this.rows.other(standingKey(stream)) as Row<Standing> | undefined;
  }

  plan(planId: string): Plan | null {
    return (this.standing(`plan-${planId}`)?.state as Plan | null | undefined) ?? null;
  }

  indicator(id: string): Indicator | null {
    return (this.standing(`indicator-${id}`)?.state as Indicator | null | undefined) ?? null;
  }

  /**
   * The status of an indicator with everything under it, where the event's own subject stands as `version` (null: as
   * if it were not there).
   */
  status(id: string, asOf: string, version: Indicator | null, subject: Indicator): string | null {
    const find = (one: string): Indicator | undefined =>
      (one === subject.id ? version : this.indicator(one)) ?? undefined;
    const judged = find(id);
    const plan = this.plan(subject.planId);
    if (!judged || !plan) return null;
    return statusOf(judged, {
      childrenOf: (one) =>
        (this.standing(`indicator-${one}`)?.children ?? [])
          .map(find)
          .filter((child) => child !== undefined)
          .filter(({ adoptedOn, dropped }) => adoptedOn <= asOf && !(dropped && dropped.effectiveOn <= asOf)),
      contextOf: (one): AssessmentContext => ({
        asOf: assessmentDay(asOf, one.dropped?.effectiveOn ?? null, plan.superseded?.effectiveOn ?? null),
        figures: 'all',
        plan: { from: plan.issuedOn ?? plan.from, endsOn: detailsAt(plan, asOf).endsOn },
        collective: this.collective(one, asOf, find),
      }),
    });
  }

  /** A collective is judged by its members' figures. */
  private collective(
    indicator: Indicator,
    asOf: string,
    find: (id: string) => Indicator | undefined,
  ): readonly string[] | null {
    const { agencies } = responsibleAt(indicator, 'lead', asOf, find);
    const groups = agencies
      .map((id) => this.standing(`agency-${id}`)?.state as Agency | null | undefined)
      .filter((agency) => agency?.kind === 'group') as Agency[];
    return groups.length > 0 ? groups.flatMap((group) => membersAt(group, asOf)) : null;
  }
}
