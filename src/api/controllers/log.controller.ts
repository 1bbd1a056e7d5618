import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LogQuery } from '../../application/queries/log.js';
import { OverviewQuery } from '../../application/queries/overview.js';
import { DEFAULT_LIMIT } from '../../application/queries/paging.js';
import type { Actor } from '../../domain/message.js';
import { documented } from '../answers/documented.js';
import { OVERVIEW } from '../answers/plan.js';
import { LOG } from '../answers/trail.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { LogParams, VerdictParams } from '../bodies/queries.js';
import { OnRecord } from '../http/access.interceptor.js';

@ApiTags('across plans')
@ApiBearerAuth()
@Controller()
export class LogController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('events')
  @May('ReadEvents')
  @OnRecord('events')
  @ApiOperation({ summary: 'The whole log, as it was written' })
  @ApiOkResponse(documented(LOG))
  events(@Query() { after, limit }: LogParams) {
    return this.queries.execute(new LogQuery(after ?? null, limit ?? DEFAULT_LIMIT));
  }

  @Get('status')
  @May('ReadStatus')
  @ApiOperation({ summary: 'How do all plans stand, by plan and by lead agency?' })
  @ApiOkResponse(documented(OVERVIEW))
  status(@Query() params: VerdictParams, @Caller() actor: Actor) {
    const asked = { ...params, as: params.as ?? 'assigned', figures: params.figures ?? 'all' } as const;
    return this.queries.execute(new OverviewQuery(asked, actor));
  }
}
