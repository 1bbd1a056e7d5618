import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AgencyCommand, DissolveAgency } from '../../domain/agency/commands.js';
import { agencyDecider } from '../../domain/agency/decider.js';
import { streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import { traceAgency } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Heirs } from '../heirs.js';
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
          const given = await this.reader.given(now, request.actor.subject, null, membersIn(order));
          const ending = order.type === 'DissolveAgency' ? await this.ending(agencyId, order.data) : {};
          return { ...order, given: { ...given, ...ending } } as AgencyCommand;
        },
      },
      request,
    );
  }

  /** What it holds on its last day, and how those live that come after it, and after them. */
  private async ending(
    agencyId: string,
    { effectiveOn, successors }: Ordered<DissolveAgency>['data'],
  ): Promise<Partial<Given>> {
    const agencies = (await Heirs.of(this.reader, successors)).lives();
    return { ...(await this.holdings(agencyId, effectiveOn)), agencies };
  }
}

const membersIn = (order: Ordered<AgencyCommand>): readonly string[] =>
  order.type === 'DefineAgencyGroup' || order.type === 'ChangeAgencyGroup' ? order.data.members : [];
