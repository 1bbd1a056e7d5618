import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Agency, membersAt } from '../../domain/agency/agency.js';
import type { AgencyEvent } from '../../domain/agency/events.js';
import { isAssignment } from '../../domain/assignment.js';
import type { IndicatorEvent } from '../../domain/indicator/events.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Recorded } from '../../domain/message.js';
import type { PlanEvent } from '../../domain/plan/events.js';
import { lastDayOf, type Plan } from '../../domain/plan/plan.js';
import { assessmentDay } from '../../domain/status/ended.js';
import { statusOf } from '../../domain/status/judge.js';
import { leavesStatus } from '../../domain/status/leaves.js';
import type { Status } from '../../domain/status/verdict.js';
import { assessTask, type TaskStatus } from '../../domain/task/assess.js';
import type { Task } from '../../domain/task/task.js';
import { dayOf } from '../../domain/time.js';
import type { Position } from '../../ports/event-store.js';
import type { Past } from './past.js';

/** A status that an event flipped, on the later of its effectiveOn and the day it was recorded. */
export interface Effect {
  readonly kind: 'indicator' | 'task';
  readonly id: string;
  readonly asOf: string;
  readonly from: Status | TaskStatus | null;
  readonly to: Status | TaskStatus | null;
}

/** Who looks: one who sees everything, or what is accepted and the figures of one agency (null: of none). */
export type Viewer = typeof SEES_ALL | string | null;
export const SEES_ALL = Symbol('sees all');

/** A subject just before an event and just after it. */
export interface Change<State> {
  readonly before: State | null;
  readonly after: State;
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
] satisfies IndicatorEvent['type'][]);

/** The day on which an event is judged. */
const judgedOn = ({ data, metadata }: Recorded): string => {
  const recordedOn = dayOf(metadata.recordedAt);
  const effectiveOn = (data as { effectiveOn?: string }).effectiveOn ?? recordedOn;
  // biome-ignore lint/complexity/useMathMinMax: days compare as text, Math.max as numbers
  return effectiveOn > recordedOn ? effectiveOn : recordedOn;
};

/** What an event of a task did to its status. */
export const taskEffect = async (
  event: Recorded,
  { before, after }: Change<Task>,
  past: Past,
): Promise<readonly Effect[]> => {
  const asOf = judgedOn(event);
  const plan = await past.at<Plan>(`plan-${event.metadata.planId}`, event.position);
  return flipped(
    'task',
    after.id,
    asOf,
    before && taskStatus(before, plan, asOf),
    taskStatus(after, plan, asOf),
  );
};

const taskStatus = (task: Task, plan: Plan | null, asOf: string): TaskStatus => {
  const day = assessmentDay(asOf, task.dropped?.effectiveOn ?? null, plan?.superseded?.effectiveOn ?? null);
  return assessTask(task, day, plan && lastDayOf(plan, day)).status;
};

const flipped = (
  kind: Effect['kind'],
  id: string,
  asOf: string,
  from: Effect['from'],
  to: Effect['to'],
): readonly Effect[] => (from === to ? [] : [{ kind, id, asOf, from, to }]);

/** What gives a plan another end, closes it, or puts another plan in its place. */
const BOUNDING: ReadonlySet<string> = new Set([
  'PlanAmended',
  'PlanSuperseded',
  'PlanClosed',
] satisfies PlanEvent['type'][]);

