import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import { allocatesAll } from '../../domain/reorganization/allocation.js';
import type { DecreeReorganization, ReorganizationCommand } from '../../domain/reorganization/commands.js';
import { reorganizationDecider } from '../../domain/reorganization/decider.js';
import type { Decree } from '../../domain/reorganization/events.js';
import { ending } from '../../domain/reorganization/reorganization.js';
import { traceReorganization } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import type { Heirs } from '../heirs.js';
import { OneByOne } from '../one-by-one.js';
import { Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { affectedBy, givenTo, placesOf } from '../reorganization/affected.js';
import { carriedOut, carryOutEarlier } from '../reorganization/earlier.js';
import { nowhere, planned } from '../reorganization/planning.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { OrderReorganization } from './orders.js';

type Undecided = DecreeReorganization['data'];

/** Whether one of those that take over, or came after them, ends after the decree's day. */
const endsOnceMore = ({ effectiveOn }: Undecided, { agencies }: Given): boolean =>
  Object.values(agencies).some((life) => life?.dissolutions.some((end) => end.effectiveOn > effectiveOn));

@CommandHandler(OrderReorganization)
export class ReorganizationHandler implements ICommandHandler<OrderReorganization, Answer> {
  private readonly reader: Reader;
  /** What one order has decided, the next one knows, whichever decree it is about. */
  private readonly orders = new OneByOne();

  constructor(
    @Inject(WRITING) private readonly writing: Writing,
    @Inject(Questions) private readonly questions: Questions,
  ) {
    this.reader = new Reader(writing.states);
  }

  execute(ordered: OrderReorganization): Promise<Answer> {
    return this.orders.run(() => this.decide(ordered));
  }

  private decide({ reorganizationId, order, request }: OrderReorganization): Promise<Answer> {
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
        prepare: async (state, now) => {
          const decree = order.type === 'DecreeReorganization' && state === null ? order.data : null;
          const named = decree ? [...decree.predecessors, ...decree.successors] : [];
          await carryOutEarlier(this.writing, this.questions);
          if (decree) await carriedOut(this.questions, named);
          const { given, heirs } = await givenTo(named, this.reader, now, request.actor.subject);
          const affected = decree ? await this.mayBeLeft(decree) : [];
          const command = {
            ...{ ...order, given, affected },
            nowhere: decree ? await nowhere(decree.allocations, this.reader) : [],
          } as ReorganizationCommand;
          if (decree && endsOnceMore(decree, given)) await this.assertDoable(command, given, heirs);
          return command;
        },
      },
      request,
    );
  }

  /** Where a successor ends one day, what it is to take over after that may have nobody to go to. @throws Rejected */
  private async assertDoable(command: ReorganizationCommand, given: Given, heirs: Heirs): Promise<void> {
    const [decreed] = reorganizationDecider.decide(command, null);
    const decree = decreed?.data as Decree;
    const affected = await affectedBy(decree, this.questions, this.reader);
    await planned(decree, affected, given, heirs, this.questions);
  }

  /** What an agency that ends holds is looked at only where its allocations might leave something over. */
  private async mayBeLeft(decree: Undecided): Promise<readonly Place[]> {
    const predecessors = ending(decree).filter((agency) => !allocatesAll(decree.allocations, agency));
    const asked = { predecessors, effectiveOn: decree.effectiveOn };
    return placesOf(await affectedBy(asked, this.questions, this.reader), asked);
  }
}
