import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { planOverview } from '../../../projections/plan-overview.js';
import type { Row } from '../../../projections/projection.js';
import { taskStatus } from '../../../projections/task-status.js';
import { holdersAt } from '../../domain/assignment.js';
import { lastDayOf } from '../../domain/plan/plan.js';
import { assessmentDay, heldOn } from '../../domain/status/ended.js';
import { assessTask, type TaskStatus, type TaskVerdict } from '../../domain/task/assess.js';
import type { Task } from '../../domain/task/task.js';
import { planIdOf } from '../commands/ids.js';
import { NotFound } from '../errors.js';
import type { Placed, When } from '../moment.js';
import { Questions } from '../questions.js';
import { type AgencyRef, Names, OF_NAMES } from './names.js';
import { matches, type Page, type Paging, paged } from './paging.js';
import type { Reading } from './plan-status.js';

export type TasksAsked = When & {
  readonly as: Reading;
  readonly agency?: string | undefined;
  readonly section?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly q?: string | undefined;
  readonly sort: 'order' | 'status' | 'dueOn';
  readonly descending: boolean;
  readonly after?: string | undefined;
};

export interface TaskItem {
  readonly id: string;
  readonly planId: string;
  readonly code: string;
  readonly order: number;
  readonly title: string;
  readonly expectedResult: string | null;
  readonly section: string | null;
  readonly lead: readonly AgencyRef[];
  readonly coordinating: readonly AgencyRef[];
  readonly status: TaskStatus;
  readonly verdict: TaskVerdict;
  readonly dropped: string | null;
  readonly supersededBy: string | null;
  /** Position of an event that cannot be read: what it and later ones say may be missing. Null for an item that is whole. */
  readonly staleSince: string | null;
}

export class TasksQuery extends Query<Page<TaskItem>> {
  constructor(
    readonly planId: string,
    readonly asked: TasksAsked,
    readonly paging: Paging,
  ) {
    super();
  }
}

export type TaskAnswer = TaskItem & {
  readonly facts: Task;
  readonly revision: number;
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
};

export class TaskQuery extends Query<TaskAnswer> {
  constructor(
    readonly id: string,
    readonly asked: Pick<TasksAsked, 'asOf' | 'knownAt' | 'as' | 'after'>,
  ) {
    super();
  }
}

/** The projections that tasks are read from. */
export const OF_TASKS: readonly string[] = [taskStatus.name, planOverview.name, ...OF_NAMES];

@QueryHandler(TasksQuery)
export class TasksHandler implements IQueryHandler<TasksQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ planId, asked, paging }: TasksQuery): Promise<Page<TaskItem>> {
    const moment = await this.questions.moment(asked, OF_TASKS, asked.after);
    const tasks = await this.questions.facts.tasks(planId, moment);
    const items = (await taskItems(planId, tasks, moment, asked.as, this.questions)).filter(
      (item) =>
        (asked.status === undefined || item.status === asked.status) &&
        (asked.section === undefined || item.section === asked.section) &&
        (asked.agency === undefined || item.lead.some(({ id }) => id === asked.agency)) &&
        matches(asked.q, item.title, item.code),
    );
    return paged(
      items,
      { by: SORTS[asked.sort], key: (item) => item.id, descending: asked.descending },
      paging,
      moment,
    );
  }
}

const SORTS: Record<TasksAsked['sort'], (item: TaskItem) => string | number | null> = {
  order: (item) => item.order,
  status: (item) => item.status,
  dueOn: (item) => item.verdict.dueOn,
};

@QueryHandler(TaskQuery)
export class TaskQueryHandler implements IQueryHandler<TaskQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, asked }: TaskQuery): Promise<TaskAnswer> {
    const moment = await this.questions.moment(asked, OF_TASKS, asked.after);
    const task = await this.questions.facts.task(id, moment);
    // After the row: the stream then holds the event that the row stands at.
    const history = await this.questions.facts.history(`task-${id}`, moment);
    const [item] = task ? await taskItems(planIdOf(id), [task], moment, asked.as, this.questions) : [];
    if (!task || !item) throw new NotFound(`There is no task ${id}.`);
    const { position: at, ...facts } = task;
    const revision = history.findIndex((event) => event.position === at);
    return {
      ...item,
      facts,
      revision,
      asOf: moment.asOf,
      knownAt: moment.knownAt,
      position: moment.position,
    };
  }
}

/** Tasks of one plan on a day, judged and named. @throws NotFound for an unknown plan */
export const taskItems = async (
  planId: string,
  tasks: readonly Row<Task>[],
  moment: Placed,
  as: Reading,
  { facts }: Questions,
): Promise<TaskItem[]> => {
  const plan = await facts.plan(planId, moment);
  if (!plan) throw new NotFound(`There is no plan ${planId}.`);
  const { asOf, today } = moment;
  const day = as === 'inherited' ? today : asOf;
  const held = (task: Task, role: 'lead' | 'coordinating') =>
    holdersAt(task.assignments, role, heldOn(day, task, plan));
  const names = await Names.of(
    facts,
    tasks.flatMap((task) => [...held(task, 'lead'), ...held(task, 'coordinating')]),
    moment,
  );
  const refs = (task: Task, role: 'lead' | 'coordinating') => {
    const place = { subject: { kind: 'task', id: task.id }, planId, section: task.section, role } as const;
    const agencies = as === 'inherited' ? names.heirs(held(task, role), place, day) : held(task, role);
    return agencies.map((agency) => names.ref(agency, day));
  };
  const superseded = plan.superseded && plan.superseded.effectiveOn <= asOf ? plan.superseded : null;
  return tasks
    .filter(({ givenOn }) => givenOn <= asOf)
    .map((task) => {
      const { id, code, order, title, expectedResult, section } = task;
      const dropped = task.dropped && task.dropped.effectiveOn <= asOf ? task.dropped.effectiveOn : null;
      const judgedOn = assessmentDay(asOf, dropped, superseded?.effectiveOn ?? null);
      const verdict = assessTask(task, judgedOn, lastDayOf(plan, judgedOn));
      return {
        ...{ id, planId, code, order, title, expectedResult, section },
        lead: refs(task, 'lead'),
        coordinating: refs(task, 'coordinating'),
        status: verdict.status,
        verdict,
        dropped,
        supersededBy: superseded?.by ?? null,
        staleSince: task.staleSince ?? null,
      };
    });
};
