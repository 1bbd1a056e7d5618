import type { Recorded } from '../src/domain/message.js';

/**
 * A row: JSON, with the position of the last event that touched it. `staleSince` is the position of an event that could
 * not be folded into it: the row stands still from there on.
 */
export type Row<Body = object> = Body & { readonly position: string; readonly staleSince?: string };

/** The rows of one projection while a page of events is folded. */
export interface Rows<Body> {
  /** The row of the key that is being folded. */
  get(key: string): Row<Body> | undefined;
  set(key: string, row: Row<Body>): void;
}

/**
 * A projection answers one question. Its name carries its version: another shape is another version, built beside the
 * old one. `fields` are the row's top-level fields that are searched by, `indexed` those of them that questions begin with
 * (all when left out); `order` is the one in whose order they ask.
 */
export interface Projection<Body = object> {
  readonly name: string;
  readonly fields: readonly string[];
  readonly indexed?: readonly string[] | undefined;
  readonly order?: string | undefined;
  /** Each event has a row of its own: none is read to be folded into. */
  readonly isJournal?: boolean | undefined;
  /** The rows that an event is folded into; none means that the event is none of its business. */
  keys(event: Recorded): readonly string[];
  /**
   * Folds one event into the row of one of its keys, and into rows that are derived from it. An event at or below the
   * row's position changes nothing. What it throws stops this key, and no other.
   */
  apply(event: Recorded, key: string, rows: Rows<Body>): void;
}

/** What a noun makes of an event: no row where it is not there yet. @throws Error for an event that it does not know of */
export const evolved = <State>(next: State | null | undefined, { type }: Pick<Recorded, 'type'>) => {
  if (next === undefined) throw new Error(`${type} is unknown`);
  return next ?? undefined;
};

/** A row while it is made: it is nobody else's yet. */
export type Writable<Body> = { -readonly [Field in keyof Body]: Body[Field] };

interface Simple<Body> {
  readonly name: string;
  readonly fields: readonly string[];
  readonly indexed?: readonly string[];
  readonly order?: string;
  readonly isJournal?: boolean;
  keys(event: Recorded): readonly string[];
  /** Gives a row of its own: never one that somebody else holds. */
  fold(row: Body | undefined, event: Recorded, key: string): Body | undefined;
}

/** A projection whose rows are folded one by one, each from itself and the event alone. */
export const projection = <Body extends object>({
  name,
  fields,
  indexed,
  order,
  isJournal,
  keys,
  fold,
}: Simple<Body>): Projection<Body> => ({
  name,
  fields,
  indexed,
  order,
  isJournal,
  keys,
  apply(event, key, rows) {
    const held = rows.get(key);
    if (held && held.position >= event.position) return;
    const next = fold(held, event, key) as (Body & { position: string }) | undefined;
    if (!next) return;
    next.position = event.position;
    rows.set(key, next);
  },
});
