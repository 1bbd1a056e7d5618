import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ordered } from '../../application/commands/orders.js';
import { OrderIndicator } from '../../application/commands/orders.js';
import { HistoryQuery, IndicatorQuery } from '../../application/queries/indicators.js';
import type { Request } from '../../application/request.js';
import { streamOf } from '../../domain/events.js';
import type { IndicatorCommand } from '../../domain/indicator/commands.js';
import type { Actor } from '../../domain/message.js';
import type { Criterion } from '../../domain/target/criterion.js';
import { documented, revised, tabular } from '../answers/documented.js';
import { HISTORY, INDICATOR } from '../answers/indicator.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { basisOf, ReasonedBody } from '../bodies/common.js';
import {
  AssignmentBody,
  BaselineBody,
  BenchmarkBody,
  ReadCriterionBody,
  ReportMeasurementBody,
  RewordIndicatorBody,
  TargetBody,
  WithdrawTargetBody,
} from '../bodies/indicator.js';
import { HistoryParams, VerdictParams } from '../bodies/queries.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { AsRequest } from '../http/request.js';
import { assignmentOf } from './assignment.js';
import { INDICATOR as EXAMPLE } from './examples.js';
import { figureOf } from './figure.js';
import { historyOf } from './lists.js';

@ApiTags('indicators')
@ApiBearerAuth()
@Controller('indicators')
export class IndicatorsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get(':id')
  @May('ReadStatus')
  @ApiOperation({
    summary: 'One indicator: its status, and everything that is known of it',
  })
  @ApiOkResponse(revised(documented(INDICATOR, EXAMPLE)))
  async one(
    @Param('id') id: string,
    @Query() params: VerdictParams,
    @Caller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = { ...params, as: params.as ?? 'assigned', figures: params.figures ?? 'all' } as const;
    return seenAt(reply, await this.queries.execute(new IndicatorQuery(id, asked, actor)));
  }

  @Get(':id/history')
  @May('ReadTrail')
  @OnRecord('trail')
  @ApiOperation({ summary: 'What happened to one indicator, oldest first' })
  @ApiOkResponse(tabular(documented(HISTORY)))
  async history(
    @Param('id') id: string,
    @Query() params: HistoryParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.queries.execute(new HistoryQuery(streamOf('indicator', id), params, actor));
    return historyOf(request, reply, answer);
  }

  @Post(':id/targets')
  @May('SetTarget')
  @ApiOperation({
    summary: 'Set a target, or revise the one there is (needs reason and legal basis)',
    description:
      'The same notation again changes nothing, unless the indicator has got another direction, unit or field since: then it ' +
      'is read anew, which revises the target. With a legal basis it also sets aside what a person read in it, so that it ' +
      'waits to be read again.',
  })
  @ApiCreatedResponse({ type: AnswerBody })
  target(
    @Param('id') id: string,
    @Body() body: TargetBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { milestone, notation, effectiveOn, reason } = body;
    const data = {
      indicatorId: id,
      milestone,
      notation,
      effectiveOn,
      reason: reason ?? null,
      legalBasis: basisOf(body),
    };
    return this.order(id, { type: 'SetTarget', data }, request, reply);
  }

  @Post(':id/targets/withdrawal')
  @May('WithdrawTarget')
  @ApiOperation({ summary: 'Withdraw a target' })
  @ApiCreatedResponse({ type: AnswerBody })
  withdraw(
    @Param('id') id: string,
    @Body() body: WithdrawTargetBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { milestone, effectiveOn, reason } = body;
    const data = { indicatorId: id, milestone, effectiveOn, reason, legalBasis: basisOf(body) };
    return this.order(id, { type: 'WithdrawTarget', data }, request, reply);
  }

  @Post(':id/targets/reading')
  @May('ReadCriterion')
  @ApiOperation({
    summary: 'Read a notation that the software could not',
    description:
      'What is read holds from the day from which the target holds, and until the next one takes effect.',
  })
  @ApiCreatedResponse({ type: AnswerBody })
  read(
    @Param('id') id: string,
    @Body() body: ReadCriterionBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { milestone, criterion, reason, effectiveOn } = body;
    const data = {
      ...{ indicatorId: id, milestone, criterion: criterion as Criterion, reason },
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
    };
    return this.order(id, { type: 'ReadCriterion', data }, request, reply);
  }

  @Post(':id/measurements')
  @May('ReportMeasurement')
  @ApiOperation({ summary: 'Report a figure for a period' })
  @ApiCreatedResponse({ type: AnswerBody })
  report(
    @Param('id') id: string,
    @Body() body: ReportMeasurementBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const agencyId = request.actor.role === 'reporter' ? request.actor.agencyId : null;
    const data = { indicatorId: id, period: body.period, agencyId, ...figureOf(body) };
    return this.order(id, { type: 'ReportMeasurement', data }, request, reply);
  }

  @Post(':id/assignments')
  @May('AssignIndicator', 'ReleaseIndicator', 'TransferIndicator')
  @ApiOperation({ summary: 'Assign, release or transfer responsibility' })
  @ApiCreatedResponse({ type: AnswerBody })
  assign(
    @Param('id') id: string,
    @Body() body: AssignmentBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { action, data } = assignmentOf(body);
    const type = (
      { assign: 'AssignIndicator', release: 'ReleaseIndicator', transfer: 'TransferIndicator' } as const
    )[action];
    return this.order(
      id,
      { type, data: { indicatorId: id, ...data } } as Ordered<IndicatorCommand>,
      request,
      reply,
    );
  }

  @Post(':id/rewording')
  @May('RewordIndicator')
  @ApiOperation({
    summary: 'Change title, unit, direction, guidance or formula',
    description:
      'What is left out stays as it holds on that day; null takes a unit, guidance or formula away.',
  })
  @ApiCreatedResponse({ type: AnswerBody })
  reword(
    @Param('id') id: string,
    @Body() body: RewordIndicatorBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { title, unit, guidance, effectiveOn, reason } = body;
    const data = {
      ...{ indicatorId: id, title: title ?? undefined, unit, guidance, effectiveOn, reason },
      direction: body.direction ?? undefined,
      formula: body.formula && { numerator: body.formula.numerator, denominator: body.formula.denominator },
      legalBasis: basisOf(body),
    };
    return this.order(id, { type: 'RewordIndicator', data }, request, reply);
  }

  @Post(':id/baseline')
  @May('RecordBaseline')
  @ApiOperation({ summary: 'Record the value that the plan starts from' })
  @ApiCreatedResponse({ type: AnswerBody })
  baseline(
    @Param('id') id: string,
    @Body() body: BaselineBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { notation, period, effectiveOn } = body;
    const data = { indicatorId: id, notation, period, effectiveOn, qualifier: body.qualifier ?? null };
    return this.order(id, { type: 'RecordBaseline', data }, request, reply);
  }

  @Post(':id/benchmarks')
  @May('RecordBenchmark')
  @ApiOperation({ summary: 'Record what a comparative target is compared with' })
  @ApiCreatedResponse({ type: AnswerBody })
  benchmark(
    @Param('id') id: string,
    @Body() body: BenchmarkBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { benchmark, value, period, source, effectiveOn } = body;
    return this.order(
      id,
      { type: 'RecordBenchmark', data: { indicatorId: id, benchmark, value, period, source, effectiveOn } },
      request,
      reply,
    );
  }

  @Post(':id/drop')
  @May('DropIndicator')
  @ApiOperation({ summary: 'Drop an indicator: nothing is due from that day on' })
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
      { type: 'DropIndicator', data: { indicatorId: id, effectiveOn, reason, legalBasis: basisOf(body) } },
      request,
      reply,
    );
  }

  private async order(
    id: string,
    order: Ordered<IndicatorCommand>,
    request: Request,
    reply: FastifyReply,
  ): Promise<AnswerBody> {
    return answered(reply, await this.commands.execute(new OrderIndicator(id, order, request)));
  }
}
