import { LRUCache } from 'lru-cache';
import type { Row } from '../../ports/read-models.js';

/** Characters of JSON whose rows are kept parsed at most, over all collections. */
export const MAX_KEPT_CHARACTERS = 33_554_432;

/**
 * Rows as they were parsed, for the projections that fold into them again and again. A row is kept when it is read, and a
 * commit puts the new one in its place: what nobody reads takes no room.
 */
export class RowCache {
  /** The rows used last. */
  readonly #kept: LRUCache<string, Row>;

  constructor(maxCharacters = MAX_KEPT_CHARACTERS) {
    this.#kept = new LRUCache({ maxSize: maxCharacters });
  }

  get(at: string): Row | undefined {
    return this.#kept.get(at);
  }

  /** Keeps a row of some length, unless it is longer than everything may be. */
  keep(at: string, row: Row, characters: number): void {
    this.#kept.set(at, row, { size: characters });
  }

  /** Puts a row in the place of the one that is kept; does nothing where none is. */
  replace(at: string, row: Row, characters: number): void {
    if (this.#kept.has(at)) this.keep(at, row, characters);
  }
}
