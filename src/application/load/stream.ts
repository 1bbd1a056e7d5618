import { v5 as uuidv5 } from 'uuid';
import { canonicalText } from '../../domain/canonical.js';
import { type Decider, Rejected } from '../../domain/decider.js';
import { same } from '../../domain/given.js';
import type { Fact } from '../../domain/message.js';
import type { Problem, TableRow } from './tables.js';

/** Ids of loaded events are derived under this name from stream and fact, so that a load repeats nothing. */
const LOADED = '6f1c2f5e-6c0d-5d55-9a44-2f8f6f0b7a11';

export interface Planned<E extends Fact> {
  readonly id: string;
  readonly fact: E;
  /** The row it was read from. */
  readonly at: Pick<TableRow, 'file' | 'row'>;
}

/** A stream as a folder wants it to be: decided from nothing, row by row, by the deciders that commands go through. */
export class Stream<E extends Fact> {
  readonly planned: Planned<E>[] = [];
  private state: unknown;
  private begun = false;
  /** What begins the stream was refused: that everything after it would be refused too is no news. */
  private unborn = false;

  constructor(
    readonly name: string,
    readonly planId: string | null,
    private readonly problems: Problem[],
  ) {}

  get facts(): E[] {
    return this.planned.map(({ fact }) => fact);
  }

  /**
   * Decides the command that the stream begins with. Where it is refused, the stream is checked on as if it began with the
   * next one, which lacks what may have been refused; every refusal is a problem of the row, told once.
   */
  begin<C, S>(decider: Decider<C, S, E>, commands: readonly C[], at: TableRow, fact: string): void {
    this.unborn = !commands.some((command) => this.takes(decider, command, at, fact, {}));
  }

  /**
   * Decides one command; what it refuses is a problem of the row. `fact` tells the row's facts apart; `columns` says
   * where this table calls a field by a name of its own.
   */
  decide<C, S>(
    decider: Decider<C, S, E>,
    command: C,
    at: TableRow,
    fact: string,
    columns: Readonly<Record<string, string>> = {},
  ): void {
    if (this.unborn) return;
    const isTaken = this.takes(decider, command, at, fact, columns);
    this.unborn = !isTaken && !this.begun;
  }

  private takes<C, S>(
    decider: Decider<C, S, E>,
    command: C,
    { file, row }: TableRow,
    fact: string,
    columns: Readonly<Record<string, string>>,
  ): boolean {
    const state = (this.begun ? this.state : decider.initial) as S;
    try {
      const facts = decider.decide(command, state);
      for (const [n, one] of facts.entries())
        this.planned.push({ id: uuidv5(`${this.name}|${fact}|${n}`, LOADED), fact: one, at: { file, row } });
      this.state = facts.reduce((folded, one) => decider.evolve(folded, one), state);
      this.begun = true;
      return true;
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      const column = error.field && (columns[error.field] ?? COLUMN_OF[error.field] ?? error.field);
      const problem = { file, row, column, message: error.message };
      if (!same(this.problems.at(-1), problem)) this.problems.push(problem);
      return false;
    }
  }
}

/** Whether a stream begins with a fact, so that nothing may be there before it: a plan is opened after it was entered. */
export const begins = (planned: Planned<Fact>, { planned: [first] }: Stream<Fact>): boolean =>
  planned === first && planned.fact.type !== 'PlanOpened';

/** What a fact or an event says, as one text; that another person loaded it is no difference. */
export const saying = ({ type, data }: Fact): string =>
  canonicalText({ type, data: { ...data, reportedBy: null } });

/** Where the tables call a field of a command by another name. */
const COLUMN_OF: Readonly<Record<string, string>> = {
  effectiveOn: 'effective_on',
  endsOn: 'ends_on',
  'deadline.dueOn': 'due_on',
  'deadline.condition': 'condition',
  planId: 'id',
  indicatorId: 'code',
  taskId: 'code',
  legalBasis: 'source_row',
};
