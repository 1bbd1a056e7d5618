import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OrderReorganization } from '../../application/commands/orders.js';
import {
  PreviewQuery,
  ReorganizationQuery,
  ReorganizationsQuery,
} from '../../application/queries/reorganizations.js';
import type { Request } from '../../application/request.js';
import { Rejected } from '../../domain/decider.js';
import type { Actor } from '../../domain/message.js';
import type { Decree, Scope } from '../../domain/reorganization/events.js';
import { PREVIEW, REORGANIZATION, REORGANIZATION_PAGE } from '../answers/agency.js';
import { documented, revised } from '../answers/documented.js';
import { eitherOf, known } from '../answers/schema.js';
import { Caller } from '../auth/caller.js';
import { May } from '../auth/guard.js';
import { basisOf, FoundedBody } from '../bodies/common.js';
import { AfterParams, PageParams } from '../bodies/queries.js';
import { type AllocationBody, DecreeBody, PreviewParams } from '../bodies/reorganization.js';
import { OnRecord } from '../http/access.interceptor.js';
import { AnswerBody, answered } from '../http/answer.js';
import { seenAt } from '../http/etag.js';
import { AsRequest } from '../http/request.js';
import { listed, pagingOf } from './lists.js';

@ApiTags('reorganizations')
@ApiBearerAuth()
@Controller('reorganizations')
export class ReorganizationsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @May('ReadReorganizations')
  @ApiOperation({ summary: 'The reorganizations, the earliest first' })
  @ApiOkResponse(documented(REORGANIZATION_PAGE))
  async list(@Query() params: PageParams) {
    const paging = pagingOf('reorganizations', params);
    return listed('reorganizations', await this.queries.execute(new ReorganizationsQuery(params, paging)));
  }

  @Get(':id')
  @May('ReadReorganizations')
  @OnRecord('trail')
  @ApiOperation({ summary: 'One decree, its progress, everything that it moved, and what came after' })
  @ApiOkResponse(revised(documented(REORGANIZATION)))
  async one(
    @Param('id') id: string,
    @Query() { after }: AfterParams,
    @Caller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return seenAt(reply, await this.queries.execute(new ReorganizationQuery(id, after, actor)));
  }

  @Post()
  @May('DecreeReorganization', 'PreviewReorganization')
  @ApiOperation({ summary: 'Decree a reorganization, or preview what it would move' })
  @ApiCreatedResponse({ type: AnswerBody })
  @ApiOkResponse({
    ...revised(documented(eitherOf(PREVIEW, known<AnswerBody>('AnswerBody')))),
    description: 'What it would move; or, without `preview`, that there was nothing new to record',
  })
  async decree(
    @Body() body: DecreeBody,
    @Query() { preview }: PreviewParams,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const data = decreeOf(body);
    if (preview === 'true') {
      void reply.code(200);
      return this.queries.execute(new PreviewQuery(data, request.actor));
    }
    const { reorganizationId } = data;
    const order = { type: 'DecreeReorganization', data } as const;
    return answered(
      reply,
      await this.commands.execute(new OrderReorganization(reorganizationId, order, request)),
      reorganizationId,
    );
  }

  @Post(':id/revocation')
  @May('RevokeReorganization')
  @ApiOperation({ summary: 'Revoke a decree: what has not changed hands since is given back' })
  @ApiCreatedResponse({ type: AnswerBody })
  async revoke(
    @Param('id') id: string,
    @Body() body: FoundedBody,
    @AsRequest() request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { effectiveOn, reason } = body;
    const data = { reorganizationId: id, effectiveOn, reason, legalBasis: basisOf(body) };
    const order = { type: 'RevokeReorganization', data } as const;
    return answered(reply, await this.commands.execute(new OrderReorganization(id, order, request)));
  }
}

const decreeOf = (body: DecreeBody): PreviewQuery['decree'] => {
  const { reorganizationId, kind, predecessors, successors, effectiveOn, reason } = body;
  return {
    ...{ reorganizationId, kind, predecessors, successors, effectiveOn, reason },
    legalBasis: basisOf(body),
    establishes: (body.establishes ?? []).map(({ agencyId, name, shortName, level }) => ({
      agencyId,
      name,
      shortName: shortName ?? null,
      level,
    })),
    renaming: body.renaming ? { name: body.renaming.name, shortName: body.renaming.shortName ?? null } : null,
    allocations: body.allocations.map((allocation, index): Decree['allocations'][number] => ({
      predecessor: allocation.predecessor,
      successor: allocation.successor,
      scope: scopeOf(allocation, index),
      role: allocation.role ?? null,
    })),
  };
};

const scopeOf = ({ scope = 'all', planId, section, id }: AllocationBody, index: number): Scope => {
  const lacks = (field: string) =>
    new Rejected('ScopeUnclear', `A scope of ${scope} says which.`, `allocations[${index}].${field}`);
  switch (scope) {
    case 'all':
      return { kind: scope };
    case 'plan':
      if (!planId) throw lacks('planId');
      return { kind: scope, planId };
    case 'section':
      if (!planId) throw lacks('planId');
      if (!section) throw lacks('section');
      return { kind: scope, planId, section };
    case 'indicator':
    case 'task':
      if (!id) throw lacks('id');
      return { kind: scope, id };
  }
};
