import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Logs } from '../../support/logs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { NOW, OFFICE, type Served, serveLocally } from '../foundations/support.js';

/** A server in a hurry: what takes 15 seconds elsewhere is too long after a fifth of one. */
const HURRY = { head: 200, request: 400, next: 200, silence: 600, check: 50 };

const folder = temporaryFolder();
let served: Served;
/** One with all the time there is, for what is answered before it is over. */
let patient: Served;
let token = '';
beforeAll(async () => {
  const local = await serveLocally(folder, HURRY);
  served = local;
  patient = await serveLocally(folder);
  token = await local.issuer.issueToken(OFFICE, NOW);
});
afterAll(async () => {
  await served.close();
  await patient.close();
});

const opened = ({ base }: Served): Socket => {
  const { hostname, port } = new URL(base);
  return connect(Number(port), hostname);
};

/** Everything that comes back until the server closes. */
const answerTo = async (server: Served, said: string): Promise<string> => {
  const socket = opened(server);
  socket.write(said);
  return text(socket);
};

const head = (more: string) =>
  `POST /api/v1/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${more}`;
const WITHOUT_TOKEN = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"a":';
const TOO_SLOW = /^HTTP\/1\.1 408 [\s\S]*application\/problem\+json[\s\S]*urn:so-cai:problem:request-timeout/;

describe('who keeps the server waiting', () => {
  it('with the head of a request is answered 408', async () => {
    expect(await answerTo(served, head('X-Slow: '))).toMatch(TOO_SLOW);
  });

  it('with its body is answered 408, however many bytes still trickle in', async () => {
    const socket = opened(served);
    socket.write(head('Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n'));
    const trickle = setInterval(() => socket.writable && socket.write(' '), 20);
    socket.on('error', () => undefined);
    expect(await text(socket)).toMatch(TOO_SLOW);
    clearInterval(trickle);
  });

  it('with the body of a request without a token is answered 401 before it has come', async () => {
    expect(await answerTo(served, `POST /api/v1/things HTTP/1.1\r\n${WITHOUT_TOKEN}`)).toMatch(
      /^HTTP\/1\.1 401 [\s\S]*www-authenticate: Bearer[\s\S]*urn:so-cai:problem:unauthenticated/,
    );
    expect(await answerTo(served, `POST /api/v1/nowhere HTTP/1.1\r\n${WITHOUT_TOKEN}`)).toMatch(
      /^HTTP\/1\.1 404 [\s\S]*urn:so-cai:problem:not-found/,
    );
  });

  it('and goes away in the middle of a body is no error of the server', async () => {
    const logs = new Logs();
    Logger.overrideLogger(logs.logger);
    const begun = once(patient.app.getHttpServer(), 'request') as Promise<[IncomingMessage]>;
    const socket = opened(patient);
    socket.write(head('Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"a":'));
    const [request] = await begun;
    // The token was good: it reads the body.
    await until(() => request.listenerCount('data') > 0);
    socket.destroy();
    await until(() => logs.lines.length > 0);
    expect(logs.lines).toEqual([expect.stringMatching(/^debug \S+ .*: aborted Problem$/)]);
  });

  it('with a first word is left', async () => {
    const socket = opened(served);
    socket.resume();
    await once(socket, 'close');
  });

  it('with a second request is left after the first', async () => {
    const answer = await answerTo(served, 'GET /api/v1/open HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"open":true\}$/);
  });

  it('and does not read a long answer is left', async () => {
    let given = 0;
    served.script.rows = (async function* () {
      for (;;) {
        given += 1;
        yield { code: 'x'.repeat(10_000), value: '1' };
      }
    })();
    const taken = once(served.app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const socket = opened(served);
    socket.write(`GET /api/v1/rows.csv HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.on('error', () => undefined);
    const [there] = await taken;
    await once(there, 'close');
    // No more than the buffers between hold was made for somebody who does not read.
    expect(given).toBeLessThan(5_000);
    socket.destroy();
  });
});

describe('what two readers of a request could take for two things', () => {
  it.each([
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}  '],
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a length that is none', 'Content-Length: +4\r\n\r\n{}  '],
    ['a folded line', 'X-A: b\r\n c: d\r\nContent-Length : 4\r\n\r\n{}  '],
    ['a line end in a header', 'X-A: b\nContent-Length: 4\r\n\r\n{}  '],
    ['a NUL in a header', 'X-A: b\0\r\n\r\n'],
    ['an encoding of another kind', 'Transfer-Encoding: gzip\r\n\r\n{}'],
  ])('is refused: %s', async (_, rest) => {
    expect(await answerTo(patient, head(rest))).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*urn:so-cai:problem:invalid-request/,
    );
  });

  it('is refused: a question for what was sent', async () => {
    const answer = await answerTo(
      patient,
      `TRACE /api/v1/open HTTP/1.1\r\nHost: a\r\nX-Secret: bi-mat\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).not.toContain('bi-mat');
  });

  it('is refused: an expectation that is none', async () => {
    expect(await answerTo(patient, head('Expect: a miracle\r\nContent-Length: 2\r\n\r\n{}'))).toMatch(
      /^HTTP\/1\.1 417 [\s\S]*urn:so-cai:problem:expectation-failed/,
    );
  });
});
