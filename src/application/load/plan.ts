import { streamOf } from '../../domain/events.js';
import type { AgencyLife, Given } from '../../domain/given.js';
import { SECTION_CODE } from '../../domain/ids.js';
import type { IndicatorCommand } from '../../domain/indicator/commands.js';
import { indicatorDecider } from '../../domain/indicator/decider.js';
import type { Formula, IndicatorEvent } from '../../domain/indicator/events.js';
import type { Assumption, Fact, Provenance } from '../../domain/message.js';
import type { PlanCommand } from '../../domain/plan/commands.js';
import { planDecider } from '../../domain/plan/decider.js';
import type { PlanEvent } from '../../domain/plan/events.js';
import type { Direction } from '../../domain/target/criterion.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import { taskDecider } from '../../domain/task/decider.js';
import type { Deadline, TaskEvent } from '../../domain/task/events.js';
import { isDate } from '../../domain/time.js';
import type { Ordered } from '../commands/orders.js';
import { Stream } from './stream.js';
import {
  COLUMNS,
  checkName,
  checkNames,
  type Files,
  type Groups,
  groupedBy,
  list,
  OF_PLAN,
  optional,
  type Problem,
  place,
  readTable,
  required,
  type TableRow,
  taken,
} from './tables.js';

/** Every agency that a plan's tables name. */
export const agenciesNamed = ({ indicators, tasks }: PlanTables): string[] =>
  [...indicators, ...tasks].flatMap((row) => [...list(row, 'lead'), ...list(row, 'coordinating')]);

/** Everything that a folder says of one plan. */
export interface PlanTables {
  readonly plan: TableRow;
  readonly sections: readonly TableRow[];
  readonly indicators: readonly TableRow[];
  readonly targets: readonly TableRow[];
  readonly figures: readonly TableRow[];
  readonly tasks: readonly TableRow[];
  readonly assumptions: readonly TableRow[];
}

/** @param assumptions those of the plan */
export const planTables = (
  files: Files,
  plan: TableRow,
  assumptions: readonly TableRow[],
  problems: Problem[],
): PlanTables => {
  const id = required(plan, 'id');
  const table = (name: (typeof OF_PLAN)[number]) =>
    readTable(files, `${id}/${name}.csv`, COLUMNS[name], problems);
  const sections = table('sections');
  for (const row of sections) checkName(row, 'code', SECTION_CODE, problems);
  return {
    plan,
    sections,
    indicators: table('indicators'),
    targets: table('targets'),
    figures: table('figures'),
    tasks: table('tasks'),
    assumptions,
  };
};

/**
 * A plan as the streams it is to become: the plan, its indicators and tasks in the annex's order, and last what opens
 * it. What the deciders refuse, and what the tables contradict, is added to the problems.
 */
export const planStreams = (
  tables: PlanTables,
  lives: Readonly<Record<string, AgencyLife | null>>,
  { today, by }: Pick<Given, 'today' | 'by'>,
  problems: Problem[],
): Stream<Fact>[] => {
  const { plan } = tables;
  const planId = required(plan, 'id');
  const from = required(plan, 'effective_on');
  for (const column of ['effective_on', 'issued_on', 'ends_on']) {
    const day = optional(plan, column);
    if (day !== null && !isDate(day))
      problems.push({ ...place(plan, column), message: 'this is no day; write it as 2025-03-01' });
  }
  const milestones = list(plan, 'milestones');
  const sections = tables.sections.map((row) => ({
    code: required(row, 'code'),
    title: required(row, 'title'),
  }));
  const given: Given = {
    today,
    by,
    plan: { planId, from, details: [{ effectiveOn: from, value: { milestones, sections } }], closedOn: null },
    agencies: lives,
    holdings: 0,
    memberOf: [],
  };
  const maker = new PlanMaker(tables, given, planId, from, problems);
  return [maker.issue(milestones, sections), ...maker.indicators(), ...maker.tasks(), maker.open()];
};

class PlanMaker {
  private readonly file: string;
  private readonly targets: Groups;
  private readonly figures: Groups;
  private readonly assumptions: Groups;

  constructor(
    private readonly tables: PlanTables,
    private readonly given: Given,
    private readonly planId: string,
    private readonly from: string,
    private readonly problems: Problem[],
  ) {
    this.file = required(tables.plan, 'source_file');
    this.targets = groupedBy(tables.targets, 'code');
    this.figures = groupedBy(tables.figures, 'code');
    this.assumptions = groupedBy(tables.assumptions, 'row');
  }

