import { once } from 'node:events';
import { BullmqJobQueue } from '../../../src/adapters/bullmq/job-queue.js';

// Begins a job, closes the queue when it is told to, and does nothing more: whatever was left open would keep this process.
const [url = '', prefix = ''] = process.argv.slice(2);
const queue = await BullmqJobQueue.open(url, { prefix, onError: () => undefined });
process.once('SIGTERM', async () => {
  await queue.close();
  process.stdout.write('closed\n');
});
// Before anybody works: whoever finds nothing to do waits for it on a connection of its own, which may never be made.
await queue.add('sweep', { key: 'a' });
const begun = new Promise<void>((resolve) => {
  queue.work('sweep', async ({ signal }) => {
    resolve();
    await once(signal, 'abort');
  });
});
await begun;
process.stdout.write('begun\n');
