import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OrderAgency, type Ordered } from '../../application/commands/orders.js';
import { AgenciesQuery, AgencyQuery, PortfolioQuery } from '../../application/queries/agencies.js';
import { HistoryQuery } from '../../application/queries/indicators.js';
import type { Paging } from '../../application/queries/paging.js';
import type { Request } from '../../application/request.js';
import { BEFORE_RECORDS } from '../../domain/agency/agency.js';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import { streamOf } from '../../domain/events.js';
import type { Actor } from '../../domain/message.js';
import { AGENCY, AGENCY_PAGE, PORTFOLIO } from '../answers/agency.js';
import { documented, revised, tabular } from '../answers/documented.js';
import { HISTORY } from '../answers/indicator.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { AliasBody, CreateAgencyBody, DissolveBody, MembersBody, RenameBody } from '../bodies/agency.js';
import { basisOf } from '../bodies/common.js';
import { HistoryParams, PortfolioParams, SearchParams, WhenParams } from '../bodies/queries.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { FieldError, InvalidRequest } from '../http/problem.js';
import { AsRequest } from '../http/request.js';
import { PORTFOLIO_COLUMNS } from './columns.js';
import { PORTFOLIO as EXAMPLE } from './examples.js';
import { historyOf, listed, listOrTable, pagingOf } from './lists.js';

/** What is said of an agency alone, or of a collective alone, is not silently lost. @throws InvalidRequest */
const refuseMixed = ({ members, establishedOn, effectiveOn }: CreateAgencyBody): void => {
  if (members && establishedOn)
    throw new InvalidRequest([
      new FieldError(
        'establishedOn',
        'A collective has no such day: effectiveOn says from when these are its members.',
      ),
    ]);
  if (!members && effectiveOn)
    throw new InvalidRequest([
      new FieldError(
        'effectiveOn',
        'This is of a collective, with its members; an agency has establishedOn.',
      ),
    ]);
};

@ApiTags('agencies')
@ApiBearerAuth()
@Controller('agencies')
export class AgenciesController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @May('ReadAgencies')
  @ApiOperation({
    summary: 'Agencies and collectives, found by name or short name (former ones, too), or by alias',
  })
  @ApiOkResponse(documented(AGENCY_PAGE))
  async list(@Query() params: SearchParams) {
    return listed(
      'agencies',
      await this.queries.execute(new AgenciesQuery(params, pagingOf('agencies', params))),
    );
  }

  @Get(':id')
  @May('ReadAgencies')
  @ApiOperation({ summary: 'One agency: its names, members, beginning and end' })
  @ApiOkResponse(revised(documented(AGENCY)))
  async one(
    @Param('id') id: string,
    @Query() params: WhenParams,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return seenAt(reply, await this.queries.execute(new AgencyQuery(id, params)));
  }

  @Get(':id/history')
  @May('ReadTrail')
  @OnRecord('trail')
  @ApiOperation({ summary: 'What happened to one agency or collective, oldest first' })
  @ApiOkResponse(tabular(documented(HISTORY)))
  async history(
    @Param('id') id: string,
    @Query() params: HistoryParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.queries.execute(new HistoryQuery(streamOf('agency', id), params, actor));
    return historyOf(request, reply, answer);
  }

  @Get(':id/portfolio')
  @May('ReadStatus')
  @OnRecord('export')
  @ApiOperation({ summary: 'Everything that an agency holds, and where it stands' })
  @ApiOkResponse(tabular(documented(PORTFOLIO, EXAMPLE)))
  async portfolio(
    @Param('id') id: string,
    @Query() params: PortfolioParams,
    @Caller() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const kind = `portfolio ${id}`;
    const asked = { ...params, as: params.as ?? 'assigned' } as const;
    const read = (paging: Paging, moment: object = {}) =>
      this.queries.execute(new PortfolioQuery(id, { ...asked, ...moment }, paging, actor));
    return listOrTable(request, reply, params, { kind, columns: PORTFOLIO_COLUMNS, read });
  }

  @Post()
  @May('EstablishAgency', 'DefineAgencyGroup')
  @ApiOperation({ summary: 'Enter an agency, or with members a collective' })
  @ApiCreatedResponse({ type: AnswerBody })
  create(
    @Body() body: CreateAgencyBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { agencyId, name, level } = body;
    refuseMixed(body);
    const naming = { agencyId, name, shortName: body.shortName ?? null, level };
    const order: Ordered<AgencyCommand> = body.members
      ? {
          type: 'DefineAgencyGroup',
          data: { ...naming, members: body.members, effectiveOn: body.effectiveOn ?? BEFORE_RECORDS },
        }
      : { type: 'EstablishAgency', data: { ...naming, establishedOn: body.establishedOn ?? null } };
    return this.order(agencyId, order, request, reply, agencyId);
  }

  @Post(':id/aliases')
  @May('AliasAgency')
  @ApiOperation({ summary: 'Another spelling of its name' })
  @ApiCreatedResponse({ type: AnswerBody })
  alias(
    @Param('id') id: string,
    @Body() { alias }: AliasBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.order(id, { type: 'AliasAgency', data: { agencyId: id, alias } }, request, reply);
  }

  @Post(':id/renaming')
  @May('RenameAgency')
  @ApiOperation({ summary: 'Another name from a day on' })
  @ApiCreatedResponse({ type: AnswerBody })
  rename(
    @Param('id') id: string,
    @Body() body: RenameBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { name, effectiveOn, reason } = body;
    const data = {
      agencyId: id,
      name,
      shortName: body.shortName ?? null,
      effectiveOn,
      reason,
      legalBasis: basisOf(body),
    };
    return this.order(id, { type: 'RenameAgency', data }, request, reply);
  }

  @Post(':id/dissolution')
  @May('DissolveAgency')
  @ApiOperation({ summary: 'Dissolve an agency that holds nothing any more and is in no collective' })
  @ApiCreatedResponse({ type: AnswerBody })
  dissolve(
    @Param('id') id: string,
    @Body() body: DissolveBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    const data = {
      agencyId: id,
      effectiveOn,
      reason,
      legalBasis: basisOf(body),
      successors: body.successors ?? [],
      reorganizationId: null,
    };
    return this.order(id, { type: 'DissolveAgency', data }, request, reply);
  }

  @Post(':id/members')
  @May('ChangeAgencyGroup')
  @ApiOperation({ summary: "A collective's members from a day on" })
  @ApiCreatedResponse({ type: AnswerBody })
  members(
    @Param('id') id: string,
    @Body() body: MembersBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { members, effectiveOn, reason } = body;
    const data = { agencyId: id, members, effectiveOn, reason, legalBasis: basisOf(body) };
    return this.order(id, { type: 'ChangeAgencyGroup', data }, request, reply);
  }

  private async order(
    agencyId: string,
    order: Ordered<AgencyCommand>,
    request: Request,
    reply: FastifyReply,
    id: string | null = null,
  ): Promise<AnswerBody> {
    return answered(reply, await this.commands.execute(new OrderAgency(agencyId, order, request)), id);
  }
}
