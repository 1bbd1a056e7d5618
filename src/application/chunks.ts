/** Streams read and folded together, before others get their turn. */
export const STREAMS_A_TURN = 20;

/** A list in pieces of at most a size, in order. */
export const chunksOf = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
