// Serves a folder's ledger until its parent lets go of it; says its address, and tokens to ask it with.
import 'reflect-metadata';
import { setTimeout } from 'node:timers/promises';
import { openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import { openLedger } from '../../src/ledger.js';
import { API, createServer } from '../../src/serve.js';
import { LaterClock } from './clock.js';
import { grantOf, type Served } from './served.js';

const [folder = ''] = process.argv.slice(2);
const clock = new LaterClock();
const ledger = await openLedger(folder, clock, (warning) => process.stderr.write(`${warning}\n`));
const issuer = await openLocalIssuer(folder);
const auth = { kind: 'local', algorithms: ['EdDSA'] } as const;
const app = await createServer({ auth, metrics: 'authenticated', log: 'silent' }, ledger, issuer);
await app.listen(0, '127.0.0.1');
const served: Served = {
  url: `${await app.getUrl()}/${API}`,
  office: await issuer.issueToken(grantOf('office'), clock.now()),
  auditor: await issuer.issueToken(grantOf('auditor'), clock.now()),
};
const POLL_MS = 10;

/** Resolves when the read models hold all that was written until now. */
const caughtUp = async () => {
  const head = await ledger.events.head();
  const names = ledger.progress.names();
  while ((await ledger.progress.checkpoints(names)).some((one) => (one ?? '') < (head ?? '')))
    await setTimeout(POLL_MS);
};

process.on('message', async ({ until }: { readonly until?: 'caught up' }) => {
  // Who waits for it goes on measuring: a collection of everything would also take back the room for new objects.
  if (until) await caughtUp();
  else globalThis.gc?.();
  process.send?.({ megabytes: process.memoryUsage().rss / 1_048_576 });
});
process.once('disconnect', async () => {
  await app.close();
  await ledger.close();
  process.exit(0);
});
process.send?.(served);
