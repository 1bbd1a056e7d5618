import { appendFile, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type EventStore, MAX_PAGE_EVENTS, type RecordedEvent } from '../../src/ports/event-store.js';
import { pagesOf } from './delivering.js';

/** A log for several processes to follow: a file with an event a line, that the test writes. */
export class FileLog implements Pick<EventStore, 'readAll' | 'subscribeAll' | 'at' | 'head'> {
  constructor(
    private readonly file: string,
    private readonly pageSize = MAX_PAGE_EVENTS,
  ) {}

  async write(events: readonly RecordedEvent[]): Promise<void> {
    await appendFile(this.file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  async at(position: string): Promise<RecordedEvent | undefined> {
    return (await this.events()).find((event) => event.position === position);
  }

  async head(): Promise<string | null> {
    return (await this.events()).at(-1)?.position ?? null;
  }

  async *readAll(after: string | null): AsyncGenerator<readonly RecordedEvent[], void> {
    yield* pagesOf(await this.after(after), this.pageSize);
  }

  async *subscribeAll(
    after: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[], void> {
    for (let place = after; !signal.aborted; ) {
      for (const page of pagesOf(await this.after(place), this.pageSize)) {
        if (signal.aborted) return;
        yield page;
        place = page.at(-1)?.position ?? place;
      }
      await pause(5);
    }
  }

  private async after(position: string | null): Promise<RecordedEvent[]> {
    return (await this.events()).filter((event) => event.position > (position ?? ''));
  }

  private async events(): Promise<RecordedEvent[]> {
    const text = await readFile(this.file, 'utf8');
    // The last line may be on its way.
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}
