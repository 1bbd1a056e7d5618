import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { PlanCommand } from '../../domain/plan/commands.js';
import { planDecider } from '../../domain/plan/decider.js';
import { tracePlan } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Reader } from '../reader.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { OrderPlan } from './orders.js';

@CommandHandler(OrderPlan)
export class PlanHandler implements ICommandHandler<OrderPlan, Answer> {
  private readonly reader: Reader;

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.states);
  }

  async execute({ planId, order, request }: OrderPlan): Promise<Answer> {
    return handle(
      this.writing,
      {
        decider: planDecider,
        trace: tracePlan,
        stream: streamOf('plan', planId),
        planId,
        begins: order.type === 'IssuePlan',
        action: order.type,
        relations: null,
        prepare: async (_state, now) => {
          if (order.type === 'SupersedePlan' && (await this.reader.plan(order.data.by)) === null)
            throw new Rejected('NoSuchPlan', `There is no plan ${order.data.by}.`, 'by');
          const given = await this.reader.given(now, request.actor.subject, null, []);
          return { ...order, given } as PlanCommand;
        },
      },
      request,
    );
  }
}
