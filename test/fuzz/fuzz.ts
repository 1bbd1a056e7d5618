import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import type { ActorRole } from '../../src/domain/message.js';
import { type OpenApi, operationsOf } from '../support/openapi.js';
import { ask, startServer } from '../support/program.js';
import { complaintOf, knownProblems } from './answers.js';
import { Client, type Got } from './client.js';
import { KNOWN } from './known.js';
import { LogFollower } from './log.js';
import { memoryFault, sampled } from './memory.js';
import { requestsTo, type Sender, type Sent } from './requests.js';

/** Requests that are under way together, before the log is looked at. */
const BATCH = 50;
/** The most memory that the server's objects may take, in MiB: one that keeps what it is sent ends over this. */
const HEAP_MIB = 320;
/** After so many faults it is enough. */
const MAX_FAULTS = 10;
const TOKEN_SECONDS = 8 * 3_600;

export interface Asked {
  readonly folder: string;
  readonly requests: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface Told {
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The operations, and those of them that took a request at least once. */
  readonly operations: number;
  readonly taken: ReadonlySet<string>;
  /** How many requests were answered with events, and how many the log holds. */
  readonly accepted: number;
  readonly events: number;
  /** Everything that the server printed. */
  readonly log: string;
  /** The tokens that it was sent. */
  readonly tokens: readonly string[];
}

/**
 * Drives every operation of the OpenAPI document of a server of its own, in a process of its own, over its port.
 * @throws Error that names what was sent and what is wrong with the answer
 */
export const fuzz = async ({ folder, requests, seed, say }: Asked): Promise<Told> => {
  const server = startServer({
    DATA_DIR: folder,
    SO_CAI_LOG: 'debug',
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
  });
  const url = await server.opened();
  const client = new Client(url);
  try {
    const tokens = await tokensOf(folder);
    const document = (await (await fetch(new URL('/docs/openapi.json', url))).json()) as OpenApi;
    const arbitrary = requestsTo(document, KNOWN);
    await report(url, String(tokens.office));
    const log = new LogFollower(url, String(tokens.admin));
    await log.start();
    const known = knownProblems();
    const statuses: Record<string, number> = {};
    const taken = new Set<string>();
    const heaps: number[] = [];
    const faults: string[] = [];
    for (let batch = 0; batch * BATCH < requests && faults.length < MAX_FAULTS; batch += 1) {
      const sent = fc.sample(arbitrary, { seed: seed + batch, numRuns: BATCH });
      const answers = await Promise.all(sent.map((one) => answered(client, one, tokens)));
      for (const { one, got } of answers) {
        statuses[got.status] = (statuses[got.status] ?? 0) + 1;
        if (got.status < 300) taken.add(one.operation);
        const complaint = complaintOf(one, got, known);
        if (complaint !== null)
          faults.push(`${complaint}: ${shown(one)}\n${got.status} ${got.text.slice(0, 1_000)}`);
      }
      faults.push(...(await log.faultsAfter(answers)));
      heaps.push(await sampled(url, String(tokens.admin)));
      if (batch % 40 === 39)
        say(`${(batch + 1) * BATCH} requests, ${Math.round((heaps.at(-1) ?? 0) / 2 ** 20)} MiB`);
    }
    if (faults.length > 0) throw new Error(faults.join('\n\n'));
    const grown = memoryFault(heaps);
    if (grown !== null) throw new Error(grown);
    const { err, out } = await server.stop();
    return {
      statuses,
      ...{ taken, operations: operationsOf(document).length },
      ...{ accepted: log.accepted, events: log.events, log: err + out },
      tokens: Object.values(tokens).filter((token) => token !== null),
    };
  } finally {
    client.close();
    await server.stop('SIGKILL');
  }
};

/** Reports the figures whose ids are known, so that there is something to accept, return and correct. */
const report = async (url: string, token: string): Promise<void> => {
  for (const id of KNOWN['measurements'] ?? []) {
    const [indicator = '', period] = id.replace(/#.*/, '').split('@');
    await ask(`${url}/indicators/${encodeURIComponent(indicator)}/measurements`, token, 'POST', {
      period,
      value: '60',
    });
  }
};

/** A request and its answer, and the id by which the log knows what came of it. */
export interface Exchange {
  readonly one: Sent;
  readonly got: Got;
  readonly correlation: string;
}

const answered = async (client: Client, one: Sent, tokens: Tokens): Promise<Exchange> => {
  const correlation = randomUUID();
  const token = tokens[one.sender];
  const headers = {
    ...one.headers,
    'x-correlation-id': correlation,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  try {
    return { one, got: await client.send({ ...one, headers }), correlation };
  } catch (cause) {
    throw new Error(`no answer: ${shown(one)}`, { cause });
  }
};

const shown = ({ method, path, sender, headers, body }: Sent): string =>
  `${sender} sent ${method} ${path} ${JSON.stringify(headers)} ${body === null ? '' : JSON.stringify(body.toString('latin1').slice(0, 2_000))}`;

type Tokens = Readonly<Record<Sender, string | null>>;

const tokensOf = async (folder: string): Promise<Tokens> => {
  const issuer = await openLocalIssuer(folder);
  const token = (subject: string, role: ActorRole, agency: string | null = null) =>
    issuer.issueToken(
      { subject, role, name: `Tên của ${subject}`, agency, ttlSeconds: TOKEN_SECONDS },
      new Date().toISOString(),
    );
  const admin = await token('hoa', 'admin');
  const [head = '', payload = '', signature = ''] = admin.split('.');
  return {
    admin,
    office: await token('lan', 'office'),
    colleague: await token('tuan', 'office'),
    auditor: await token('minh', 'auditor'),
    reporter: await token('vinh', 'reporter', 'vp-ubnd-tinh'),
    nobody: null,
    forged: `${head}.${payload.slice(0, -2)}AA.${signature}`,
    cut: `${head}.${payload}.`,
  };
};
