import type { LoadResult } from '../../application/load/load.js';
import type { Problem } from '../../application/load/tables.js';
import type { toldRebuild } from '../../application/rebuild.js';
import { READINGS, type RecordedAccess } from '../../ports/access-log.js';
import type { JobStatus } from '../../ports/job-queue.js';
import type { Fault } from '../../ports/read-models.js';
import { ACTOR, listedOf } from './common.js';
import {
  described,
  eitherOf,
  instant,
  integer,
  listOf,
  named,
  nullable,
  number,
  objectOf,
  oneOf,
  position,
  type Schema,
  text,
  uuid,
} from './schema.js';

const UP = oneOf('up', 'down');

export interface Alive {
  readonly status: 'up';
}

export const ALIVE = objectOf<Alive>({ status: oneOf('up') });

/** Whether each part answers, and which projections have not folded the log up to its head. */
export interface Readiness {
  readonly status: 'up' | 'down';
  readonly parts: Readonly<Record<'events' | 'readModels' | 'jobs', 'up' | 'down'>>;
  readonly position: string | null;
  readonly behind: readonly string[];
}

export const READINESS = named(
  'Readiness',
  objectOf<Readiness>({
    status: UP,
    parts: objectOf<Readiness['parts']>({ events: UP, readModels: UP, jobs: UP }),
    position: described('The head of the log', nullable(position)),
    behind: described('Names of the projections that have not come as far', listOf(text)),
  }),
);

/** How far a projection has folded the log, what it could not fold, and its rebuild. */
export interface ProjectionItem {
  readonly name: string;
  readonly position: string | null;
  readonly faults: readonly (Fault & { readonly projection: string })[];
  readonly rebuild: Awaited<ReturnType<typeof toldRebuild>>;
}

const values: Schema<Readonly<Record<string, number | string | null>>> = {
  type: 'object',
  additionalProperties: nullable(eitherOf(number, text)),
};

const JOB = objectOf<JobStatus>({
  name: text,
  key: text,
  state: oneOf('waiting', 'running', 'done', 'failed'),
  progress: nullable(values),
  attempts: integer,
  error: nullable(text),
});

const PROJECTION = named(
  'Projection',
  objectOf<ProjectionItem>({
    name: text,
    position: nullable(position),
    faults: listOf(
      objectOf<ProjectionItem['faults'][number]>({
        projection: text,
        key: text,
        position,
        eventId: uuid,
        error: text,
      }),
    ),
    rebuild: described(
      'Null when there was none; `unknown` while the queue of jobs does not answer',
      nullable(eitherOf(JOB, objectOf<{ readonly state: 'unknown' }>({ state: oneOf('unknown') }))),
    ),
  }),
);

export const PROJECTIONS = objectOf(listedOf(PROJECTION));

export const REBUILD = objectOf<{ readonly name: string }>({ name: text });

const PROBLEM = objectOf<Problem>({
  file: text,
  row: nullable(integer),
  column: nullable(text),
  message: text,
});

export const LOADED = named(
  'Loaded',
  objectOf<LoadResult>({
    plans: listOf(
      objectOf<LoadResult['plans'][number]>({
        planId: text,
        state: oneOf('loaded', 'unchanged', 'refused', 'checked'),
        indicators: integer,
        tasks: integer,
        events: described('How many events were recorded, or would be', integer),
      }),
    ),
    agencies: integer,
    problems: listOf(PROBLEM),
  }),
);

const asked: Schema<Readonly<Record<string, string>>> = {
  type: 'object',
  additionalProperties: { type: 'string' },
};

const ACCESS = named(
  'Access',
  objectOf<RecordedAccess>({
    requestId: uuid,
    at: instant,
    actor: ACTOR,
    reading: oneOf(...READINGS),
    route: text,
    about: nullable(text),
    asked: described('The parameters of the query', asked),
    readAt: described('`position` of the answer that was given', nullable(position)),
    rows: described('Null of a table that had begun, and was still on its way', nullable(integer)),
    position,
  }),
);

export const ACCESS_PAGE = objectOf(listedOf(ACCESS));
