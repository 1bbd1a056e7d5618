import { BullmqJobQueue } from '../../../src/adapters/bullmq/job-queue.js';

// Takes one job and never ends it: whoever started this program kills it.
const [url = '', prefix = ''] = process.argv.slice(2);
const queue = await BullmqJobQueue.open(url, { prefix, onError: () => undefined });
queue.work('sweep', async () => {
  process.stdout.write('begun\n');
  await new Promise(() => undefined);
});
