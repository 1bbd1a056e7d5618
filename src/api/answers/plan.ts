import type { OverviewAnswer } from '../../application/queries/overview.js';
import type { PlanAnswer, PlanItem } from '../../application/queries/plans.js';
import type { TaskAnswer, TaskItem } from '../../application/queries/tasks.js';
import type { Section } from '../../domain/plan/events.js';
import { TASK_STATUSES, type TaskVerdict } from '../../domain/task/assess.js';
import type { Deadline } from '../../domain/task/events.js';
import type { Completion, ConditionMet, Progress, Task } from '../../domain/task/task.js';
import {
  AGENCY_REF,
  ASSIGNMENTS,
  ASSUMPTIONS,
  END,
  ENDED,
  pageOf,
  REVISION,
  SOURCE,
  STALE,
  STALE_ITEM,
  type Stale,
  timelineOf,
  WHEN,
} from './common.js';
import {
  counts,
  day,
  described,
  flag,
  instant,
  integer,
  listOf,
  named,
  nullable,
  objectOf,
  oneOf,
  type Properties,
  text,
} from './schema.js';
import { MILESTONE } from './status.js';

const PLAN_ITEM: Properties<PlanItem & Stale> = {
  id: text,
  number: nullable(text),
  issuer: text,
  issuedOn: nullable(day),
  supersedes: nullable(text),
  source: nullable(SOURCE),
  assumed: ASSUMPTIONS,
  from: described('The day from which it holds', day),
  superseded: nullable(objectOf<NonNullable<PlanItem['superseded']>>({ ...ENDED, by: text })),
  closed: nullable(END),
  indicators: described('How many were ever entered', integer),
  tasks: described('How many were ever entered', integer),
  changedAt: instant,
  title: text,
  milestones: listOf(MILESTONE),
  sections: listOf(objectOf<Section>({ code: text, title: text })),
  endsOn: nullable(day),
  state: oneOf('entering', 'open', 'superseded', 'closed'),
  ...STALE,
};

export const PLAN_PAGE = objectOf(pageOf(named('PlanItem', objectOf<PlanItem & Stale>(PLAN_ITEM))));

export const PLAN = named(
  'Plan',
  objectOf<PlanAnswer & Stale>({ ...PLAN_ITEM, revision: REVISION, ...WHEN }),
);

export const OVERVIEW = named(
  'Overview',
  objectOf<OverviewAnswer>({
    plans: listOf(
      objectOf<OverviewAnswer['plans'][number]>({
        id: text,
        title: text,
        indicators: described('Those with a target of their own', counts),
        tasks: counts,
        supersededBy: described('These counts are those of its last day', nullable(text)),
      }),
    ),
    agencies: listOf(
      objectOf<OverviewAnswer['agencies'][number]>({
        agency: described('Null for what is led by nobody', nullable(AGENCY_REF)),
        indicators: counts,
        tasks: counts,
      }),
    ),
    ...WHEN,
  }),
);

const STATUS = oneOf(...TASK_STATUSES);

const DEADLINE = named(
  'Deadline',
  objectOf<Deadline>({
    notation: described('Verbatim', text),
    kind: oneOf('date', 'yearly', 'continuous', 'condition', 'open'),
    dueOn: nullable(day),
    condition: nullable(text),
  }),
);

const VERDICT = named(
  'TaskVerdict',
  objectOf<TaskVerdict>({
    status: STATUS,
    deadline: DEADLINE,
    dueOn: nullable(day),
    doneOn: nullable(day),
    years: described(
      'Of a yearly task',
      listOf(
        objectOf<TaskVerdict['years'][number]>({ year: integer, status: STATUS, doneOn: nullable(day) }),
      ),
    ),
    because: text,
  }),
);

const TASK_ITEM: Properties<TaskItem> = {
  id: text,
  planId: text,
  code: text,
  order: integer,
  title: text,
  expectedResult: nullable(text),
  section: nullable(text),
  lead: listOf(AGENCY_REF),
  coordinating: listOf(AGENCY_REF),
  status: STATUS,
  verdict: VERDICT,
  dropped: nullable(day),
  supersededBy: nullable(text),
  ...STALE_ITEM,
};

export const STATUS_OF_TASK = named('TaskItem', objectOf<TaskItem>(TASK_ITEM));

export const TASK_PAGE = objectOf(pageOf(STATUS_OF_TASK));

const FACTS = objectOf<Task & Stale>({
  id: text,
  planId: text,
  code: text,
  section: nullable(text),
  order: integer,
  givenOn: day,
  title: text,
  expectedResult: nullable(text),
  source: nullable(SOURCE),
  assumed: ASSUMPTIONS,
  deadline: timelineOf(DEADLINE),
  assignments: ASSIGNMENTS,
  conditionsMet: listOf(
    objectOf<ConditionMet>({ condition: text, effectiveOn: day, dueOn: nullable(day), evidence: text }),
  ),
  progress: listOf(
    objectOf<Progress>({ effectiveOn: day, agencyId: nullable(text), note: text, evidence: nullable(text) }),
  ),
  completions: listOf(
    objectOf<Completion>({
      year: described('Null but of a yearly task', nullable(integer)),
      timeline: timelineOf(
        objectOf<Completion['timeline'][number]['value']>({
          done: flag,
          result: nullable(text),
          evidence: nullable(text),
        }),
      ),
    }),
  ),
  dropped: nullable(END),
  ...STALE,
});

export const TASK = named(
  'Task',
  objectOf<TaskAnswer>({
    ...TASK_ITEM,
    facts: FACTS,
    revision: REVISION,
    ...WHEN,
  }),
);
