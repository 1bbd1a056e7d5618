import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrailRow } from '../../../projections/audit-trail.js';
import type { Row } from '../../../projections/projection.js';
import { evolve as evolveAgency } from '../../domain/agency/agency.js';
import { type Noun, subjectOf } from '../../domain/events.js';
import { evolve as evolveIndicator, type Indicator } from '../../domain/indicator/indicator.js';
import type { Recorded } from '../../domain/message.js';
import { evolve as evolvePlan } from '../../domain/plan/plan.js';
import { evolve as evolveReorganization } from '../../domain/reorganization/reorganization.js';
import { evolve as evolveTask, type Task } from '../../domain/task/task.js';
import type { EventStore, Position } from '../../ports/event-store.js';
import { chunksOf, STREAMS_A_TURN } from '../chunks.js';

const EVOLVE = {
  plan: evolvePlan,
  indicator: evolveIndicator,
  task: evolveTask,
  agency: evolveAgency,
  reorganization: evolveReorganization,
} as unknown as Readonly<Record<Noun, (state: unknown, event: Recorded) => unknown>>;

const evolvedAs = (kind: Noun | undefined) => (kind ? EVOLVE[kind] : () => null);

/** One stream and the states that it went through: cheap when they are asked for in the order in which they came. */
export class Life {
  private state: unknown = null;
  private folded = 0;
  /** Position of an event that could not be folded: the state stands still before it. */
  staleSince: Position | null = null;

  constructor(
    readonly events: readonly Recorded[],
    private readonly evolve: (state: unknown, event: Recorded) => unknown,
  ) {}

  /** The state after its first events; null after none. */
  after(count: number): unknown {
    if (count < this.folded) this.restart();
    for (const event of this.events.slice(this.folded, count)) {
      if (this.staleSince !== null) break;
      try {
        const next = this.evolve(this.state, event);
        // What a noun does not know of is no state.
        if (next === undefined) throw new Error(`${event.type} is unknown`);
        this.state = next;
        this.folded += 1;
      } catch {
        this.staleSince = event.position;
      }
    }
    return this.state;
  }

  /** How many of its events had been recorded up to a position. */
  countAt(position: Position): number {
    const beyond = this.events.findIndex((event) => event.position > position);
    return beyond < 0 ? this.events.length : beyond;
  }

  private restart(): void {
    this.state = null;
    this.folded = 0;
    this.staleSince = null;
  }
}

/** A subject as it stood at a position. */
interface Standing {
  readonly kind: 'indicator' | 'task';
  readonly state: Indicator | Task;
}

/** Finds the events by which subjects came into a plan or under an indicator, oldest first. */
export type Beginnings = (
  of: { readonly planId: string } | { readonly parent: string },
) => Promise<readonly Row<TrailRow>[]>;

/** Finds the indicators that an agency ever held. */
export type Holdings = (agencyId: string) => Promise<readonly string[]>;

/** Every subject as it stood at any event, from the streams alone; read once, when it is first asked for. */
export class Past {
  private readonly lives = new Map<string, Life>();
  private readonly begun = new Map<string, ReturnType<Beginnings>>();

  constructor(
    private readonly events: Pick<EventStore, 'readMany'>,
    private readonly beginnings: Beginnings,
    /** Ids of the indicators that an agency ever held, at whatever time. */
    readonly heldBy: Holdings,
  ) {}

  /** Reads streams; those that are known already are not read again. */
  async read(streams: readonly string[]): Promise<void> {
    const missing = [...new Set(streams)].filter((stream) => !this.lives.has(stream));
    for (const [n, together] of chunksOf(missing, STREAMS_A_TURN).entries()) {
      if (n > 0) await nextTurn();
      const histories = await this.events.readMany(together.map((stream) => ({ stream })));
      for (const [index, stream] of together.entries())
        this.lives.set(stream, new Life(histories[index] ?? [], evolvedAs(subjectOf(stream)?.kind)));
    }
  }

  async life(stream: string): Promise<Life> {
    await this.read([stream]);
    return this.lives.get(stream) as Life;
  }

  /** The subject of a stream as it stood at a position; null before it was there. */
  async at<State>(stream: string, position: Position): Promise<State | null> {
    const life = await this.life(stream);
    return life.after(life.countAt(position)) as State | null;
  }

  /** Ids of the indicators that stood under one at a position, in the order of their adoption. */
  async under(parent: string, position: Position): Promise<readonly string[]> {
    const begun = await this.begunBy({ parent }, position);
    return begun.flatMap(({ stream }) => subjectOf(stream)?.id ?? []);
  }

  /** The indicators that a plan had at a position, in its order, and after them its tasks. */
  async within(planId: string, position: Position): Promise<readonly Standing[]> {
    const known = await this.begunBy({ planId }, position);
    await this.read(known.map(({ stream }) => stream));
    const found: Standing[] = [];
    for (const { stream, type } of known) {
      const state = await this.at<Standing['state']>(stream, position);
      if (state) found.push({ kind: type === 'TaskGiven' ? 'task' : 'indicator', state });
    }
    return found.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  }

  private async begunBy(of: Parameters<Beginnings>[0], position: Position): ReturnType<Beginnings> {
    const key = JSON.stringify(of);
    const known = this.begun.get(key) ?? this.beginnings(of);
    this.begun.set(key, known);
    return (await known).filter((beginning) => beginning.position <= position);
  }
}

const placeOf = ({ kind, state }: Standing): string =>
  `${kind} ${String(state.order).padStart(10, '0')} ${state.id}`;
