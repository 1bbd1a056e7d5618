import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { holdersAt } from '../../domain/assignment.js';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { Actor } from '../../domain/message.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import { taskDecider } from '../../domain/task/decider.js';
import type { Task } from '../../domain/task/task.js';
import { dayOf } from '../../domain/time.js';
import { traceTask } from '../../domain/trail.js';
import { Forbidden } from '../errors.js';
import { handle, type Writing } from '../handle.js';
import { mayOrder } from '../policy.js';
import { Reader } from '../reader.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { planIdOf } from './ids.js';
import { type Ordered, OrderTask } from './orders.js';

@CommandHandler(OrderTask)
export class TaskHandler implements ICommandHandler<OrderTask, Answer> {
  private readonly reader: Reader;

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.events);
  }

  async execute({ taskId, order, request }: OrderTask): Promise<Answer> {
    const onlyLed = mayOrder(request.actor, order.type);
    const planId = planIdOf(taskId);
    return handle(
      this.writing,
      {
        decider: taskDecider,
        trace: traceTask,
        stream: streamOf('task', taskId),
        planId,
        prepare: async (state, now) => {
          if (onlyLed) await this.leads(request.actor, state, dayOf(now));
          const given = await this.reader.given(now, request.actor.subject, planId, agenciesOf(order));
          return { ...order, given } as TaskCommand;
        },
      },
      request,
    );
  }

  private async leads(actor: Actor, state: Task | null, today: string): Promise<void> {
    if (state === null) throw new Rejected('UnknownTask', 'This task does not exist.', 'taskId');
    const leads = holdersAt(state.assignments, 'lead', today);
    if (actor.agencyId === null || !(await this.reader.isAmong(actor.agencyId, leads, today)))
      throw new Forbidden(`${actor.agencyId ?? 'Your agency'} does not lead this task today.`);
  }
}

const agenciesOf = (order: Ordered<TaskCommand>): string[] => {
  if (order.type === 'AssignTask') return [...order.data.agencies];
  if (order.type === 'TransferTask') return order.data.moves.map(({ to }) => to);
  return [];
};
