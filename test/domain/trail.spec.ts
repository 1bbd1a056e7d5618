import { describe, expect, it } from '@jest/globals';
import { evolve as evolveAgency } from '../../src/domain/agency/agency.js';
import { agencyDecider } from '../../src/domain/agency/decider.js';
import { fold } from '../../src/domain/decider.js';
import type { DomainEvent } from '../../src/domain/events.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import { evolve as evolveIndicator } from '../../src/domain/indicator/indicator.js';
import { planDecider } from '../../src/domain/plan/decider.js';
import { evolve as evolvePlan } from '../../src/domain/plan/plan.js';
import { reorganizationDecider } from '../../src/domain/reorganization/decider.js';
import { evolve as evolveReorganization } from '../../src/domain/reorganization/reorganization.js';
import { taskDecider } from '../../src/domain/task/decider.js';
import { evolve as evolveTask } from '../../src/domain/task/task.js';
import {
  type Trace,
  traceAgency,
  traceIndicator,
  tracePlan,
  traceReorganization,
  traceTask,
} from '../../src/domain/trail.js';
import { yielded } from '../support/decider.js';
import { AGENCY_STORIES, define, establish, regroup, rename } from './agency/commands.js';
import * as indicator from './indicator/commands.js';
import { amend, details, issue, PLAN_STORIES } from './plan/commands.js';
import { REORGANIZATION_STORIES } from './reorganization/commands.js';
import * as task from './task/commands.js';

type Commands<D extends { decide: (command: never, state: never) => unknown }> = Parameters<D['decide']>[0][];

/** The trace of the last event that the commands yield. */
const ofPlan = (...commands: Commands<typeof planDecider>): Trace => {
  const events = yielded(planDecider, commands);
  const before = fold(planDecider, events.slice(0, -1));
  const last = events.at(-1);
  if (!last) throw new Error('nothing followed');
  return tracePlan(before, last, evolvePlan(before, last));
};
const ofIndicator = (...commands: Commands<typeof indicatorDecider>): Trace => {
  const events = yielded(indicatorDecider, commands);
  const before = fold(indicatorDecider, events.slice(0, -1));
  const last = events.at(-1);
  if (!last) throw new Error('nothing followed');
  return traceIndicator(before, last, evolveIndicator(before, last));
};
const ofTask = (...commands: Commands<typeof taskDecider>): Trace => {
  const events = yielded(taskDecider, commands);
  const before = fold(taskDecider, events.slice(0, -1));
  const last = events.at(-1);
  if (!last) throw new Error('nothing followed');
  return traceTask(before, last, evolveTask(before, last));
};
const ofAgency = (...commands: Commands<typeof agencyDecider>): Trace => {
  const events = yielded(agencyDecider, commands);
  const before = fold(agencyDecider, events.slice(0, -1));
  const last = events.at(-1);
  if (!last) throw new Error('nothing followed');
  return traceAgency(before, last, evolveAgency(before, last));
};

const ofReorganization = (...commands: Commands<typeof reorganizationDecider>): Trace => {
  const events = yielded(reorganizationDecider, commands);
  const before = fold(reorganizationDecider, events.slice(0, -1));
  const last = events.at(-1);
  if (!last) throw new Error('nothing followed');
  return traceReorganization(before, last, evolveReorganization(before, last));
};

/** The trace of every event of the ledger, on its way from the commands that lead to it. */
const EVERY: Readonly<Record<DomainEvent['type'], Trace>> = {
  ...mapped(PLAN_STORIES, ofPlan),
  ...mapped(indicator.INDICATOR_STORIES, ofIndicator),
  ...mapped(task.TASK_STORIES, ofTask),
  ...mapped(AGENCY_STORIES, ofAgency),
  ...mapped(REORGANIZATION_STORIES, ofReorganization),
};

function mapped<Type extends string, Command>(
  stories: Readonly<Record<Type, readonly Command[]>>,
  trace: (...commands: Command[]) => Trace,
): Record<Type, Trace> {
  const traces = Object.entries<readonly Command[]>(stories).map(([type, story]) => [type, trace(...story)]);
  return Object.fromEntries(traces) as Record<Type, Trace>;
}

