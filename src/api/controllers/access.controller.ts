import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessQuery } from '../../application/queries/access.js';
import { documented } from '../answers/documented.js';
import { ACCESS_PAGE } from '../answers/running.js';
import { May } from '../auth/guard.js';
import { AccessParams } from '../bodies/queries.js';
import { OnRecord } from '../http/access.interceptor.js';
import { listed, pagingOf } from './lists.js';

@ApiTags('running it')
@ApiBearerAuth()
@Controller('access-log')
export class AccessController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @May('ReadAccessLog')
  @OnRecord('access-log')
  @ApiOperation({ summary: 'Who read which trail, export, raw events or this list, when, and how many rows' })
  @ApiOkResponse(documented(ACCESS_PAGE))
  async list(@Query() params: AccessParams) {
    const kind = 'access-log';
    return listed(kind, await this.queries.execute(new AccessQuery(params, pagingOf(kind, params))));
  }
}
