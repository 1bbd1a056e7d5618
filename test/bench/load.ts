// The clients, in a process of their own: they send commands as fast as they are answered, or so many a second, or questions.
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { plusDays } from '../../src/domain/time.js';
import { type Job, type Round, type Sent, summary } from './jobs.js';

const TICK_MS = 20;
/** Commands of the steady writer that wait for an answer at most: a server that cannot follow is not buried, it shows in the rate. */
const MAX_UNANSWERED = 64;
/** A generation before the measuring begins: also few rows have days enough. */
const FIRST_DAY = '2001-01-01';

/** Milliseconds until a request is answered; one that is told to come again comes again at once. */
const send = async (agent: Agent, url: string, token: string, body?: string): Promise<number> => {
  const started = performance.now();
  while (!(await sendOnce(agent, url, token, body)));
  return performance.now() - started;
};

/** False when the server is busy: 64 clients on a few rows meet each other. */
const sendOnce = (agent: Agent, url: string, token: string, body?: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200 || statusCode === 201) resolve(true);
        else if (statusCode === 503) resolve(false);
        else reject(new Error(`${url} was answered ${statusCode}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });

/** The n-th command: a figure of a row for a day, which no other command names. */
const command = ({ url, ids }: Pick<Job, 'url' | 'ids'>, n: number): [url: string, body: string] => {
  const id = ids[n % ids.length] ?? '';
  const period = plusDays(FIRST_DAY, Math.floor(n / ids.length));
  // Whole, as some of the rows are places in a ranking.
  const body = { period, value: String(40 + (n % 50)), evidence: 'Báo cáo ngày của đơn vị' };
  return [`${url}/indicators/${encodeURIComponent(id)}/measurements`, JSON.stringify(body)];
};

const commands = async (job: Job): Promise<Sent> => {
  const agent = new Agent({ keepAlive: true, maxSockets: job.clients });
  const times: number[] = [];
  let next = job.from;
  const started = performance.now();
  const until = started + job.seconds * 1_000;
  const client = async () => {
    // Once at least: the time may be over before it is looked at.
    do times.push(await send(agent, ...of(job, next++)));
    while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: job.clients }, client));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return { ...summary(times), perSecond: times.length / seconds, next };
};

const of = (job: Job, n: number): [string, string, string] => {
  const [url, body] = command(job, n);
  return [url, job.token, body];
};

/** Asks each question again and again, one at a time, while commands arrive at a steady rate. */
const questions = async (job: Job): Promise<Round> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const stopping = new AbortController();
  let next = job.from;
  const unanswered = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  const write = () => {
    const sent = send(agent, ...of(job, next++))
      .catch((error) => failures.push(error))
      .finally(() => unanswered.delete(sent));
    unanswered.add(sent);
  };
  const started = performance.now();
  const writer = async () => {
    while (!stopping.signal.aborted) {
      const due = job.from + ((performance.now() - started) / 1_000) * job.writesPerSecond;
      while (next < due && unanswered.size < MAX_UNANSWERED) write();
      await setTimeout(TICK_MS);
    }
    await Promise.all(unanswered);
    if (failures.length > 0) throw failures[0];
  };
  const writing = writer();
  const times: Record<string, number[]> = {};
  for (const [name, path] of Object.entries(job.questions)) {
    const answered: number[] = [];
    const until = performance.now() + job.seconds * 1_000;
    for (let n = -job.warmUp; n < job.times && performance.now() < until; n++) {
      const time = await send(agent, `${job.url}${path}`, job.reader);
      if (n >= 0) answered.push(time);
    }
    times[name] = answered;
  }
  stopping.abort();
  await writing;
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return { times, writes: next - job.from, seconds, next };
};

process.on('message', async (job: Job) => {
  try {
    process.send?.(job.kind === 'commands' ? await commands(job) : await questions(job));
  } catch (error) {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  }
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
