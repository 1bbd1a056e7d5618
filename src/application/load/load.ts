import { lifeOf } from '../../domain/agency/agency.js';
import { AGENCY_ID } from '../../domain/ids.js';
import type { Actor, Fact } from '../../domain/message.js';
import { dayOf } from '../../domain/time.js';
import { collect, type EventStore, type RecordedEvent } from '../../ports/event-store.js';
import { KeyReused } from '../errors.js';
import type { Writing } from '../handle.js';
import { authorise } from '../policy.js';
import { Reader } from '../reader.js';
import { StreamStates } from '../stream-states.js';
import { Completing, type Known } from './completing.js';
import { agenciesNamed, planStreams, planTables } from './plan.js';
import { type Lives, noLives, registryStreams } from './registry.js';
import { begins, type Planned, type Stream, saying } from './stream.js';
import {
  AGENCIES,
  ASSUMPTIONS,
  COLUMNS,
  checkFiles,
  checkNames,
  type Files,
  groupedBy,
  PLANS,
  type Problem,
  readTable,
  required,
  type TableRow,
} from './tables.js';

export interface Loaded {
  readonly planId: string;
  readonly state: 'loaded' | 'unchanged' | 'refused' | 'checked';
  readonly indicators: number;
  readonly tasks: number;
  /** How many events this load appended, or would. */
  readonly events: number;
}

export interface LoadResult {
  readonly plans: readonly Loaded[];
  readonly agencies: number;
  readonly problems: readonly Problem[];
}

/** The ledger holds something already that does not begin as this load does. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

interface Options extends Known {
  readonly dryRun: boolean;
  /** Only into an empty ledger, or to complete what this load began. */
  readonly onlyFill?: boolean;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Loads a folder of tables: everything is checked first; a plan with a problem is left out whole, and a problem in the
 * registry of agencies leaves out everything. Event ids are derived from plan, row and fact, so that a load which was
 * cut off goes on, and a second one changes nothing. With `dryRun` nothing is written.
 * @throws Forbidden; KeyReused for a key that was used with other tables; NotEmpty; Busy; and what the store throws, as
 * OutcomeUnknown once something is written
 */
export const load = async (
  writing: Writing,
  files: Files,
  actor: Actor,
  options: Options,
): Promise<LoadResult> => {
  await authorise(actor, 'ImportTables', null);
  const repeatable = (!options.dryRun && options.repeatable) || null;
  const first = repeatable ? await writing.firstOf(repeatable.commandId) : null;
  if (first && first.metadata.fingerprint !== repeatable?.fingerprint)
    throw new KeyReused('this Idempotency-Key was used with other tables');
  // A repeat is checked against the ledger as the first found it: then it is answered the same, and does what is left.
  const found = first ? before(first, writing.events) : writing.events;
  const problems: Problem[] = [];
  const rows = readTable(files, PLANS, COLUMNS.plans, problems);
  if (rows.length === 0 && problems.length === 0)
    problems.push({ file: PLANS, row: null, column: null, message: 'there is no plan in this folder' });
  const today = dayOf(first ? first.metadata.recordedAt : writing.clock.now());
  const given = { today, by: actor.subject, plan: null, agencies: {}, holdings: 0, memberOf: [] };
  const assumptions = readTable(files, ASSUMPTIONS, COLUMNS.assumptions, problems);
  const known = await livesOf(found, files);
  const { streams: agencies, lives } = registryStreams(files, known, given, problems);
  const loader = new Loader(found);
  const registry = await loader.check(agencies, problems, 'open');
  const ids = checkNames(rows, 'id', problems);
  // Where the plans could not be read, none is missing.
  if (ids.size > 0) checkFiles(files, ids, problems);
  const [rowsOf, assumedOf] = [groupedBy(rows, 'id'), groupedBy(assumptions, 'plan')];
  const plans = [];
  for (const id of ids) {
    const [row] = rowsOf.get(id) as [TableRow];
    const own: Problem[] = [];
    const tables = planTables(files, row, assumedOf.get(id) ?? [], own);
    await loader.know(agenciesNamed(tables), lives);
    const streams = planStreams(tables, lives, { today, by: actor.subject }, own);
    const opened = await loader.isOpened(id);
    plans.push({
      planId: id,
      problems: own,
      streams: await loader.check(streams, own, opened ? 'closed' : 'open'),
    });
  }
  const begin = [...registry, ...plans.flatMap(({ streams }) => streams)].flatMap(
    ({ stream }) => stream.planned,
  )[0];
  if (options.onlyFill && !(await isEmptyOrBegun(writing.events, begin)))
    throw new NotEmpty('the ledger is not empty, and does not begin with these tables');
  // Where the first began to write meanwhile, some of what it wrote was taken for what had been there before.
  if (repeatable && !first && (await writing.firstOf(repeatable.commandId)))
    return load(writing, files, actor, options);
  const all = [...problems, ...plans.flatMap((plan) => plan.problems)];
  const refusedAll = problems.length > 0;
  const pending =
    refusedAll || options.dryRun
      ? []
      : [registry, ...plans.filter((plan) => plan.problems.length === 0).map(({ streams }) => streams)];
  const appended = await append(
    pending.flat(),
    new Completing(writing, actor, { ...options, repeatable }, first),
    options,
  );
  return {
    agencies: agencies.length,
    problems: all,
    plans: plans.map(({ planId, problems: own, streams }) => {
      const events = streams.reduce(
        (sum, { stream, missing }) => sum + (appended.get(stream) ?? missing.length),
        0,
      );
      const refused = refusedAll || own.length > 0;
      const state = refused ? 'refused' : events === 0 ? 'unchanged' : options.dryRun ? 'checked' : 'loaded';
      const count = (noun: string) =>
        streams.filter(({ stream }) => stream.name.startsWith(`${noun}-`)).length;
      return { planId, state, indicators: count('indicator'), tasks: count('task'), events };
    }),
  };
};

