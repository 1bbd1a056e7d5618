import type { Stream } from '../../src/application/load/stream.js';
import type { Files } from '../../src/application/load/tables.js';
import type { Fact } from '../../src/domain/message.js';
import { OFFICE } from './people.js';
import { ENTERED_ON, PROVINCES, type Province, provinceOf } from './provinces.js';
import { quarterAt } from './quarters.js';
import { Random } from './random.js';
import { reportQuarter, widen } from './reporting.js';
import {
  type IndicatorSubject,
  indicatorSubject,
  type TaskSubject,
  taskSubject,
  type Written,
} from './subjects.js';
import { handOver, workQuarter } from './working.js';

/** Events that a row has gathered, on average, after ten years. */
const EVENTS_OF = { indicator: 96, task: 41, withoutTarget: 3 } as const;
/** Every second year some agency of a province hands everything over to another. */
const HAND_OVER_QUARTERS = 8;

interface Row {
  readonly subject: IndicatorSubject | TaskSubject;
  readonly province: Province;
}

/**
 * Ten years of provinces that report on plans shaped like the five documents, as commands in the order of time, a
 * quarter at a time. The same seed and size give the same history; a larger size has more plans, and no longer years.
 */
export function* history(files: Files, seed: number, size: number): Generator<readonly Written[], void> {
  const random = new Random(seed);
  const { entered, rows } = enter(files, size);
  let left = size;
  const cut = (written: readonly Written[]): readonly Written[] => {
    const taken: Written[] = [];
    for (const one of written) {
      if (left <= 0) break;
      const facts = one.facts.slice(0, left);
      left -= facts.length;
      taken.push(facts.length === one.facts.length ? one : { ...one, facts });
    }
    return taken;
  };
  yield cut(entered);
  for (let n = 0; left > 0; n++) yield cut(quarterOf(rows, n, random));
}

const quarterOf = (rows: readonly Row[], n: number, random: Random): readonly Written[] => {
  const quarter = quarterAt(n);
  const written: Written[] = [];
  const moves = new Map<Province, { from: string; to: string }>();
  for (const { subject, province } of rows) {
    const agencies = agenciesOf(province);
    if (n % HAND_OVER_QUARTERS === HAND_OVER_QUARTERS - 1) {
      const move = moves.get(province) ?? { from: random.pick(agencies), to: random.pick(agencies) };
      moves.set(province, move);
      if (move.from !== move.to) written.push(...handOver(subject, quarter, move, random));
    }
    if (isTask(subject)) written.push(...workQuarter(subject, quarter, random));
    else {
      const more = widen(subject, quarter, agencies, random);
      if (more) written.push(more);
      written.push(...reportQuarter(subject, quarter, random));
    }
  }
  // A stable sort: what happened to one subject at one instant stays in its order.
  return written.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1));
};

const isTask = (subject: IndicatorSubject | TaskSubject): subject is TaskSubject =>
  subject.stream.startsWith('task-');

const agenciesOf = ({ lives }: Province): string[] =>
  Object.entries(lives).flatMap(([id, life]) => (life?.kind === 'agency' ? [id] : []));

/** Enters indicators and tasks, plan after plan and province after province, that gather so many events in ten years. */
const enter = (files: Files, size: number): { entered: Written[]; rows: Row[] } => {
  const entered: Written[] = [];
  const rows: Row[] = [];
  let expected = 0;
  const write = (stream: Stream<Fact>, planId: string | null) => {
    const at = `${ENTERED_ON}T01:00:00.000Z`;
    entered.push({ stream: stream.name, planId, facts: stream.facts, actor: OFFICE, at });
    expected += expectedOf(stream);
  };
  for (let number = 1; number <= PROVINCES && expected < size; number++) {
    const province = provinceOf(files, number);
    for (const agency of province.agencies) write(agency, null);
    for (const { given, streams } of province.plans) {
      const [issued, ...others] = streams;
      const opened = others.pop();
      if (!issued || !opened || expected >= size) break;
      write(issued, given.planId);
      for (const stream of others) {
        if (expected >= size) break;
        write(stream, given.planId);
        const { name, facts } = stream;
        const make = name.startsWith('task-') ? taskSubject : indicatorSubject;
        rows.push({ subject: make(name, given, province.lives, facts), province });
      }
      write(opened, given.planId);
    }
  }
  return { entered, rows };
};

const expectedOf = ({ name, facts }: Stream<Fact>): number => {
  if (name.startsWith('task-')) return EVENTS_OF.task;
  if (!name.startsWith('indicator-')) return facts.length;
  return facts.some(({ type }) => type === 'TargetSet') ? EVENTS_OF.indicator : EVENTS_OF.withoutTarget;
};
