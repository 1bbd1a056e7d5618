import type { TaskEvent } from '../src/domain/task/events.js';
import { evolve, type Task } from '../src/domain/task/task.js';
import { evolved, projection } from './projection.js';

/** What is known of each task? One row a task: facts only, the verdict is computed for the asked day. */
export const taskStatus = projection<Task>({
  name: 'task-status.v1',
  fields: ['planId', 'order'],
  // Found by its key, which begins with its plan's.
  indexed: [],
  keys: ({ stream }) => (stream.startsWith('task-') ? [stream.slice('task-'.length)] : []),
  fold: (row, event) => evolved(evolve(row ?? null, event as unknown as TaskEvent), event),
});
