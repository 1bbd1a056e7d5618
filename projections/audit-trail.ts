import type { Agency } from '../src/domain/agency/agency.js';
import { evolve as evolveAgency } from '../src/domain/agency/agency.js';
import type { AgencyEvent } from '../src/domain/agency/events.js';
import { subjectOf } from '../src/domain/events.js';
import type { AssignmentRole, IndicatorEvent } from '../src/domain/indicator/events.js';
import { evolve as evolveIndicator, type Indicator } from '../src/domain/indicator/indicator.js';
import type { Actor, LegalBasis, Recorded } from '../src/domain/message.js';
import type { PlanEvent } from '../src/domain/plan/events.js';
import { evolve as evolvePlan, type Plan } from '../src/domain/plan/plan.js';
import type { ReorganizationEvent } from '../src/domain/reorganization/events.js';
import {
  evolve as evolveReorganization,
  type Reorganization,
} from '../src/domain/reorganization/reorganization.js';
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
import { type Effect, type EffectSeen, effectOf, type Standing, standingKey } from './effect.js';
import type { Projection, Row, Rows } from './projection.js';

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

/** An entry as it is kept; what each reader may see of it is taken out of it. */
export type KeptEntry = AuditEntry & {
  /** The effect without the figures that reporters of some agency may not see; empty where these make no difference. */
  readonly seen: readonly EffectSeen[];
};

type Body = KeptEntry | Standing;

/**
 * Who changed what, when, why, on which legal basis, and what did it do to the results? One entry an event, keyed by
 * its position; beside them, each subject as it stands, which no question asks for.
 */
export const auditTrail: Projection<Body> = {
  name: 'audit-trail.v2',
  fields: ['planId', 'type', 'by', 'about', 'recordedOn', 'holdsOn', 'entry', 'causationId', 'commandId'],
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
    const effects = effectOf(subject.kind, before, after, event, rows);
    rows.set(event.position, { ...entry(event, subject, trace), ...effects, position: event.position });
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
