import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openCounters } from '../../src/adapters/redis/counters.js';
import { describeWithRedisServer } from '../support/redis/describe.js';
import { RedisServer } from '../support/redis/server.js';
import { until } from '../support/until.js';

describeWithRedisServer(() => {
  describe('where requests are counted: a server that falls silent', () => {
    let server: RedisServer;
    let counters: Redis;

    beforeEach(async () => {
      server = await RedisServer.start();
      counters = openCounters(server.url);
      await until(() => counters.status === 'ready');
    });
    afterEach(async () => {
      counters.disconnect();
      await server.close();
    });

    const counts = () =>
      counters.incr('a').then(
        () => true,
        () => false,
      );

    it('is soon not waited for any more, and counts again when it speaks', async () => {
      await until(counts);
      server.mute();
      let refusedAtOnce = 0;
      await until(async () => {
        const answer = counts();
        // What is refused within this turn of the event loop was not waited for.
        const atOnce = await Promise.race([answer.then(() => true), nextTurn(false)]);
        expect(await answer).toBe(false);
        refusedAtOnce = atOnce ? refusedAtOnce + 1 : 0;
        return refusedAtOnce >= 300;
      });
      server.unmute();
      await until(counts);
    });
  });
});
