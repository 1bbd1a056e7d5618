import type { Agency } from '../src/domain/agency/agency.js';
import { membersAt } from '../src/domain/agency/agency.js';
import type { IndicatorEvent } from '../src/domain/indicator/events.js';
import type { Indicator } from '../src/domain/indicator/indicator.js';
import type { Recorded } from '../src/domain/message.js';
import { detailsAt, type Plan } from '../src/domain/plan/plan.js';
import { assessmentDay } from '../src/domain/status/ended.js';
import { statusOf } from '../src/domain/status/judge.js';
import { leavesStatus } from '../src/domain/status/leaves.js';
import { responsibleAt } from '../src/domain/status/responsibility.js';
import type { AssessmentContext } from '../src/domain/status/verdict.js';
import { assessTask } from '../src/domain/task/assess.js';
import type { Task } from '../src/domain/task/task.js';
import { dayOf } from '../src/domain/time.js';
import type { Row, Rows } from './projection.js';

/** A status that an event flipped, on the later of its effectiveOn and the day it was recorded. */
export interface Effect {
  readonly kind: 'indicator' | 'task';
  readonly id: string;
  readonly asOf: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** The effect as reporters see it who see no figure that is not accepted but their own agency's (null: none). */
export interface EffectSeen {
  readonly agencyId: string | null;
  readonly effect: readonly Effect[];
}

export interface Effects {
  readonly effect: readonly Effect[];
  readonly seen: readonly EffectSeen[];
}

/** A subject as it stands after its last event, so that the next one can be told before from after. */
export interface Standing {
  readonly state: unknown;
  /** Of an indicator: those that stand under it. */
  readonly children: readonly string[];
}

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

export const standingKey = (stream: string): string => `standing|${stream}`;

/** What an event did to the results, by everything that was reported, and by what reporters see of it. */
export const effectOf = (
  kind: string,
  before: unknown,
  after: unknown,
  event: Recorded,
  rows: Others,
): Effects => {
  const recordedOn = dayOf(event.metadata.recordedAt);
  const effectiveOn = (event.data as { effectiveOn?: string }).effectiveOn ?? recordedOn;
  // biome-ignore lint/complexity/useMathMinMax: days compare as text, Math.max as numbers
  const asOf = effectiveOn > recordedOn ? effectiveOn : recordedOn;
  const standing = new Standings(rows);
  if (kind === 'task') {
    const plan = standing.plan(event.metadata.planId);
    const endsOn = plan ? detailsAt(plan, asOf).endsOn : null;
    const statusOf = (task: unknown) => (task ? assessTask(task as Task, asOf, endsOn).status : null);
    const [from, to] = [statusOf(before), statusOf(after)];
    return { effect: from === to ? [] : [{ kind, id: (after as Task).id, asOf, from, to }], seen: [] };
  }
  if (kind !== 'indicator' || !JUDGED.has(event.type) || after === null) return { effect: [], seen: [] };
  const change = { before: before as Indicator | null, after: after as Indicator, asOf };
  standing.look(change.after.id, change.after, asOf);
  const left = change.before !== null && leavesStatus(event as unknown as IndicatorEvent, change.after);
  const effect = left ? [] : indicatorEffect(change, standing, SEES_ALL);
  return { effect, seen: seenBy(change, effect, standing) };
};

interface Change {
  readonly before: Indicator | null;
  readonly after: Indicator;
  readonly asOf: string;
}

/** Who looks: everything, or what is accepted and the figures of one agency (null: of none). */
type Viewer = typeof SEES_ALL | string | null;
const SEES_ALL = Symbol('sees all');

/** The effect without hidden figures: for reporters of each agency that has one waiting, and for all others. */
const seenBy = (change: Change, effect: readonly Effect[], standing: Standings): EffectSeen[] => {
  const seen = new Map<string | null, readonly Effect[]>();
  let waiting = standing.waiting(change);
  if (waiting.size === 0) return [];
  seen.set(null, indicatorEffect(change, standing, null));
  // Without a figure a verdict can reach further up, where others wait that made no difference before.
  for (let known = -1; known < seen.size; waiting = standing.waiting(change)) {
    known = seen.size;
    for (const agencyId of waiting)
      if (!seen.has(agencyId)) seen.set(agencyId, indicatorEffect(change, standing, agencyId));
  }
  const views = [...seen].map(([agencyId, view]) => ({ agencyId, effect: view }));
  return views.every((view) => isSame(view.effect, effect)) ? [] : views;
};

const isSame = (one: readonly Effect[], other: readonly Effect[]): boolean =>
  one.length === other.length &&
  one.every(({ id, from, to }, n) => id === other[n]?.id && from === other[n]?.from && to === other[n]?.to);

const waits = ({ state }: Indicator['measurements'][number]): boolean => state === 'reported';

const seenIn = (indicator: Indicator, viewer: Viewer): Indicator =>
  viewer === SEES_ALL || !indicator.measurements.some(waits)
    ? indicator
    : {
        ...indicator,
        measurements: indicator.measurements.filter(
          (figure) => !waits(figure) || (figure.agencyId !== null && figure.agencyId === viewer),
        ),
      };

/**
 * The event's own indicator, and every group above it for as long as their verdicts change with it. One that is dropped
 * keeps the verdict of its last day, yet the group above it goes on without it.
 */
const indicatorEffect = ({ before, after, asOf }: Change, standing: Standings, viewer: Viewer): Effect[] => {
  const effects: Effect[] = [];
  let subject: Indicator = after;
  while (true) {
    const [from, to] = [
      standing.status(subject.id, asOf, before, after, viewer),
      standing.status(subject.id, asOf, after, after, viewer),
    ];
    const leaves = subject === after && before !== null && before.dropped !== after.dropped;
    if (from === to && !leaves) return effects;
    if (from !== to) effects.push({ kind: 'indicator', id: subject.id, asOf, from, to });
    const parent = subject.parent === null ? null : standing.indicator(subject.parent);
    if (!parent) return effects;
    subject = parent;
  }
};

type Others = Pick<Rows<object>, 'other'>;

/** Subjects as they stand, loaded as they are needed. */
class Standings {
  private readonly indicators = new Map<string, Indicator>();
  private readonly children = new Map<string, readonly string[]>();
  private readonly groups = new Map<string, Agency>();
  private planState: Plan | null = null;

