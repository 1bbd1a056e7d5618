import type { EventStore, Position } from '../ports/event-store.js';
import type { Target } from './fold.js';

export interface RebuildProgress {
  readonly done: number;
  readonly eventsPerSecond: number;
  /** Estimated from the share of the log that is done; null while unknown. */
  readonly secondsLeft: number | null;
}

/**
 * Says how far a build has come, page by page, on its way to the head of the log as it is now. A pass that is begun anew
 * gives pages again: no event is counted twice.
 */
export const reporting = async (
  events: Pick<EventStore, 'head'>,
  onProgress: (progress: RebuildProgress) => void,
): Promise<NonNullable<Target['onPage']>> => {
  const head = (await events.head()) ?? '';
  const started = Date.now();
  let done = 0;
  let reached = '';
  return async (page) => {
    const fresh = page.filter(({ position }) => position > reached);
    done += fresh.length;
    reached = fresh.at(-1)?.position ?? reached;
    const seconds = Math.max(1, Date.now() - started) / 1_000;
    const share = shareOf(reached, head);
    const secondsLeft = share > 0 ? Math.ceil((seconds * (1 - share)) / share) : null;
    onProgress({ done, eventsPerSecond: Math.round(done / seconds), secondsLeft });
  };
};

/**
 * How much of the log lies before a position, as an estimate for a person who waits: positions are numbers of events in
 * one store and of bytes in another, and grow with the log in both. 0 when they are no numbers.
 */
const shareOf = (position: Position, head: Position): number => {
  const share = Number(position) / Number(head);
  return share > 0 && share <= 1 ? share : 0;
};
