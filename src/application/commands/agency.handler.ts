import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AgencyCommand } from '../../domain/agency/commands.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import { streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import { traceAgency } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Reader } from '../reader.js';
import type { Answer } from '../request.js';
import { HOLDINGS, WRITING } from '../tokens.js';
import { OrderAgency, type Ordered } from './orders.js';

/** What an agency holds on a day or later, looked up once every event until now is in. */
export type Holdings = (agencyId: string, day: string) => Promise<Pick<Given, 'holdings' | 'memberOf'>>;

@CommandHandler(OrderAgency)
export class AgencyHandler implements ICommandHandler<OrderAgency, Answer> {
  private readonly reader: Reader;

  constructor(
    @Inject(WRITING) private readonly writing: Writing,
    @Inject(HOLDINGS) private readonly holdings: Holdings,
  ) {
    this.reader = new Reader(writing.states);
  }

  async execute({ agencyId, order, request }: OrderAgency): Promise<Answer> {
    return handle(
      this.writing,
      {
        decider: agencyDecider,
        trace: traceAgency,
        stream: streamOf('agency', agencyId),
        planId: null,
        begins: order.type === 'EstablishAgency' || order.type === 'DefineAgencyGroup',
        action: order.type,
        relations: null,
        prepare: async (_state, now) => {
          const given = await this.reader.given(now, request.actor.subject, null, agenciesOf(order));
          const held =
            order.type === 'DissolveAgency' ? await this.holdings(agencyId, order.data.effectiveOn) : {};
          return { ...order, given: { ...given, ...held } } as AgencyCommand;
        },
      },
      request,
    );
  }
}

const agenciesOf = (order: Ordered<AgencyCommand>): string[] => {
  switch (order.type) {
    case 'DefineAgencyGroup':
    case 'ChangeAgencyGroup':
      return [...order.data.members];
    case 'DissolveAgency':
      return [...order.data.successors];
    default:
      return [];
  }
};