/** What an event of a plan did to everything in it, as the viewer sees it. */
export const planEffect = async (
  event: Recorded,
  { before, after }: Change<Plan>,
  past: Past,
  viewer: Viewer,
): Promise<readonly Effect[]> => {
  if (before === null || !BOUNDING.has(event.type)) return [];
  const { position } = event;
  const asOf = judgedOn(event);
  const then = new Surroundings(past, position, asOf, before, viewer);
  const now = new Surroundings(past, position, asOf, after, viewer);
  const statusIn = async (around: Surroundings, indicator: Indicator) => {
    await around.look(indicator);
    return around.status(indicator, indicator.id, indicator);
  };
  const effects: Effect[] = [];
  for (const { kind, state } of await past.within(after.id, position)) {
    const [from, to] =
      kind === 'task'
        ? [taskStatus(state as Task, before, asOf), taskStatus(state as Task, after, asOf)]
        : [await statusIn(then, state as Indicator), await statusIn(now, state as Indicator)];
    effects.push(...flipped(kind, state.id, asOf, from, to));
  }
  return effects;
};

/** What gives a collective other members. */
const REGROUPS: AgencyEvent['type'] = 'AgencyGroupChanged';

const isLedBy = ({ assignments }: Indicator, agencyId: string): boolean =>
  assignments.lead.some(({ value }) => value.agencies.includes(agencyId));

/**
 * What other members of a collective did, as the viewer sees it: to what the collective leads, to rows that take their lead
 * from there, and to the groups above.
 */
export const groupEffect = async (
  event: Recorded,
  { before, after }: Change<Agency>,
  past: Past,
  viewer: Viewer,
): Promise<readonly Effect[]> => {
  if (event.type !== REGROUPS) return [];
  const { position } = event;
  const asOf = judgedOn(event);
  const effects = new Map<string, readonly Effect[]>();
  const surroundings = new Map<string, readonly [then: Surroundings, now: Surroundings]>();
  const looked = new Set<string>();
  const held = await past.heldBy(after.id);
  await past.read(held.map((id) => `indicator-${id}`));
  for (const id of held) {
    const led = await past.at<Indicator>(`indicator-${id}`, position);
    const plan = led && isLedBy(led, after.id) && (await past.at<Plan>(`plan-${led.planId}`, position));
    if (!plan) continue;
    const around = (group: Agency | null) =>
      new Surroundings(past, position, asOf, plan, viewer, new Map([[after.id, group]]));
    const [then, now] = surroundings.get(plan.id) ?? [around(before), around(after)];
    surroundings.set(plan.id, [then, now]);
    const family: Indicator[] = [];
    for (let one: Indicator | null = led; one; one = await now.above(one)) family.push(one);
    const top = family.at(-1) ?? led;
    if (!looked.has(top.id)) for (const each of [then, now]) await each.look(top);
    looked.add(top.id);
    for (const one of [led, ...now.below(id), ...family]) {
      if (effects.has(one.id)) continue;
      const [from, to] = [then.status(one, one.id, one), now.status(one, one.id, one)];
      effects.set(one.id, flipped('indicator', one.id, asOf, from, to));
    }
    // A collective may lead hundreds: others get their turn.
    await nextTurn();
  }
  return [...effects.values()].flat();
};

/**
 * What an event of an indicator did, as the viewer sees it: to its own status, to those of rows that take their lead from
 * it, and to every group above it for as long as their verdicts change with it. One that is dropped keeps the verdict of
 * its last day, yet the group above it goes on without it.
 */
export const indicatorEffect = async (
  event: Recorded,
  { before, after }: Change<Indicator>,
  past: Past,
  viewer: Viewer,
): Promise<readonly Effect[]> => {
  if (!JUDGED.has(event.type)) return [];
  const certain = viewer === SEES_ALL && before !== null;
  if (certain && leavesStatus(event as unknown as IndicatorEvent, after)) return [];
  const asOf = judgedOn(event);
  const plan = await past.at<Plan>(`plan-${after.planId}`, event.position);
  if (!plan) return [];
  const around = new Surroundings(past, event.position, asOf, plan, viewer);
  const effects: Effect[] = [];
  const flips = (subject: Indicator): boolean => {
    const from = around.status(subject, after.id, before);
    const to = around.status(subject, after.id, after);
    effects.push(...flipped('indicator', subject.id, asOf, from, to));
    return from !== to;
  };
  for (let subject: Indicator | null = after; subject; subject = await around.above(subject)) {
    await around.look(subject, before, after);
    const leaves = subject === after && before !== null && before.dropped !== after.dropped;
    const hasFlipped = flips(subject);
    // Rows without a lead take that of the row above: who leads that can flip them, too.
    if (subject === after && isAssignment(event.type))
      for (const below of around.below(after.id)) flips(below);
    if (!hasFlipped && !leaves) break;
  }
  return effects;
};