describe('a trace', () => {
  it.each(Object.entries(EVERY))('of %s tells what it changed', (_, trace) => {
    expect(trace.after).not.toEqual(trace.before);
    expect(trace.after === undefined || trace.before === undefined).toBe(false);
    expect(trace.laterEntries).toEqual([]);
  });

  it.each([
    'PlanIssued',
    'IndicatorAdopted',
    'TaskGiven',
    'AgencyEstablished',
    'AgencyGroupDefined',
  ] as const)('of %s begins with nothing', (type) => expect(EVERY[type].before).toBeNull());

  it('tells the fact just before and just after, on the day from which it holds', () => {
    expect(ofIndicator(indicator.adopt(), indicator.target('≥ 80'), indicator.revise('≥ 85'))).toMatchObject({
      before: { notation: '≥ 80' },
      after: { notation: '≥ 85' },
    });
    expect(ofIndicator(indicator.adopt(), indicator.target('≥ 80'), indicator.withdraw())).toMatchObject({
      before: { notation: '≥ 80' },
      after: null,
    });
    expect(EVERY.AssignmentTransferred).toMatchObject({
      before: { agencies: ['so-khcn'] },
      after: { agencies: ['so-tai-chinh'] },
    });
  });

  it('of a figure tells it as it was and as it is', () => {
    expect(EVERY.MeasurementReported).toMatchObject({ before: null, after: { value: '76.4' } });
    expect(EVERY.MeasurementCorrected).toMatchObject({
      before: { value: '76.4', state: 'reported', corrected: false },
      after: { value: '75.5', state: 'reported', corrected: true },
    });
    expect(EVERY.MeasurementAccepted).toMatchObject({ after: { state: 'accepted' } });
    expect(EVERY.MeasurementReturned).toMatchObject({ after: { state: 'returned' } });
    expect(EVERY.MeasurementRetracted).toMatchObject({ after: { state: 'retracted' } });
  });

  it('of a benchmark tells the one of that period which it replaces', () => {
    const { adopt, benchmark } = indicator;
    const other = benchmark({ period: '2024', value: '30' });
    expect(ofIndicator(adopt(), benchmark(), other, benchmark({ value: '32' }))).toMatchObject({
      before: { value: '31.5' },
      after: { value: '32' },
    });
  });

  it('of a benchmark tells what it replaces on its day, and what it does not undo', () => {
    const { adopt, benchmark } = indicator;
    const later = benchmark({ value: '35', effectiveOn: '2027-06-01' });
    expect(ofIndicator(adopt(), later, benchmark())).toMatchObject({
      ...{ before: null, after: { value: '31.5' }, laterEntries: ['2027-06-01'] },
    });
  });

  it('of a yearly task tells of the year it was done for', () => {
    const yearly = task.give({ deadline: task.YEARLY });
    const done = [task.complete({ year: 2025 }), task.complete({ year: 2026 })];
    expect(ofTask(yearly, ...done)).toMatchObject({ before: null, after: { done: true } });
    expect(ofTask(yearly, ...done, task.reopen({ year: 2025 }))).toMatchObject({
      before: { done: true },
      after: { done: false },
    });
  });

  it('of a condition tells which was met', () => {
    const first = [task.give({ deadline: task.onCondition() }), task.meet()];
    const second = [
      task.postpone(task.onCondition('bố trí kinh phí')),
      task.meet({ effectiveOn: '2026-02-01', dueOn: null }),
    ];
    expect(ofTask(...first)).toMatchObject({
      before: null,
      after: { condition: 'có văn bản của Trung ương' },
    });
    expect(ofTask(...first, ...second)).toMatchObject({
      before: null,
      after: { condition: 'bố trí kinh phí' },
    });
  });
});

describe('a backdated entry', () => {
  it('tells the days of the later entries that it does not undo', () => {
    const { adopt, target, revise } = indicator;
    const late = [
      target('≥ 80'),
      revise('≥ 95', { effectiveOn: '2028-01-01' }),
      revise('≥ 90', { effectiveOn: '2027-01-01' }),
    ];
    expect(ofIndicator(adopt(), ...late, revise('≥ 85'))).toMatchObject({
      before: { notation: '≥ 80' },
      after: { notation: '≥ 85' },
      laterEntries: ['2027-01-01', '2028-01-01'],
    });
    expect(ofIndicator(adopt(), ...late).laterEntries).toEqual(['2028-01-01']);
  });

  it('on the day of another stands after it, and undoes it', () => {
    const { adopt, target, revise } = indicator;
    expect(ofIndicator(adopt(), target('≥ 80'), revise('≥ 85'), revise('≥ 87'))).toMatchObject({
      before: { notation: '≥ 85' },
      after: { notation: '≥ 87' },
      laterEntries: [],
    });
  });

  it('of another milestone or role undoes nothing and has nothing later', () => {
    const { adopt, target, assign } = indicator;
    const later = target('100', { milestone: '2045', effectiveOn: '2027-01-01' });
    expect(ofIndicator(adopt(), later, target('≥ 80')).laterEntries).toEqual([]);
    const coordinating = assign({
      role: 'coordinating',
      agencies: ['cong-an-tinh'],
      effectiveOn: '2027-01-01',
    });
    expect(ofIndicator(adopt(), coordinating, assign()).laterEntries).toEqual([]);
  });

  it('is told for every effective-dated fact', () => {
    const { adopt, reword, baseline, assign } = indicator;
    const day = '2027-01-01';
    const laterOf = [
      ofIndicator(adopt(), reword({ title: 'B', effectiveOn: day }), reword()),
      ofIndicator(adopt(), baseline('80', { effectiveOn: day }), baseline('76')),
      ofIndicator(adopt(), assign({ effectiveOn: day }), assign({ agencies: ['cong-an-tinh'] })),
      ofTask(task.give(), task.postpone(task.YEARLY, { effectiveOn: day }), task.postpone(task.CONTINUOUS)),
      ofPlan(issue(), amend({ title: 'B', effectiveOn: day }), amend({ title: 'C' })),
      ofAgency(establish(), rename({ name: 'B', effectiveOn: day }), rename()),
      ofAgency(define(), regroup({ members: [], effectiveOn: day }), regroup()),
    ].map(({ laterEntries }) => laterEntries);
    expect(laterOf).toEqual(laterOf.map(() => [day]));
  });

  it('looks at its own day, not at what has come to hold since', () => {
    const late = amend({ title: 'between' });
    expect(ofPlan(issue(), amend({ title: 'later', effectiveOn: '2027-01-01' }), late)).toMatchObject({
      before: { title: details.title },
      after: { title: 'between' },
    });
  });
});