  issue(milestones: readonly string[], sections: readonly { code: string; title: string }[]): Stream<Fact> {
    const { plan } = this.tables;
    const stream = new Stream<PlanEvent>(streamOf('plan', this.planId), this.planId, this.problems);
    const data = {
      planId: this.planId,
      title: required(plan, 'title'),
      milestones,
      sections,
      endsOn: optional(plan, 'ends_on'),
      number: optional(plan, 'number'),
      issuer: required(plan, 'issuer'),
      issuedOn: optional(plan, 'issued_on'),
      supersedes: optional(plan, 'supersedes'),
      source: this.source(plan, required(plan, 'source_table')),
      assumed: this.assumed(''),
      effectiveOn: this.from,
    };
    stream.decide(planDecider, { type: 'IssuePlan', data, given: this.given } as PlanCommand, plan, 'issued');
    return stream;
  }

  /** Opening is the last event of a load; it stands in the plan's own stream. */
  open(): Stream<Fact> {
    const stream = new Stream<PlanEvent>(streamOf('plan', this.planId), this.planId, []);
    const event: PlanEvent = { type: 'PlanOpened', data: { planId: this.planId, effectiveOn: this.from } };
    stream.decide(
      { initial: null, decide: () => [event], evolve: () => null },
      null,
      this.tables.plan,
      'opened',
    );
    return stream;
  }

  indicators(): Stream<Fact>[] {
    const { indicators, targets, figures } = this.tables;
    const codes = checkNames(indicators, 'code', this.problems);
    this.checkParents(indicators);
    for (const row of [...targets, ...figures])
      if (!codes.has(required(row, 'code')))
        this.problems.push({
          ...place(row, 'code'),
          message: `there is no indicator ${required(row, 'code')}`,
        });
    return indicators.map((row, index) => this.indicator(row, index + 1));
  }

  private indicator(row: TableRow, order: number): Stream<Fact> {
    const code = required(row, 'code');
    const indicatorId = `${this.planId}/${code}`;
    const stream = new Stream<IndicatorEvent>(streamOf('indicator', indicatorId), this.planId, this.problems);
    const decide = (
      order: Ordered<IndicatorCommand>,
      at: TableRow,
      fact: string,
      columns?: Readonly<Record<string, string>>,
    ) =>
      stream.decide(indicatorDecider, { ...order, given: this.given } as IndicatorCommand, at, fact, columns);
    const parent = optional(row, 'parent');
    const effectiveOn = this.from;
    const data = {
      ...{ indicatorId, code, order, effectiveOn },
      title: required(row, 'title'),
      unit: optional(row, 'unit'),
      direction: this.oneOf(row, 'direction', ['higher-is-better', 'lower-is-better'] as const) as Direction,
      guidance: optional(row, 'guidance'),
      formula: this.formula(row),
      parent: parent && `${this.planId}/${parent}`,
      section: optional(row, 'section'),
      deadline: optional(row, 'deadline'),
      source: this.source(row, required(row, 'source_table')),
      assumed: this.assumed(code),
    };
    const adopted = [data, { ...data, section: null }].map(
      (one) => ({ type: 'AdoptIndicator', data: one, given: this.given }) as IndicatorCommand,
    );
    stream.begin(indicatorDecider, adopted, row, 'adopted');
    const baseline = optional(row, 'baseline');
    if (baseline !== null) {
      const period = required(row, 'baseline_period');
      decide(
        { type: 'RecordBaseline', data: { indicatorId, notation: baseline, period, effectiveOn } },
        row,
        'baseline',
        { period: 'baseline_period' },
      );
    }
    const aimedAt = new Set<string>();
    for (const at of taken(this.targets, code)) {
      const milestone = required(at, 'milestone');
      if (aimedAt.has(milestone)) {
        const message = `${code} has a target for ${milestone} already`;
        this.problems.push({ ...place(at, 'milestone'), message });
        continue;
      }
      aimedAt.add(milestone);
      const notation = required(at, 'notation');
      decide(
        {
          type: 'SetTarget',
          data: { indicatorId, milestone, notation, effectiveOn, reason: null, legalBasis: null },
        },
        at,
        `target|${milestone}`,
      );
    }
    for (const role of ['lead', 'coordinating'] as const) {
      const agencies = list(row, role);
      if (agencies.length === 0) continue;
      const notation = optional(row, `${role}_notation`);
      decide(
        { type: 'AssignIndicator', data: { indicatorId, role, agencies, notation, effectiveOn } },
        row,
        role,
        { agencies: role },
      );
    }
    for (const at of taken(this.figures, code)) this.figure(at, indicatorId, decide);
    return stream;
  }

