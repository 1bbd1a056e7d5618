import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Sent } from './requests.js';

/** How many requests are under way at once. */
export const CONNECTIONS = 16;
/** Longest that an answer may take, in milliseconds. */
const MAX_ANSWER_MS = 30_000;

/** What came back. A stream of events has no end: it is left after its head. */
export interface Got {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** Sends requests as they are, over connections that are kept. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor(private readonly base: string) {}

  /** @throws Error when the connection ends without an answer */
  send({ method, path, headers, body }: Omit<Sent, 'sender'>): Promise<Got> {
    return new Promise((resolve, reject) => {
      const { hostname, port, pathname } = new URL(this.base);
      const options = {
        ...{ hostname, port, method, agent: this.agent },
        headers: { ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
        path: `${pathname}${path}`,
        signal: AbortSignal.timeout(MAX_ANSWER_MS),
      };
      const sent = request(options, (response) => {
        const type = response.headers['content-type'] ?? '';
        const got = (said: string): Got => ({
          status: response.statusCode ?? 0,
          type,
          retryAfter: response.headers['retry-after'] ?? null,
          text: said,
        });
        if (type.startsWith('text/event-stream')) {
          left(response);
          resolve(got(''));
        } else text(response).then(got).then(resolve, reject);
      });
      sent.on('error', reject);
      if (body === null) sent.end();
      else sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const left = (response: IncomingMessage): void => {
  response.on('error', () => undefined);
  response.destroy();
};