/** What a load is checked against. */
type Log = Pick<EventStore, 'read'>;

/** The log as it was before an event. */
const before = ({ position }: RecordedEvent, events: Log): Log => ({
  async *read(stream, from, limit) {
    for await (const event of events.read(stream, from, limit)) if (event.position < position) yield event;
  },
});

interface Checked {
  readonly stream: Stream<Fact>;
  readonly missing: Stream<Fact>['planned'];
}

class Loader {
  private readonly reader: Reader;

  constructor(private readonly found: Log) {
    this.reader = new Reader(new StreamStates(found));
  }

  async isOpened(planId: string): Promise<boolean> {
    return (await this.reader.plan(planId))?.opened ?? false;
  }

  /** Adds agencies to those known that the ledger holds and the folder does not repeat. */
  async know(ids: readonly string[], lives: Lives): Promise<void> {
    for (const id of ids) {
      if (lives[id] !== undefined) continue;
      const agency = AGENCY_ID.test(id) ? await this.reader.agency(id) : null;
      lives[id] = agency && lifeOf(agency);
    }
  }

  /** What of each stream is not in the ledger yet; what differs from it, or comes too late, is a problem. */
  async check(
    streams: readonly Stream<Fact>[],
    problems: Problem[],
    state: 'open' | 'closed',
  ): Promise<Checked[]> {
    const checked: Checked[] = [];
    for (const stream of streams) {
      const stored = await collect(this.found.read(stream.name));
      const ids = new Set(stored.map(({ id }) => id));
      const said = new Set(stored.map(saying));
      // Of an agency also what was entered by hand.
      const isThere = ({ id, fact }: Planned<Fact>) =>
        ids.has(id) || (stream.planId === null && said.size > 0 && said.has(saying(fact)));
      const missing = stream.planned.filter((planned) => !isThere(planned));
      const differs = stream.planned.find(({ id, fact }) => ids.has(id) && !said.has(saying(fact)));
      if (differs) {
        const message = `${differs.fact.type} differs from what the ledger holds: change it by a command`;
        problems.push(problemOf(stream, differs, message));
      }
      const [late] = missing;
      if (late && state === 'closed')
        problems.push(problemOf(stream, late, 'the plan is open already: amend it by commands'));
      else if (late && stored.length > 0 && begins(late, stream))
        problems.push(problemOf(stream, late, 'it was entered by hand already'));
      checked.push({ stream, missing });
    }
    return checked;
  }
}

/** Writes what is missing, and counts what each stream then holds of it: others may have loaded the same meanwhile. */
const append = async (
  checked: readonly Checked[],
  completing: Completing,
  { onProgress = () => undefined }: Options,
): Promise<ReadonlyMap<Stream<Fact>, number>> => {
  const pending = checked.filter(({ missing }) => missing.length > 0);
  const appended = new Map<Stream<Fact>, number>();
  for (const [index, { stream, missing }] of pending.entries()) {
    appended.set(stream, await completing.complete(stream, missing));
    onProgress(index + 1, pending.length);
  }
  return appended;
};

const problemOf = ({ name }: Stream<Fact>, { at }: Planned<Fact>, message: string): Problem => ({
  file: at.file,
  row: at.row,
  column: null,
  message: `${name}: ${message}`,
});

const isEmptyOrBegun = async (
  events: Pick<EventStore, 'readAll'>,
  begin: Planned<Fact> | undefined,
): Promise<boolean> => {
  const [first] = (await collect(events.readAll(null, 1))).flat();
  return first === undefined || (first.id === begin?.id && saying(first) === saying(begin.fact));
};

/** How the agencies of the folder live in the ledger already. */
const livesOf = async (found: Log, files: Files): Promise<Lives> => {
  const reader = new Reader(new StreamStates(found));
  const lives = noLives();
  for (const row of readTable(files, AGENCIES, COLUMNS.agencies, [])) {
    const id = required(row, 'id');
    const agency = AGENCY_ID.test(id) ? await reader.agency(id) : null;
    if (agency) lives[agency.id] = lifeOf(agency);
  }
  return lives;
};
