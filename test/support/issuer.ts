// An issuer of tokens in a process of its own: `GET /keys` publishes its keys, or misbehaves as it was told; `POST /`
// tells it what to do. Prints the port that it listens on.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';

/** How `/keys` answers. */
export type Mood =
  | 'up'
  | 'failing'
  | 'garbled'
  | 'no keys'
  | 'redirecting'
  | 'breaking'
  | 'hanging'
  | 'dripping'
  | 'flooding';

export type Order =
  | { readonly do: 'answer'; readonly mood: Mood }
  /** Publishes a new key and withdraws the oldest; answers the new one's kid. */
  | { readonly do: 'rotate'; readonly alg: string }
  | {
      readonly do: 'sign';
      readonly kid: string;
      readonly claims: object;
      readonly header?: Partial<JWTHeaderParameters>;
    }
  /** How often `/keys` and every other address was asked since the last time. */
  | { readonly do: 'count' };

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const KEPT = 2;
const every: Key[] = [];
let made = 0;
let mood: Mood = 'up';
const asked = { keys: 0, elsewhere: 0 };

const publish = async (alg: string): Promise<string> => {
  const pair = await generateKeyPair(alg, { extractable: true });
  const kid = `k${++made}`;
  every.push({
    kid,
    alg,
    privateKey: pair.privateKey,
    jwk: { ...(await exportJWK(pair.publicKey)), kid, alg },
  });
  return kid;
};

const MOODS: Readonly<Record<Mood, (response: ServerResponse) => void>> = {
  up: (response) =>
    void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ keys: every.slice(-KEPT).map(({ jwk }) => jwk) })),
  failing: (response) => void response.writeHead(500).end('stack trace'),
  garbled: (response) => void response.end('<html>'),
  'no keys': (response) => void response.end('{"keys":["k1",null]}'),
  redirecting: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  breaking: (response) => void response.destroy(),
  hanging: () => undefined,
  dripping: (response) => {
    const drops = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drops));
  },
  flooding: (response) => {
    const pour = () => {
      while (!response.destroyed && response.write(' '.repeat(16_384)));
    };
    response.on('drain', pour);
    pour();
  },
};

const obey = async (order: Order): Promise<unknown> => {
  switch (order.do) {
    case 'answer':
      mood = order.mood;
      return null;
    case 'rotate':
      return publish(order.alg);
    case 'count': {
      const counted = { ...asked };
      asked.keys = 0;
      asked.elsewhere = 0;
      return counted;
    }
    case 'sign': {
      const key = every.find(({ kid }) => kid === order.kid) ?? every[0];
      if (!key) throw new Error('there is no key yet');
      return new SignJWT({ ...order.claims })
        .setProtectedHeader({ alg: key.alg, kid: order.kid, ...order.header })
        .sign(key.privateKey);
    }
  }
};

const read = async (request: IncomingMessage): Promise<Order> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Order;
};

const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    response.end(JSON.stringify(await obey(await read(request))));
    return;
  }
  if (request.url === '/keys') {
    asked.keys += 1;
    MOODS[mood](response);
    return;
  }
  asked.elsewhere += 1;
  response.end('{"keys":[]}');
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
