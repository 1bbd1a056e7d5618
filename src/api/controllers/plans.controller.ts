import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OrderIndicator, OrderPlan, OrderTask } from '../../application/commands/orders.js';
import { NotFound } from '../../application/errors.js';
import { type AuditAsked, AuditQuery } from '../../application/queries/audit.js';
import { PlanEventsQuery } from '../../application/queries/log.js';
import { MAX_LIMIT, type Paging } from '../../application/queries/paging.js';
import { PlanStatusQuery, type StatusAsked } from '../../application/queries/plan-status.js';
import { PlanQuery, PlansQuery } from '../../application/queries/plans.js';
import { type TasksAsked, TasksQuery } from '../../application/queries/tasks.js';
import type { Request } from '../../application/request.js';
import { PLAN_ID } from '../../domain/ids.js';
import type { Actor } from '../../domain/message.js';
import { documented, revised, tabular } from '../answers/documented.js';
import { PLAN, PLAN_PAGE, TASK_PAGE } from '../answers/plan.js';
import { STATUS_PAGE } from '../answers/status.js';
import { AUDIT_PAGE, EVENTS } from '../answers/trail.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { basisOf, EffectiveBody, ReasonedBody } from '../bodies/common.js';
import { AdoptIndicatorBody } from '../bodies/indicator.js';
import { AmendPlanBody, IssuePlanBody, SupersedePlanBody } from '../bodies/plan.js';
import {
  AuditParams,
  PlanEventsParams,
  SearchParams,
  StatusParams,
  TasksParams,
  WhenParams,
} from '../bodies/queries.js';
import { GiveTaskBody } from '../bodies/task.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { AsRequest } from '../http/request.js';
import { STATUS_COLUMNS, TASK_COLUMNS, TRAIL_COLUMNS } from './columns.js';
import { deadlineOf } from './deadline.js';
import { AUDIT, PLANS, STATUS, TASKS } from './examples.js';
import { listed, listOrTable, pagingOf, sortOf } from './lists.js';

