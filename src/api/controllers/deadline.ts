import type { Deadline } from '../../domain/task/events.js';
import type { DeadlineBody } from '../bodies/task.js';

export const deadlineOf = ({ notation, kind, dueOn, condition }: DeadlineBody): Deadline => ({
  notation,
  kind,
  dueOn: dueOn ?? null,
  condition: condition ?? null,
});
