import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Ordered, OrderTask } from '../../application/commands/orders.js';
import { HistoryQuery } from '../../application/queries/indicators.js';
import { TaskQuery } from '../../application/queries/tasks.js';
import type { Request } from '../../application/request.js';
import { streamOf } from '../../domain/events.js';
import type { Actor } from '../../domain/message.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import { documented, revised, tabular } from '../answers/documented.js';
import { HISTORY } from '../answers/indicator.js';
import { TASK } from '../answers/plan.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { basisOf, ReasonedBody } from '../bodies/common.js';
import { AssignmentBody } from '../bodies/indicator.js';
import { HistoryParams, ReadingParams } from '../bodies/queries.js';
import {
  CompleteTaskBody,
  ReopenTaskBody,
  ReviseDeadlineBody,
  TaskConditionBody,
  TaskProgressBody,
} from '../bodies/task.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { AsRequest } from '../http/request.js';
import { assignmentOf } from './assignment.js';
import { deadlineOf } from './deadline.js';
import { historyOf } from './lists.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('tasks')
export class TasksController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get(':id')
  @May('ReadTasks')
  @ApiOperation({ summary: 'One task: its status, and everything that is known of it' })
  @ApiOkResponse(revised(documented(TASK)))
  async one(
    @Param('id') id: string,
    @Query() params: ReadingParams,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return seenAt(
      reply,
      await this.queries.execute(new TaskQuery(id, { ...params, as: params.as ?? 'assigned' })),
    );
  }

  @Get(':id/history')
  @May('ReadTrail')
  @OnRecord('trail')
  @ApiOperation({ summary: 'What happened to one task, oldest first' })
  @ApiOkResponse(tabular(documented(HISTORY)))
  async history(
    @Param('id') id: string,
    @Query() params: HistoryParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.queries.execute(new HistoryQuery(streamOf('task', id), params, actor));
    return historyOf(request, reply, answer);
  }

  @Post(':id/progress')
  @May('ReportTaskProgress')
  @ApiOperation({ summary: 'Report progress' })
  @ApiCreatedResponse({ type: AnswerBody })
  progress(
    @Param('id') id: string,
    @Body() body: TaskProgressBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, note } = body;
    const data = {
      taskId: id,
      effectiveOn,
      note,
      evidence: body.evidence ?? null,
      agencyId: request.actor.agencyId,
    };
    return this.order(id, { type: 'ReportTaskProgress', data }, request, reply);
  }

  @Post(':id/condition')
  @May('MeetTaskCondition')
  @ApiOperation({ summary: 'What the task waited for has happened' })
  @ApiCreatedResponse({ type: AnswerBody })
  condition(
    @Param('id') id: string,
    @Body() body: TaskConditionBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, evidence } = body;
    const data = { taskId: id, effectiveOn, evidence, dueOn: body.dueOn ?? null };
    return this.order(id, { type: 'MeetTaskCondition', data }, request, reply);
  }

  @Post(':id/completion')
  @May('CompleteTask')
  @ApiOperation({ summary: 'The task is done (a yearly one: for a year)' })
  @ApiCreatedResponse({ type: AnswerBody })
  complete(
    @Param('id') id: string,
    @Body() body: CompleteTaskBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, result } = body;
    const data = {
      taskId: id,
      effectiveOn,
      result,
      year: body.year ?? null,
      evidence: body.evidence ?? null,
    };
    return this.order(id, { type: 'CompleteTask', data }, request, reply);
  }

  @Post(':id/reopening')
  @May('ReopenTask')
  @ApiOperation({ summary: 'The task is not done after all' })
  @ApiCreatedResponse({ type: AnswerBody })
  reopen(
    @Param('id') id: string,
    @Body() body: ReopenTaskBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    const data = { taskId: id, effectiveOn, reason, legalBasis: basisOf(body), year: body.year ?? null };
    return this.order(id, { type: 'ReopenTask', data }, request, reply);
  }

  @Post(':id/deadline')
  @May('ReviseDeadline')
  @ApiOperation({ summary: 'Revise the deadline' })
  @ApiCreatedResponse({ type: AnswerBody })
  deadline(
    @Param('id') id: string,
    @Body() body: ReviseDeadlineBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    const data = {
      taskId: id,
      effectiveOn,
      reason,
      legalBasis: basisOf(body),
      deadline: deadlineOf(body.deadline),
    };
    return this.order(id, { type: 'ReviseDeadline', data }, request, reply);
  }

  @Post(':id/assignments')
  @May('AssignTask', 'ReleaseTask', 'TransferTask')
  @ApiOperation({ summary: 'Assign, release or transfer responsibility' })
  @ApiCreatedResponse({ type: AnswerBody })
  assign(
    @Param('id') id: string,
    @Body() body: AssignmentBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { action, data } = assignmentOf(body);
    const type = ({ assign: 'AssignTask', release: 'ReleaseTask', transfer: 'TransferTask' } as const)[
      action
    ];
    return this.order(id, { type, data: { taskId: id, ...data } } as Ordered<TaskCommand>, request, reply);
  }

  @Post(':id/drop')
  @May('DropTask')
  @ApiOperation({ summary: 'Drop a task' })
  @ApiCreatedResponse({ type: AnswerBody })
  drop(
    @Param('id') id: string,
    @Body() body: ReasonedBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    return this.order(
      id,
      { type: 'DropTask', data: { taskId: id, effectiveOn, reason, legalBasis: basisOf(body) } },
      request,
      reply,
    );
  }

  private async order(
    id: string,
    order: Ordered<TaskCommand>,
    request: Request,
    reply: FastifyReply,
  ): Promise<AnswerBody> {
    return answered(reply, await this.commands.execute(new OrderTask(id, order, request)));
  }
}