@ApiTags('plans')
@ApiBearerAuth()
@Controller('plans')
export class PlansController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @May('ReadPlans')
  @ApiOperation({ summary: 'The plans, the earliest first' })
  @ApiOkResponse(documented(PLAN_PAGE, PLANS))
  async list(@Query() params: SearchParams) {
    return listed('plans', await this.queries.execute(new PlansQuery(params, pagingOf('plans', params))));
  }

  @Get(':planId')
  @May('ReadPlans')
  @ApiOperation({ summary: 'One plan' })
  @ApiOkResponse(revised(documented(PLAN)))
  async one(
    @Param('planId') planId: string,
    @Query() params: WhenParams,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return seenAt(reply, await this.queries.execute(new PlanQuery(planId, params)));
  }

  @Get(':planId/status')
  @May('ReadStatus')
  @OnRecord('export')
  @ApiOperation({
    summary: 'Where does each indicator stand, by which target and figure, and who answers for it?',
  })
  @ApiOkResponse(tabular(documented(STATUS_PAGE, STATUS)))
  async status(
    @Param('planId') planId: string,
    @Query() params: StatusParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const sorting = sortOf<StatusAsked['sort']>(params.sort, 'order');
    const asked = {
      ...params,
      ...sorting,
      as: params.as ?? 'assigned',
      figures: params.figures ?? 'all',
    } as const;
    const kind = `status ${planId} ${params.sort ?? 'order'}`;
    const read = (paging: Paging, moment: object = {}) =>
      this.queries.execute(new PlanStatusQuery(planId, { ...asked, ...moment }, paging, actor));
    return listOrTable(request, reply, params, { kind, columns: STATUS_COLUMNS, read });
  }

  @Get(':planId/audit')
  @May('ReadTrail')
  @OnRecord('trail')
  @ApiOperation({
    summary: 'Who changed what, when, why, on which legal basis, and what did it do to the results?',
  })
  @ApiOkResponse(tabular(documented(AUDIT_PAGE, AUDIT)))
  async audit(
    @Param('planId') planId: string,
    @Query() params: AuditParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const kind = `audit ${planId}`;
    // A trail of which no day was asked tells of all days, so that only what was known is kept.
    const read = (paging: Paging, { knownAt = params.knownAt }: Pick<AuditAsked, 'knownAt'> = {}) =>
      this.queries.execute(new AuditQuery(planId, { ...params, knownAt }, paging, actor));
    return listOrTable(request, reply, params, {
      ...{ kind, columns: TRAIL_COLUMNS, read },
      rowsAtOnce: MAX_LIMIT,
    });
  }

  @Get(':planId/events')
  @May('ReadEvents')
  @OnRecord('events')
  @ApiOperation({ summary: 'The raw events of the plan, its indicators and its tasks' })
  @ApiOkResponse(documented(EVENTS))
  async events(@Param('planId') planId: string, @Query() params: PlanEventsParams) {
    const kind = `events ${planId}`;
    return listed(
      kind,
      await this.queries.execute(new PlanEventsQuery(planId, pagingOf(kind, params), params.after)),
    );
  }

  @Get(':planId/tasks')
  @May('ReadTasks')
  @OnRecord('export')
  @ApiOperation({ summary: 'Where does each task stand, and who answers for it?' })
  @ApiOkResponse(tabular(documented(TASK_PAGE, TASKS)))
  async tasks(
    @Param('planId') planId: string,
    @Query() params: TasksParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked: TasksAsked = {
      ...params,
      ...sortOf<TasksAsked['sort']>(params.sort, 'order'),
      as: params.as ?? 'assigned',
    };
    const kind = `tasks ${planId} ${params.sort ?? 'order'}`;
    const read = (paging: Paging, moment: object = {}) =>
      this.queries.execute(new TasksQuery(planId, { ...asked, ...moment }, paging));
    return listOrTable(request, reply, params, { kind, columns: TASK_COLUMNS, read });
  }

  @Post()
  @May('IssuePlan')
  @ApiOperation({ summary: 'Issue a plan; until it is opened it shows as being entered' })
  @ApiCreatedResponse({ type: AnswerBody })
  async issue(
    @Body() body: IssuePlanBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { planId, title, issuer, milestones, sections, effectiveOn } = body;
    const data = {
      ...{ planId, title, issuer, milestones, effectiveOn },
      sections: sections.map(({ code, title: heading }) => ({ code, title: heading })),
      number: body.number ?? null,
      issuedOn: body.issuedOn ?? null,
      endsOn: body.endsOn ?? null,
      supersedes: body.supersedes ?? null,
      source: null,
      assumed: [],
    };
    return answered(
      reply,
      await this.commands.execute(new OrderPlan(planId, { type: 'IssuePlan', data }, request)),
      planId,
    );
  }

  @Post(':planId/opening')
  @May('OpenPlan')
  @ApiOperation({ summary: 'Open a plan: everything of it has been entered' })
  @ApiCreatedResponse({ type: AnswerBody })
  async open(
    @Param('planId') planId: string,
    @Body() { effectiveOn }: EffectiveBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answered(
      reply,
      await this.commands.execute(
        new OrderPlan(planId, { type: 'OpenPlan', data: { planId, effectiveOn } }, request),
      ),
    );
  }

  @Post(':planId/amendments')
  @May('AmendPlan')
  @ApiOperation({ summary: "Amend a plan's title, milestones, sections or end" })
  @ApiCreatedResponse({ type: AnswerBody })
  async amend(
    @Param('planId') planId: string,
    @Body() body: AmendPlanBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason, title, milestones, sections, endsOn } = body;
    const changes = {
      ...(title === undefined ? {} : { title }),
      ...(milestones === undefined ? {} : { milestones }),
      ...(sections === undefined
        ? {}
        : { sections: sections.map((section) => ({ code: section.code, title: section.title })) }),
      ...(endsOn === undefined ? {} : { endsOn }),
    };
    const data = { planId, ...changes, effectiveOn, reason, legalBasis: basisOf(body) };
    return answered(
      reply,
      await this.commands.execute(new OrderPlan(planId, { type: 'AmendPlan', data }, request)),
    );
  }

  @Post(':planId/supersession')
  @May('SupersedePlan')
  @ApiOperation({ summary: 'Another plan takes its place' })
  @ApiCreatedResponse({ type: AnswerBody })
  async supersede(
    @Param('planId') planId: string,
    @Body() body: SupersedePlanBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { by, effectiveOn, reason } = body;
    const data = { planId, by, effectiveOn, reason, legalBasis: basisOf(body) };
    return answered(
      reply,
      await this.commands.execute(new OrderPlan(planId, { type: 'SupersedePlan', data }, request)),
    );
  }

  @Post(':planId/closure')
  @May('ClosePlan')
  @ApiOperation({ summary: 'Close a plan' })
  @ApiCreatedResponse({ type: AnswerBody })
  async close(
    @Param('planId') planId: string,
    @Body() body: ReasonedBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    const data = { planId, effectiveOn, reason, legalBasis: basisOf(body) };
    return answered(
      reply,
      await this.commands.execute(new OrderPlan(planId, { type: 'ClosePlan', data }, request)),
    );
  }

  @Post(':planId/indicators')
  @May('AdoptIndicator')
  @ApiOperation({ summary: 'Adopt an indicator' })
  @ApiCreatedResponse({ type: AnswerBody })
  async adopt(
    @Param('planId') planId: string,
    @Body() body: AdoptIndicatorBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { code, title, order, effectiveOn } = body;
    const indicatorId = `${planIn(planId)}/${code}`;
    const data = {
      ...{ indicatorId, code, title, order, effectiveOn },
      unit: body.unit ?? null,
      direction: body.direction ?? 'higher-is-better',
      guidance: body.guidance ?? null,
      formula: body.formula
        ? { numerator: body.formula.numerator, denominator: body.formula.denominator }
        : null,
      parent: body.parent ?? null,
      section: body.section ?? null,
      deadline: body.deadline ?? null,
      source: null,
      assumed: [],
    } as const;
    return answered(
      reply,
      await this.commands.execute(new OrderIndicator(indicatorId, { type: 'AdoptIndicator', data }, request)),
      indicatorId,
    );
  }

  @Post(':planId/tasks')
  @May('GiveTask')
  @ApiOperation({ summary: 'Give a task' })
  @ApiCreatedResponse({ type: AnswerBody })
  async give(
    @Param('planId') planId: string,
    @Body() body: GiveTaskBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { title, order, effectiveOn } = body;
    const code = `t/${body.code}`;
    const taskId = `${planIn(planId)}/${code}`;
    const data = {
      ...{ taskId, code, title, order, effectiveOn },
      deadline: deadlineOf(body.deadline),
      expectedResult: body.expectedResult ?? null,
      section: body.section ?? null,
      source: null,
      assumed: [],
    };
    return answered(
      reply,
      await this.commands.execute(new OrderTask(taskId, { type: 'GiveTask', data }, request)),
      taskId,
    );
  }
}

// An id is put together with the plan's: one with a slash would name another plan than the address does.
const planIn = (planId: string): string => {
  if (!PLAN_ID.test(planId)) throw new NotFound(`There is no plan ${planId}.`);
  return planId;
};
