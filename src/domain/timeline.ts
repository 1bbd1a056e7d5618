/**
 * Effective-dated facts of one kind, ordered by (effectiveOn, the order they were recorded in). Each entry states
 * the whole fact; an entry made late does not undo one that takes effect later.
 */
export interface Entry<T> {
  readonly effectiveOn: string;
  readonly value: T;
}
export type Timeline<T> = readonly Entry<T>[];

/** The timeline with one more entry: after every entry that takes effect on the same day or earlier. */
export const inserted = <T>(timeline: Timeline<T>, effectiveOn: string, value: T): Timeline<T> =>
  timeline.toSpliced(indexAfter(timeline, effectiveOn), 0, { effectiveOn, value });

/** The entry that holds on a day (the day itself included), or undefined before the first. */
export const entryAt = <T>(timeline: Timeline<T>, day: string): Entry<T> | undefined =>
  timeline[indexAfter(timeline, day) - 1];

/** What holds on a day, or undefined before the first entry. */
export const valueAt = <T>(timeline: Timeline<T>, day: string): T | undefined =>
  entryAt(timeline, day)?.value;

/** What holds on a day, where anything does, and on each later one that has an entry: of one day, what was recorded last. */
export const valuesFrom = <T>(timeline: Timeline<T>, day: string): readonly T[] =>
  [day, ...entriesAfter(timeline, day).map(({ effectiveOn }) => effectiveOn)]
    .map((on) => entryAt(timeline, on))
    .filter((entry) => entry !== undefined)
    .map(({ value }) => value);

/** The entries that take effect after a day: what a late entry does not undo. */
export const entriesAfter = <T>(timeline: Timeline<T>, day: string): Timeline<T> =>
  timeline.slice(indexAfter(timeline, day));

/** The entries that have taken effect by a day, this day included. */
export const entriesUntil = <T>(timeline: Timeline<T>, day: string): Timeline<T> =>
  timeline.slice(0, indexAfter(timeline, day));

const indexAfter = <T>(timeline: Timeline<T>, day: string): number => {
  let index = timeline.length;
  while (index > 0 && (timeline[index - 1] as Entry<T>).effectiveOn > day) index -= 1;
  return index;
};
