import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import { taskDecider } from '../../domain/task/decider.js';
import { dayOf } from '../../domain/time.js';
import { traceTask } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Reader } from '../reader.js';
import { AgencyRelations } from '../relations.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { planIdOf } from './ids.js';
import { type Ordered, OrderTask } from './orders.js';

@CommandHandler(OrderTask)
export class TaskHandler implements ICommandHandler<OrderTask, Answer> {
  private readonly reader: Reader;

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.states);
  }

  async execute({ taskId, order, request }: OrderTask): Promise<Answer> {
    const planId = planIdOf(taskId);
    return handle(
      this.writing,
      {
        decider: taskDecider,
        trace: traceTask,
        stream: streamOf('task', taskId),
        planId,
        begins: order.type === 'GiveTask',
        action: order.type,
        relations: (state, now) => {
          if (state === null) throw new Rejected('UnknownTask', 'This task does not exist.', 'taskId');
          const subject = { noun: 'task', held: { ...state, parent: null }, figure: null } as const;
          return new AgencyRelations(this.reader, request.actor, subject, dayOf(now));
        },
        prepare: async (_state, now) => {
          const given = await this.reader.given(now, request.actor.subject, planId, agenciesOf(order));
          return { ...order, given } as TaskCommand;
        },
      },
      request,
    );
  }
}

const agenciesOf = (order: Ordered<TaskCommand>): string[] => {
  if (order.type === 'AssignTask') return [...order.data.agencies];
  if (order.type === 'TransferTask') return order.data.moves.map(({ to }) => to);
  return [];
};
