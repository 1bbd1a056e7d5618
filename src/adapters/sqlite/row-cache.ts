import type { Row } from '../../ports/read-models.js';

/** Characters of JSON whose rows are kept parsed at most, over all collections. */
export const MAX_KEPT_CHARACTERS = 33_554_432;

interface Kept {
  readonly row: Row;
  readonly characters: number;
}

/**
 * Rows as they were parsed, for the projections that fold into them again and again. A row is kept when it is read, and a
 * commit puts the new one in its place: what nobody reads takes no room.
 */
export class RowCache {
  /** The one asked for longest ago first. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;

  constructor(private readonly maxCharacters = MAX_KEPT_CHARACTERS) {}

  get(at: string): Row | undefined {
    const kept = this.#kept.get(at);
    if (kept === undefined) return undefined;
    this.#kept.delete(at);
    this.#kept.set(at, kept);
    return kept.row;
  }

  keep(at: string, row: Row, characters: number): void {
    this.forget(at);
    this.#kept.set(at, { row, characters });
    this.#characters += characters;
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= this.maxCharacters) return;
      this.forget(oldest);
    }
  }

  /** Puts a row in the place of the one that is kept; does nothing where none is. */
  replace(at: string, row: Row, characters: number): void {
    if (this.#kept.has(at)) this.keep(at, row, characters);
  }

  forget(at: string): void {
    const kept = this.#kept.get(at);
    if (kept === undefined) return;
    this.#kept.delete(at);
    this.#characters -= kept.characters;
  }
}
