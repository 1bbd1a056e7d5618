import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { canonicalText } from '../../src/domain/canonical.js';
import { type Acknowledged, type Api, send } from './clients.js';
import type { StoredEvent } from './files.js';

/** Replays that are asked for at once. */
const AT_ONCE = 16;

/** Holds each reading of the log against all that was read, and acknowledged, before. */
export class LogCheck {
  /** SHA-256 of each event ever seen, by position from 1. */
  private readonly seen: string[] = [];
  /** Acknowledged commands that were looked for already; their events stay among the seen. */
  private checked = 0;

  /** How many events were seen. */
  get events(): number {
    return this.seen.length;
  }

  /** @throws AssertionError naming what is lost, changed, doubled or out of order */
  check(log: readonly StoredEvent[], acknowledged: readonly Acknowledged[]): void {
    const heads = new Map<string, number>();
    const byId = new Map<string, StoredEvent>();
    for (const [index, event] of log.entries()) {
      assert.equal(event.position, index + 1, 'positions are contiguous');
      assert.equal(event.revision, (heads.get(event.stream) ?? -1) + 1, `revisions of ${event.stream}`);
      heads.set(event.stream, event.revision);
      assert(!byId.has(event.id), `event ${event.id} is there once`);
      byId.set(event.id, event);
      this.remember(index, event);
    }
    assert(
      log.length >= this.seen.length,
      `${this.seen.length - log.length} events are gone that were there`,
    );
    for (const { command, answer } of acknowledged.slice(this.checked)) {
      const { eventIds, position, revision } = answer.body;
      const events = eventIds.map((id) => byId.get(id));
      assert(eventIds.length > 0, command.key);
      for (const event of events) {
        assert(event, `${command.key} was acknowledged, and an event of it is not there`);
        const { fingerprint } = JSON.parse(event.metadata) as { fingerprint: string };
        assert.equal(fingerprint, sha256(canonicalText(command.body)), command.key);
      }
      assert.equal(events.at(-1)?.position, Number(position), command.key);
      assert.equal(events.at(-1)?.revision, revision, command.key);
    }
    this.checked = acknowledged.length;
  }

  private remember(index: number, event: StoredEvent): void {
    const hash = sha256(JSON.stringify(event));
    const before = this.seen[index];
    if (before === undefined) this.seen.push(hash);
    else assert.equal(hash, before, `event ${event.position} is unchanged`);
  }
}

/** Sends acknowledged commands again, with their keys: each is answered as the first time. */
export const checkReplays = async (api: Api, acknowledged: readonly Acknowledged[]): Promise<void> => {
  const waiting = [...acknowledged];
  const replay = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop())
      assert.deepEqual(await send(api, one.command), one.answer, one.command.key);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, replay));
};

/** Whether rows are the same, byte for byte; the first that differs is named. */
export const checkRows = (held: ReadonlyMap<string, string>, fresh: ReadonlyMap<string, string>): void => {
  for (const [key, row] of fresh) assert.equal(held.get(key), row, `row ${key}`);
  assert.equal(held.size, fresh.size, 'rows that a rebuild does not make');
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
