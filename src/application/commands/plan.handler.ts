import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { PlanCommand } from '../../domain/plan/commands.js';
import { planDecider } from '../../domain/plan/decider.js';
import { tracePlan } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { OneByOne } from '../one-by-one.js';
import { Reader } from '../reader.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { OrderPlan } from './orders.js';

@CommandHandler(OrderPlan)
export class PlanHandler implements ICommandHandler<OrderPlan, Answer> {
  private readonly reader: Reader;
  /** Which plan takes the place of which, the next one knows, whichever plan it is about. */
  private readonly supersessions = new OneByOne();

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.states);
  }

  execute(ordered: OrderPlan): Promise<Answer> {
    const decide = () => this.decide(ordered);
    return ordered.order.type === 'SupersedePlan' ? this.supersessions.run(decide) : decide();
  }

  private decide({ planId, order, request }: OrderPlan): Promise<Answer> {
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
          if (order.type === 'SupersedePlan') await this.comesAfter(planId, order.data.by);
          const given = await this.reader.given(now, request.actor.subject, null, []);
          return { ...order, given } as PlanCommand;
        },
      },
      request,
    );
  }

  /** Refuses what takes the place of a plan when it is not there, or has itself given way to that plan. */
  private async comesAfter(planId: string, by: string): Promise<void> {
    let next = await this.reader.plan(by);
    if (next === null) throw new Rejected('NoSuchPlan', `There is no plan ${by}.`, 'by');
    const seen = new Set<string>();
    while (next?.superseded && !seen.has(next.id)) {
      seen.add(next.id);
      if (next.superseded.by === planId)
        throw new Rejected('SupersededInTurn', `${next.id} is superseded by ${planId}.`, 'by');
      next = await this.reader.plan(next.superseded.by);
    }
  }
}
