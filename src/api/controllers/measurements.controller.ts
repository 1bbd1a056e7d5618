import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { indicatorIdOf } from '../../application/commands/ids.js';
import { type Ordered, OrderIndicator } from '../../application/commands/orders.js';
import { MeasurementQuery, MeasurementsQuery } from '../../application/queries/measurements.js';
import type { Request } from '../../application/request.js';
import type { IndicatorCommand } from '../../domain/indicator/commands.js';
import type { Actor } from '../../domain/message.js';
import { documented, revised } from '../answers/documented.js';
import { MEASUREMENT_PAGE, ONE_MEASUREMENT } from '../answers/indicator.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { basisOf } from '../bodies/common.js';
import { AcceptMeasurementBody, CorrectMeasurementBody, FigureReasonBody } from '../bodies/indicator.js';
import { AfterParams, MeasurementsParams } from '../bodies/queries.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { AsRequest } from '../http/request.js';
import { figureOf } from './figure.js';
import { listed, pagingOf } from './lists.js';

@ApiTags('measurements')
@ApiBearerAuth()
@Controller('measurements')
export class MeasurementsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @May('ReadAcceptedFigures', 'ReadUnacceptedFigures')
  @OnRecord('trail')
  @ApiOperation({
    summary: 'What waits for acceptance (state=reported), what I reported (reportedBy=me): the newest first',
  })
  @ApiOkResponse(documented(MEASUREMENT_PAGE))
  async list(@Query() params: MeasurementsParams, @Caller() actor: Actor) {
    return listed(
      'measurements',
      await this.queries.execute(new MeasurementsQuery(params, pagingOf('measurements', params), actor)),
    );
  }

  @Get(':mid')
  @May('ReadAcceptedFigures', 'ReadUnacceptedFigures')
  @OnRecord('trail')
  @ApiOperation({ summary: 'One figure, and everything that became of it' })
  @ApiOkResponse(revised(documented(ONE_MEASUREMENT)))
  async one(
    @Param('mid') mid: string,
    @Query() { after }: AfterParams,
    @Caller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return seenAt(reply, await this.queries.execute(new MeasurementQuery(mid, after, actor)));
  }

  @Post(':mid/acceptance')
  @May('AcceptMeasurement')
  @ApiOperation({ summary: 'Accept a figure; not by who reported it' })
  @ApiCreatedResponse({ type: AnswerBody })
  accept(
    @Param('mid') mid: string,
    @Body() body: AcceptMeasurementBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.order(
      mid,
      { type: 'AcceptMeasurement', data: { ...ids(mid), note: body.note ?? null } },
      request,
      reply,
    );
  }

  @Post(':mid/return')
  @May('ReturnMeasurement')
  @ApiOperation({ summary: 'Return a figure: it waits for a correction' })
  @ApiCreatedResponse({ type: AnswerBody })
  giveBack(
    @Param('mid') mid: string,
    @Body() body: FigureReasonBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const data = { ...ids(mid), reason: body.reason, legalBasis: basisOf(body) };
    return this.order(mid, { type: 'ReturnMeasurement', data }, request, reply);
  }

  @Post(':mid/correction')
  @May('CorrectMeasurement')
  @ApiOperation({ summary: 'Correct a figure; the old one stays in the trail' })
  @ApiCreatedResponse({ type: AnswerBody })
  correct(
    @Param('mid') mid: string,
    @Body() body: CorrectMeasurementBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const data = { ...ids(mid), ...figureOf(body), reason: body.reason, legalBasis: basisOf(body) };
    return this.order(mid, { type: 'CorrectMeasurement', data }, request, reply);
  }

  @Post(':mid/retraction')
  @May('RetractMeasurement')
  @ApiOperation({ summary: 'Retract a figure: it never counts again' })
  @ApiCreatedResponse({ type: AnswerBody })
  retract(
    @Param('mid') mid: string,
    @Body() body: FigureReasonBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const data = { ...ids(mid), reason: body.reason, legalBasis: basisOf(body) };
    return this.order(mid, { type: 'RetractMeasurement', data }, request, reply);
  }

  private async order(
    mid: string,
    order: Ordered<IndicatorCommand>,
    request: Request,
    reply: FastifyReply,
  ): Promise<AnswerBody> {
    return answered(
      reply,
      await this.commands.execute(new OrderIndicator(indicatorIdOf(mid), order, request)),
    );
  }
}

const ids = (measurementId: string) => ({ measurementId, indicatorId: indicatorIdOf(measurementId) });
