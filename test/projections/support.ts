import { afterAll } from '@jest/globals';
import { type Projection, projection, type Row } from '../../projections/projection.js';
import { InProcessLeases } from '../../src/adapters/in-process/leases.js';
import { collectionOf } from '../../src/application/collection.js';
import { foldPage } from '../../src/application/fold.js';
import { Progress } from '../../src/application/progress.js';
import { Projector } from '../../src/application/project.js';
import { canonicalText } from '../../src/domain/canonical.js';
import type { DomainEvent } from '../../src/domain/events.js';
import { streamOf, subjectOf } from '../../src/domain/events.js';
import type { Metadata, Recorded } from '../../src/domain/message.js';
import type { EventStore } from '../../src/ports/event-store.js';
import type { Leases } from '../../src/ports/leases.js';
import type { Build, Fault, Find, ReadModels } from '../../src/ports/read-models.js';
import { numberedId, plainMetadata } from '../support/new-events.js';

export interface MemoryBuild extends Build {
  readonly rows: Map<string, Row>;
}

/** A build that keeps its rows in memory, as JSON. */
export const memoryBuild = (): MemoryBuild => {
  const rows = new Map<string, Row>();
  let at: string | null = null;
  let markAt: string | null = null;
  return {
    rows,
    checkpoint: async () => at,
    mark: async () => markAt,
    getMany: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const row = rows.get(key);
          return row ? [[key, structuredClone(row)] as const] : [];
        }),
      ),
    async commit(changed, checkpoint, _, mark = null) {
      for (const [key, row] of changed) {
        if (row) rows.set(key, structuredClone(row) as Row);
        else rows.delete(key);
      }
      at = checkpoint;
      markAt = mark;
    },
  };
};

export const positionAt = (index: number): string => String(index + 1).padStart(20, '0');

/** What happened, as a log in the order given: streams, revisions and positions follow from the events themselves. */
export const logOf = (
  events: readonly (DomainEvent | { readonly event: DomainEvent; readonly metadata: Partial<Metadata> })[],
): Recorded[] => {
  const revisions = new Map<string, number>();
  return events.map((one, index) => {
    const { event, metadata } = 'event' in one ? one : { event: one, metadata: {} };
    const stream = streamOfEvent(event);
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const subject = subjectOf(stream);
    const planId = subject?.kind === 'agency' ? null : (subject?.id.split('/')[0] ?? null);
    return {
      id: numberedId(index + 1),
      stream,
      revision,
      position: positionAt(index),
      type: event.type,
      data: event.data,
      metadata: { ...plainMetadata, planId, ...metadata },
    };
  });
};

const streamOfEvent = ({ data }: DomainEvent): string => {
  if ('subject' in data) return streamOf(data.subject.kind, data.subject.id);
  if ('indicatorId' in data) return streamOf('indicator', data.indicatorId);
  if ('taskId' in data) return streamOf('task', data.taskId);
  if ('agencyId' in data) return streamOf('agency', data.agencyId as string);
  return streamOf('plan', (data as { planId: string }).planId);
};

/** Folds pages into a build, collecting what could not be folded. */
export const folded = async (
  projection: Projection,
  pages: readonly (readonly Recorded[])[],
  build = memoryBuild(),
): Promise<{ rows: Map<string, Row>; faults: Fault[] }> => {
  const faults: Fault[] = [];
  for (const page of pages) await foldPage(projection, build, page, (fault) => faults.push(fault));
  return { rows: build.rows, faults };
};

/** Rows as canonical JSON, in key order: equal only when they are, byte for byte. */
export const textOf = (rows: ReadonlyMap<string, Row>): string[] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => `${key} ${canonicalText(row)}`);

/** Every row of a projection's live build. */
export const liveRows = async (models: ReadModels, projection: Projection): Promise<Map<string, Row>> => {
  const rows = new Map<string, Row>();
  let after: Find['after'];
  for (;;) {
    const page = await models.find(collectionOf(projection), {
      where: {},
      limit: 1_000,
      ...(after ? { after } : {}),
    });
    for (const { key, row } of page) rows.set(key, row as Row);
    const last = page.at(-1);
    if (!last || page.length < 1_000) return rows;
    after = { key: last.key, value: null };
  }
};

/** What happened, event by event. */
export const seen = projection<{ id: string }>({
  name: 'seen.v1',
  fields: [],
  keys: ({ id }) => [id],
  fold: (_, { id }) => ({ id }),
}) as Projection;

/** A read loop, and how far it has come. */
export interface Follower {
  readonly projector: Projector;
  readonly progress: Progress;
}

/** Read loops of the test's own beside the ledger's, stopped when the file's tests are over; to be called at its top. */
export const followers = () => {
  const started: Projector[] = [];
  afterAll(async () => {
    for (const projector of started) await projector.stop();
  });
  return async (
    events: EventStore,
    models: ReadModels,
    projections: readonly Projection[],
    {
      leases = new InProcessLeases(5_000),
      onError = () => undefined,
    }: { leases?: Leases; onError?: (error: unknown) => void } = {},
  ): Promise<Follower> => {
    const projector = new Projector(events, models, projections, leases, onError);
    started.push(projector);
    await projector.start();
    return { projector, progress: new Progress(models, projections, projector) };
  };
};
