import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streamOf } from '../../domain/events.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import { allocatesAll } from '../../domain/reorganization/allocation.js';
import type { DecreeReorganization, ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import { ending } from '../../domain/reorganization/reorganization.js';
import { traceReorganization } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { affectedBy, givenTo, placesOf } from '../reorganization/affected.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { OrderReorganization } from './orders.js';

type Undecided = DecreeReorganization['data'];

@CommandHandler(OrderReorganization)
export class ReorganizationHandler implements ICommandHandler<OrderReorganization, Answer> {
  private readonly reader: Reader;

  constructor(
    @Inject(WRITING) private readonly writing: Writing,
    @Inject(Questions) private readonly questions: Questions,
  ) {
    this.reader = new Reader(writing.states);
  }

  async execute({ reorganizationId, order, request }: OrderReorganization): Promise<Answer> {
    return handle(
      this.writing,
      {
        decider: reorganizationDecider,
        trace: traceReorganization,
        stream: streamOf('reorganization', reorganizationId),
        planId: null,
        begins: order.type === 'DecreeReorganization',
        action: order.type,
        relations: null,
        prepare: async (_state, now) => {
          const decree = order.type === 'DecreeReorganization' ? order.data : null;
          const named = decree ? [...decree.predecessors, ...decree.successors] : [];
          const { given } = await givenTo(named, this.reader, now, request.actor.subject);
          const affected = decree ? await this.mayBeLeft(decree) : [];
          return { ...order, given, affected } as ReorganizationCommand;
        },
      },
      request,
    );
  }

  /** What an agency that ends holds is looked at only where its allocations might leave something over. */
  private async mayBeLeft(decree: Undecided): Promise<readonly Place[]> {
    const predecessors = ending(decree).filter((agency) => !allocatesAll(decree.allocations, agency));
    const asked = { predecessors, effectiveOn: decree.effectiveOn };
    return placesOf(await affectedBy(asked, this.questions, this.reader), asked);
  }
}