  private figure(
    row: TableRow,
    indicatorId: string,
    decide: (order: Ordered<IndicatorCommand>, at: TableRow, fact: string) => void,
  ): void {
    const met =
      optional(row, 'met') === null ? null : this.oneOf(row, 'met', ['met', 'partly', 'not-met'] as const);
    const period = required(row, 'period');
    const evidence = optional(row, 'evidence');
    const data = {
      ...{ indicatorId, period, met, evidence },
      agencyId: null,
      value: optional(row, 'value'),
      components: null,
      qualifier: null,
      source: this.file,
      note: optional(row, 'note') ?? evidence,
    };
    decide({ type: 'ReportMeasurement', data }, row, `figure|${period}`);
  }

  tasks(): Stream<Fact>[] {
    checkNames(this.tables.tasks, 'code', this.problems);
    return this.tables.tasks.map((row, index) => this.task(row, index + 1));
  }

  private task(row: TableRow, order: number): Stream<Fact> {
    const code = `t/${required(row, 'code')}`;
    const taskId = `${this.planId}/${code}`;
    const stream = new Stream<TaskEvent>(streamOf('task', taskId), this.planId, this.problems);
    const decide = (order: Ordered<TaskCommand>, fact: string) =>
      stream.decide(taskDecider, { ...order, given: this.given } as TaskCommand, row, fact, {
        agencies: fact,
      });
    const kinds = ['date', 'yearly', 'continuous', 'condition', 'open'] as const;
    const deadline: Deadline = {
      notation: required(row, 'deadline'),
      kind: this.oneOf(row, 'deadline_kind', kinds),
      dueOn: optional(row, 'due_on'),
      condition: optional(row, 'condition'),
    };
    const effectiveOn = this.from;
    const data = {
      ...{ taskId, code, order, deadline, effectiveOn },
      section: optional(row, 'section'),
      title: required(row, 'title'),
      expectedResult: optional(row, 'expected_result'),
      source: this.source(row, required(row, 'source_table')),
      assumed: this.assumed(code),
    };
    const unplaced = { ...data, section: null };
    const open: Deadline = { notation: deadline.notation, kind: 'open', dueOn: null, condition: null };
    const tasks = [data, unplaced, { ...unplaced, deadline: open }].map(
      (one) => ({ type: 'GiveTask', data: one, given: this.given }) as TaskCommand,
    );
    stream.begin(taskDecider, tasks, row, 'given');
    for (const role of ['lead', 'coordinating'] as const) {
      const agencies = list(row, role);
      const notation = optional(row, `${role}_notation`);
      if (agencies.length > 0)
        decide({ type: 'AssignTask', data: { taskId, role, agencies, notation, effectiveOn } }, role);
    }
    return stream;
  }

  /** A row stands below the one that it belongs to. */
  private checkParents(rows: readonly TableRow[]): void {
    const above = new Set<string>();
    for (const row of rows) {
      const parent = optional(row, 'parent');
      if (parent !== null && !above.has(parent))
        this.problems.push({ ...place(row, 'parent'), message: `there is no indicator ${parent} above it` });
      above.add(required(row, 'code'));
    }
  }

  private oneOf<T extends string>(row: TableRow, column: string, allowed: readonly T[]): T {
    const value = required(row, column) as T;
    if (!allowed.includes(value))
      this.problems.push({ ...place(row, column), message: `this is one of ${allowed.join(', ')}` });
    return value;
  }

  /** `(a+b)/c`: which components are summed above and below the line; a sum stands in parentheses. */
  private formula(row: TableRow): Formula | null {
    const text = optional(row, 'formula');
    if (text === null) return null;
    const [numerator, denominator, ...more] = text.replaceAll(' ', '').split('/');
    const [above, below] = [summed(numerator), summed(denominator)];
    if (above && below && more.length === 0) return { numerator: above, denominator: below };
    this.problems.push({ ...place(row, 'formula'), message: 'a formula is written like a/b or (a+b)/c' });
    return null;
  }

  private source(row: TableRow, table: string): Provenance {
    return { file: this.file, table, row: required(row, 'source_row') };
  }

  private assumed(code: string): Assumption[] {
    return (this.assumptions.get(code) ?? []).map((row) => ({
      field: required(row, 'field'),
      reason: required(row, 'reason'),
    }));
  }
}

/** The components that one side of a formula sums: `a`, `(a+b)`; null for what is no side. */
const summed = (side: string | undefined): string[] | null => {
  const [, alone, sum] = /^(?:([a-z])|\(([a-z](?:\+[a-z])*)\))$/.exec(side ?? '') ?? [];
  return (alone ?? sum)?.split('+') ?? null;
};
