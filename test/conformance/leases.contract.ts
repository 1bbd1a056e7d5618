import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Leases, LeasesUnavailable } from '../../src/ports/leases.js';

export const TTL_MS = 5_000;

/**
 * What every keeper of leases keeps. An adapter enrols with a way to open the leases of a place, with the milliseconds
 * that the test says have passed: the same place opened again is another process with the same leases.
 */
export const describeLeases = (
  adapter: string,
  open: (place: string, now: () => number) => Promise<Leases>,
): void =>
  describe(`${adapter}: leases contract`, () => {
    const opened: Leases[] = [];
    const begin = async () => {
      const place = randomUUID();
      const time = { ms: 1_000_000 };
      const [one, other] = [await open(place, () => time.ms), await open(place, () => time.ms)];
      opened.push(one, other);
      return { one, other, time };
    };

    afterEach(async () => {
      for (const leases of opened.splice(0)) await leases.close();
    });

    it('say how long a lease stays with who does not renew it', async () => {
      const { one } = await begin();
      expect(one.ttlMs).toBe(TTL_MS);
    });

    it('give a lease to one at a time', async () => {
      const { one, other } = await begin();
      expect(await one.take('a')).toEqual({ name: 'a', epoch: 1 });
      expect(await other.take('a')).toBeUndefined();
      expect(await one.take('a')).toBeUndefined();
      expect(await other.take('b')).toEqual({ name: 'b', epoch: 1 });
    });

    it('give a lease to one of many who want it at once, each time', async () => {
      const { one, other } = await begin();
      for (const epoch of [1, 2, 3]) {
        const taken = await Promise.all(
          Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).take('a')),
        );
        expect(taken.filter((lease) => lease !== undefined)).toEqual([{ name: 'a', epoch }]);
        await one.release({ name: 'a', epoch });
      }
    });

    it('give a lease that was given back to the next, under a later epoch', async () => {
      const { one, other } = await begin();
      const lease = { name: 'a', epoch: 1 };
      await one.take('a');
      await one.release(lease);
      expect(await one.renew(lease)).toBe(false);
      expect(await other.take('a')).toEqual({ name: 'a', epoch: 2 });
      await one.release(lease);
      expect(await one.renew(lease)).toBe(false);
      expect(await other.renew({ name: 'a', epoch: 2 })).toBe(true);
      expect(await one.take('a')).toBeUndefined();
    });

    it('leave a lease with who renews it, for ever', async () => {
      const { one, other, time } = await begin();
      const lease = { name: 'a', epoch: 1 };
      await one.take('a');
      for (let beat = 0; beat < 10; beat++) {
        expect(await other.take('a')).toBeUndefined();
        time.ms += TTL_MS - 1;
        expect(await one.renew(lease)).toBe(true);
      }
      expect(await other.take('a')).toBeUndefined();
    });

    it('give a lease that nobody renews to who asks again, no sooner than its time', async () => {
      const { one, other, time } = await begin();
      const lease = { name: 'a', epoch: 1 };
      await one.take('a');
      expect(await other.take('a')).toBeUndefined();
      time.ms += TTL_MS - 1;
      expect(await other.take('a')).toBeUndefined();
      time.ms += 1;
      expect(await other.take('a')).toEqual({ name: 'a', epoch: 2 });
      expect(await one.renew(lease)).toBe(false);
      await one.release(lease);
      expect(await one.take('a')).toBeUndefined();
    });

    it('give a lease at once to who seizes it', async () => {
      const { one, other } = await begin();
      expect(await one.seize('a')).toEqual({ name: 'a', epoch: 1 });
      expect(await other.seize('a')).toEqual({ name: 'a', epoch: 2 });
      expect(await one.renew({ name: 'a', epoch: 1 })).toBe(false);
      expect(await one.take('a')).toBeUndefined();
      await other.release({ name: 'a', epoch: 2 });
      expect(await one.take('a')).toEqual({ name: 'a', epoch: 3 });
    });

    it('know nothing of a lease that was never taken', async () => {
      const { one } = await begin();
      expect(await one.renew({ name: 'a', epoch: 1 })).toBe(false);
      await one.release({ name: 'a', epoch: 1 });
      expect(await one.take('a')).toEqual({ name: 'a', epoch: 1 });
    });

    it('refuse everything after closing', async () => {
      const { one } = await begin();
      const lease = await one.seize('a');
      await one.close();
      await one.close();
      await expect(one.take('a')).rejects.toThrow(LeasesUnavailable);
      await expect(one.seize('a')).rejects.toThrow(LeasesUnavailable);
      await expect(one.renew(lease)).rejects.toThrow(LeasesUnavailable);
      await expect(one.release(lease)).rejects.toThrow(LeasesUnavailable);
    });
  });