  constructor(private readonly rows: Others) {}

  private standing(stream: string): Row<Standing> | undefined {
    return this.rows.other(standingKey(stream)) as Row<Standing> | undefined;
  }

  plan(planId: string | null): Plan | null {
    if (planId !== null && this.planState === null)
      this.planState = (this.standing(`plan-${planId}`)?.state as Plan | null) ?? null;
    return this.planState;
  }

  indicator(id: string): Indicator | null {
    if (!this.indicators.has(id)) {
      const row = this.standing(`indicator-${id}`);
      if (!row?.state) return null;
      this.indicators.set(id, row.state as Indicator);
      this.children.set(id, row.children);
    }
    return this.indicators.get(id) ?? null;
  }

  /** Looks up what the status of an indicator can rest on: what is below and above it, and who leads. */
  look(id: string, version: Indicator | null, asOf: string): void {
    const root = this.indicator(id);
    if (!root) return;
    this.loadBelow(root);
    this.loadLeads(root, version, asOf);
  }

  /** The agencies (null: the office) with a figure that waits for acceptance, among the subjects looked at so far. */
  waiting({ before, after }: Change): ReadonlySet<string | null> {
    const looked = [...this.indicators.values(), after, ...(before ? [before] : [])];
    return new Set(
      looked.flatMap(({ measurements }) => measurements.filter(waits).map(({ agencyId }) => agencyId)),
    );
  }

  /**
   * The status of an indicator with everything under it, where the event's own subject stands as `version` (null: as
   * if it were not there).
   */
  status(
    id: string,
    asOf: string,
    version: Indicator | null,
    subject: Indicator,
    viewer: Viewer,
  ): string | null {
    this.look(id, version, asOf);
    const plan = this.plan(subject.planId);
    if (!plan || !this.indicators.has(id) || (id === subject.id && version === null)) return null;
    const find = (one: string): Indicator | undefined => {
      const found = one === subject.id ? version : this.indicators.get(one);
      return found ? seenIn(found, viewer) : undefined;
    };
    const family = {
      childrenOf: (one: string) =>
        (this.children.get(one) ?? [])
          .map(find)
          .filter((child) => child !== undefined)
          .filter(({ adoptedOn, dropped }) => adoptedOn <= asOf && !(dropped && dropped.effectiveOn <= asOf)),
      contextOf: (one: Indicator): AssessmentContext => ({
        asOf: assessmentDay(asOf, one.dropped?.effectiveOn ?? null, plan.superseded?.effectiveOn ?? null),
        figures: 'all',
        plan: { from: plan.issuedOn ?? plan.from, endsOn: detailsAt(plan, asOf).endsOn },
        collective: this.collective(one, asOf, find),
      }),
    };
    const judged = find(id);
    return judged ? statusOf(judged, family) : null;
  }

  private loadBelow(indicator: Indicator): void {
    for (const id of this.children.get(indicator.id) ?? []) {
      const child = this.indicator(id);
      if (child) this.loadBelow(child);
    }
  }

  /** Loads the rows above, and the agencies that lead any loaded row: a collective is judged by its members' figures. */
  private loadLeads(root: Indicator, version: Indicator | null, asOf: string): void {
    for (let above: Indicator | null = root; above?.parent; ) above = this.indicator(above.parent);
    for (const indicator of [...this.indicators.values(), ...(version ? [version] : [])]) {
      for (const id of responsibleAt(indicator, 'lead', asOf, () => undefined).agencies) {
        if (this.groups.has(id)) continue;
        const agency = this.standing(`agency-${id}`)?.state as Agency | undefined;
        if (agency) this.groups.set(id, agency);
      }
    }
  }

  private collective(
    indicator: Indicator,
    asOf: string,
    find: (id: string) => Indicator | undefined,
  ): readonly string[] | null {
    const { agencies } = responsibleAt(indicator, 'lead', asOf, find);
    const groups = agencies.flatMap((id) => this.groups.get(id) ?? []).filter(({ kind }) => kind === 'group');
    return groups.length > 0 ? groups.flatMap((group) => membersAt(group, asOf)) : null;
  }
}
