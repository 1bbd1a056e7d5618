import { aimsOf, type Measured, type Result } from './aims.js';

const number = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 3);

/** Rows of cells as a table of Markdown; the first row names the columns. */
const table = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const lines: readonly (readonly [what: string, of: (measured: Measured) => number])[] = [
  ['events a second written by the generator', ({ generated }) => generated.perSecond],
  ['bytes of `events.db` an event', ({ generated }) => generated.bytesPerEvent],
  ['raw read and parse, events/s', ({ replay }) => replay.raw],
  ['the rows of the trail and the figures only kept, to raw', ({ replay }) => replay.kept / replay.raw],
  ['all projections in memory, to raw', ({ replay }) => replay.memory / replay.raw],
  ['finished rows of the trail and the figures only put, to raw', ({ replay }) => replay.put / replay.raw],
  ['all projections rebuilt, to raw', ({ replay }) => replay.persisted / replay.raw],
  ['all projections rebuilt, seconds by the clock', ({ replay }) => replay.rebuildSeconds],
  ...(['one', 'many'] as const).flatMap((clients): (typeof lines)[number][] => {
    const who = clients === 'one' ? '1 client' : '64 clients';
    return [
      [`${who}: durable commands/s`, ({ commands }) => commands[clients].durable.perSecond],
      [
        `${who}: to the same request that stores nothing`,
        ({ commands }) => commands[clients].durable.perSecond / commands[clients].guarded.perSecond,
      ],
      [
        `${who}: to a bare POST`,
        ({ commands }) => commands[clients].durable.perSecond / commands[clients].bare.perSecond,
      ],
      [`${who}: commands/s until they can be read, too`, ({ commands }) => commands[clients].foldedPerSecond],
      [`${who}: p99 of a durable command, ms`, ({ commands }) => commands[clients].durable.p99],
    ];
  }),
  ...['status', 'audit', 'portfolio', 'twoClocks'].flatMap((name): (typeof lines)[number][] => [
    [`${name} p50, ms`, ({ serving }) => serving.asked[name]?.p50 ?? Number.NaN],
    [`${name} p99, ms`, ({ serving }) => serving.asked[name]?.p99 ?? Number.NaN],
  ]),
  ['writes/s meanwhile', ({ serving }) => serving.writesPerSecond],
  ['memory at rest, MB', ({ serving }) => serving.memoryAtRest],
  ['memory after the questions, MB', ({ serving }) => serving.memoryAfter],
  ['cold start to first write, ms', ({ serving }) => serving.coldStartMs],
];

/** The result as tables of Markdown. */
export const printed = (result: Result): string => {
  const { sizes, appends, machine } = result;
  const projections = Object.keys(sizes[0]?.replay.each ?? {});
  return [
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
    table([
      ['', ...sizes.map(({ size }) => `${size} events`)],
      ...lines.map(([what, of]) => [what, ...sizes.map((measured) => number(of(measured)))]),
    ]),
    table([
      ['projection, to raw', ...sizes.flatMap(({ size }) => [`${size} in memory`, `${size} rebuilt`])],
      ...projections.map((name) => [
        name,
        ...sizes.flatMap(({ replay: { each, rebuilt, raw } }) => [
          number((each[name] ?? 0) / raw),
          number((rebuilt[name] ?? 0) / raw),
        ]),
      ]),
    ]),
    `1,000 appends at once: ${number(appends.caused)}/s through the store, ${number(appends.merged)}/s moved by one decree, ${number(appends.raw)}/s as raw inserts`,
    table([
      ['aim, at the largest size', 'measured', 'aim', 'met'],
      ...aimsOf(result).map(({ what, measured, aim, met }) => [
        what,
        number(measured),
        aim,
        met ? 'yes' : 'no',
      ]),
    ]),
  ].join('\n\n');
};