const waits = ({ state }: Indicator['measurements'][number]): boolean => state === 'reported';

const seenBy = (indicator: Indicator, viewer: Viewer): Indicator =>
  viewer === SEES_ALL || !indicator.measurements.some(waits)
    ? indicator
    : {
        ...indicator,
        measurements: indicator.measurements.filter(
          (figure) => !waits(figure) || (figure.agencyId !== null && figure.agencyId === viewer),
        ),
      };

/** What the status of an indicator rests on beside itself: looked up before it is judged. */
class Surroundings {
  private readonly indicators = new Map<string, Indicator>();
  private readonly under = new Map<string, readonly string[]>();

  constructor(
    private readonly past: Past,
    private readonly position: Position,
    private readonly asOf: string,
    private readonly plan: Plan,
    private readonly viewer: Viewer,
    /** Who leads, as far as it was looked up. */
    private readonly groups = new Map<string, Agency | null>(),
  ) {}

  async above({ parent }: Indicator): Promise<Indicator | null> {
    return parent === null ? null : this.indicator(parent);
  }

  /** Everything under an indicator that was looked up. */
  below(id: string): readonly Indicator[] {
    return (this.under.get(id) ?? []).flatMap((child) => {
      const found = this.indicators.get(child);
      return found ? [found, ...this.below(child)] : [];
    });
  }

  /** Looks up what is below and above an indicator, and who ever led any of them, also where one stood as it was before. */
  async look(root: Indicator, ...versions: readonly (Indicator | null)[]): Promise<void> {
    await this.lookBelow(root.id);
    for (let one: Indicator | null = root; one; one = await this.above(one));
    for (const indicator of [...this.indicators.values(), ...versions]) {
      if (!indicator) continue;
      // Of every day: what has ended is judged on its last day.
      for (const id of indicator.assignments.lead.flatMap(({ value }) => value.agencies))
        if (!this.groups.has(id))
          this.groups.set(id, await this.past.at<Agency>(`agency-${id}`, this.position));
    }
  }

  /** The status of an indicator, where one of the family stands as `version` (null: as if it were not there). */
  status({ id }: Indicator, changed: string, version: Indicator | null): Status | null {
    const find = (one: string): Indicator | undefined => {
      const found = one === changed ? version : this.indicators.get(one);
      return found ? seenBy(found, this.viewer) : undefined;
    };
    const judged = find(id);
    if (!judged) return null;
    return statusOf(judged, this.asOf, {
      plan: this.plan,
      figures: 'all',
      find,
      members: (agency, day) => {
        const found = this.groups.get(agency);
        return found?.kind === 'group' ? membersAt(found, day) : null;
      },
      childrenOf: (one) => (this.under.get(one) ?? []).map(find).filter((child) => child !== undefined),
    });
  }

  private async indicator(id: string): Promise<Indicator | null> {
    const known = this.indicators.get(id);
    if (known) return known;
    const found = await this.past.at<Indicator>(`indicator-${id}`, this.position);
    if (found) this.indicators.set(id, found);
    return found;
  }

  private async lookBelow(id: string): Promise<void> {
    if (this.under.has(id)) return;
    const children = await this.past.under(id, this.position);
    this.under.set(id, children);
    await this.past.read(children.map((child) => `indicator-${child}`));
    for (const child of [id, ...children]) await this.indicator(child);
    for (const child of children) await this.lookBelow(child);
  }
}
