import { once } from 'node:events';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Failure } from './messages.js';

/** The caller has gone, or was sent away: nothing more to do for it. */
export class CallEnded extends Error {}

/** A read or a subscription that is being answered. */
export class ReadCall {
  readonly #ended = new AbortController();
  /** Resolves when the caller has gone or was sent away. */
  readonly ended: Promise<unknown> = once(this.#ended.signal, 'abort');

  constructor(private readonly call: ServerWritableStream<ReadReq, ReadResp>) {
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => this.#ended.abort());
  }

  get request(): ReadReq {
    return this.call.request;
  }

  /** Sends one answer; waits while the caller does not take any. @throws CallEnded */
  async send(response: ReadResp): Promise<void> {
    if (this.#ended.signal.aborted) throw new CallEnded();
    if (this.call.write(response)) return;
    await once(this.call, 'drain', { signal: this.#ended.signal }).catch(() => {
      throw new CallEnded();
    });
  }

  end(): void {
    if (!this.#ended.signal.aborted) this.call.end();
  }

  fail(failure: Failure): void {
    if (this.#ended.signal.aborted) return;
    this.call.emit('error', failure);
    this.#ended.abort();
  }
}
