import { type Decider, fold, Rejected } from '../../src/domain/decider.js';
import type { AgencyLife, Given, PlanGiven } from '../../src/domain/given.js';
import type { IndicatorCommand } from '../../src/domain/indicator/commands.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import type { Indicator } from '../../src/domain/indicator/indicator.js';
import type { Actor, Fact } from '../../src/domain/message.js';
import type { TaskCommand } from '../../src/domain/task/commands.js';
import { taskDecider } from '../../src/domain/task/decider.js';
import type { Task } from '../../src/domain/task/task.js';
import { dayOf } from '../../src/domain/time.js';

/** What one command made of one stream, and when. `at` is an instant (ISO UTC with milliseconds). */
export interface Written {
  readonly stream: string;
  readonly planId: string | null;
  readonly facts: readonly Fact[];
  readonly actor: Actor;
  readonly at: string;
}

export type Ordered<C> = C extends { readonly type: infer T; readonly data: infer D }
  ? { readonly type: T; readonly data: D }
  : never;

/** A stream that commands are given to, and what the deciders made of it. */
class Subject<C extends { readonly given: Given }, S, E extends Fact> {
  constructor(
    private readonly decider: Decider<C, S, E>,
    readonly stream: string,
    private readonly plan: PlanGiven,
    private readonly agencies: Readonly<Record<string, AgencyLife | null>>,
    public state: S,
  ) {}

  /** Decides a command as its handler would; null when it asks for nothing new, or is refused. */
  order(command: Ordered<C>, actor: Actor, at: string): Written | null {
    const given: Given = {
      ...{ today: dayOf(at), by: actor.subject, plan: this.plan, agencies: this.agencies },
      holdings: 0,
      memberOf: [],
    };
    const facts = this.decided({ ...command, given } as unknown as C);
    if (facts.length === 0) return null;
    for (const fact of facts) this.state = this.decider.evolve(this.state, fact);
    return { stream: this.stream, planId: this.plan.planId, facts, actor, at };
  }

  private decided(command: C): readonly E[] {
    try {
      return this.decider.decide(command, this.state);
    } catch (error) {
      if (error instanceof Rejected) return [];
      throw error;
    }
  }
}

export type IndicatorSubject = Subject<IndicatorCommand, Indicator | null, never>;
export type TaskSubject = Subject<TaskCommand, Task | null, never>;

type Agencies = Readonly<Record<string, AgencyLife | null>>;

export const indicatorSubject = (
  stream: string,
  plan: PlanGiven,
  agencies: Agencies,
  facts: readonly Fact[],
): IndicatorSubject => {
  const decider = indicatorDecider as unknown as Decider<IndicatorCommand, Indicator | null, never>;
  return new Subject(decider, stream, plan, agencies, fold(decider, facts as never[]));
};

export const taskSubject = (
  stream: string,
  plan: PlanGiven,
  agencies: Agencies,
  facts: readonly Fact[],
): TaskSubject => {
  const decider = taskDecider as unknown as Decider<TaskCommand, Task | null, never>;
  return new Subject(decider, stream, plan, agencies, fold(decider, facts as never[]));
};
