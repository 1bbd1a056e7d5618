import { describe, expect, it } from '@jest/globals';
import { type Import, type Source, sourceOf, sourcesIn } from './sources.js';

type Layer = 'domain' | 'projections' | 'ports' | 'application' | 'adapters' | 'api' | 'cli' | 'top';

/** What a layer may import: other layers, and packages. */
interface Arrows {
  readonly layers: readonly Layer[];
  readonly packages: readonly string[];
}

/** Imports point towards the domain. Packages that are named nowhere else are named here on purpose. */
const ARROWS: Readonly<Record<Layer, Arrows>> = {
  domain: { layers: ['domain'], packages: ['big.js', 'canonicalize'] },
  projections: { layers: ['projections', 'domain'], packages: [] },
  ports: { layers: ['ports', 'domain'], packages: [] },
  application: {
    layers: ['application', 'projections', 'ports', 'domain'],
    // Waiting before another try is the read loop's only touch of the machine.
    packages: [
      '@nestjs/common',
      '@nestjs/cqrs',
      'uuid',
      'csv-parse/sync',
      'lru-cache',
      'node:timers/promises',
    ],
  },
  adapters: { layers: ['ports', 'domain'], packages: [] },
  api: {
    layers: ['api', 'application', 'projections', 'ports', 'domain'],
    packages: [
      ...[
        '@fastify/rate-limit',
        '@nestjs/common',
        '@nestjs/common/internal',
        '@nestjs/core',
        '@nestjs/cqrs',
        '@nestjs/platform-fastify',
        '@nestjs/swagger',
        'fastify',
        'helmet',
      ],
      ...['class-transformer', 'class-validator', 'csv-stringify', 'jose', 'prom-client', 'rxjs', 'uuid'],
      ...[
        'node:crypto',
        'node:fs/promises',
        'node:http',
        'node:net',
        'node:path',
        'node:stream',
        'node:util',
      ],
    ],
  },
  cli: {
    layers: ['cli', 'top', 'adapters', 'api', 'application', 'projections', 'ports', 'domain'],
    packages: ['*'],
  },
  top: {
    layers: ['cli', 'top', 'adapters', 'api', 'application', 'projections', 'ports', 'domain'],
    packages: ['*'],
  },
};

/** Each technology of the adapters, by its folder. */
const TECHNOLOGIES: Readonly<Record<string, readonly string[]>> = {
  'in-process': ['node:timers/promises'],
  system: ['node:crypto'],
  sqlite: [
    ...['better-sqlite3', 'lru-cache'],
    ...['node:child_process', 'node:events', 'node:fs', 'node:module', 'node:os', 'node:path'],
    'node:timers/promises',
  ],
  kurrentdb: ['@eventstore/db-client', 'node:timers/promises'],
  mongodb: ['mongodb', 'node:crypto'],
  bullmq: ['bullmq', 'ioredis', 'node:crypto', 'node:timers/promises'],
  redis: ['ioredis'],
};

/** Technologies that stand on another one. */
const STANDS_ON: Readonly<Record<string, string>> = { bullmq: 'redis' };

/** Of Nest the application takes what names a handler and what it is given, nothing that runs. */
const NEST_NAMES: readonly string[] = [
  'Inject',
  'CommandHandler',
  'ICommandHandler',
  'QueryHandler',
  'IQueryHandler',
  'Query',
];

/** Who may name an adapter outside the adapters. */
const COMPOSERS = /^src\/(?:(?:main|start|ledger|serve|app\.module)\.ts$|cli\/)/;

const layerOf = (path: string): Layer => {
  if (path.startsWith('projections/')) return 'projections';
  const [, folder = ''] = path.split('/');
  return path.split('/').length > 2 && folder in ARROWS ? (folder as Layer) : 'top';
};

const isOurs = (from: string): boolean => from.startsWith('src/') || from.startsWith('projections/');

const complaintsOf = (source: Source): string[] => {
  const layer = layerOf(source.path);
  return source.imports.flatMap((one) => {
    const complaint = complaintOf(source.path, layer, one);
    return complaint ? [`${source.path} imports ${one.from}: ${complaint}`] : [];
  });
};

const complaintOf = (path: string, layer: Layer, one: Import): string | null => {
  const { layers, packages } = ARROWS[layer];
  if (!isOurs(one.from)) {
    if (layer === 'adapters') return ofTechnology(path, one.from);
    if (!packages.includes('*') && !packages.includes(one.from)) return `${layer} does without it`;
    const running = one.from.startsWith('@nestjs/') && one.names.find((name) => !NEST_NAMES.includes(name));
    return layer === 'application' && running ? `${running} runs things` : null;
  }
  const other = layerOf(`${one.from}.ts`);
  if (layer === 'adapters' && other === 'adapters') return besideIt(path, one.from);
  // How the server is configured is a shape that its authentication is told.
  if (layer === 'api' && one.from === 'src/config' && one.typeOnly) return null;
  if (!layers.includes(other)) return `${layer} does not know ${other}`;
  if (other === 'adapters' && !COMPOSERS.test(path))
    return 'only those who put the house together name adapters';
  // Errors are classes, and NotStorable is one of the port's own words.
  if (
    layer === 'ports' &&
    other === 'domain' &&
    !one.typeOnly &&
    !one.names.every((name) => name === 'NotStorable')
  )
    return 'ports know only types of the domain';
  return null;
};

const technologyOf = (path: string): string | undefined => /^src\/adapters\/([^/]+)\//.exec(path)?.[1];

const ofTechnology = (path: string, name: string): string | null => {
  const technology = technologyOf(path) ?? '';
  return TECHNOLOGIES[technology]?.includes(name)
    ? null
    : `${technology || 'what adapters share'} does without it`;
};

const besideIt = (path: string, from: string): string | null => {
  const [own = '', other] = [technologyOf(path), technologyOf(from)];
  return other === undefined || other === own || other === STANDS_ON[own]
    ? null
    : 'one technology does not know another';
};

describe('the arrows between the layers', () => {
  it('all point towards the domain', () => {
    const sources = sourcesIn('src', 'projections');
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(complaintsOf)).toEqual([]);
  });

  const WRONG: readonly (readonly [path: string, text: string])[] = [
    ['src/domain/time.ts', `import { v5 } from 'uuid';`],
    ['src/domain/plan/plan.ts', `import type { Clock } from '../../ports/clock.js';`],
    ['src/domain/plan/plan.ts', `import { readFile } from 'node:fs/promises';`],
    ['src/domain/plan/plan.ts', `import { handle } from '../../application/handle.js';`],
    ['src/domain/plan/plan.ts', `const load = () => import('../../adapters/system/clock.js');`],
    ['projections/one.ts', `import type { Clock } from '../src/ports/clock.js';`],
    ['projections/one.ts', `import { collectionOf } from '../src/application/collection.js';`],
    ['projections/one.ts', `import Big from 'big.js';`],
    ['src/ports/one.ts', `import { evolve } from '../domain/plan/plan.js';`],
    ['src/ports/one.ts', `export { handle } from '../application/handle.js';`],
    ['src/application/one.ts', `import { SqliteEventStore } from '../adapters/sqlite/event-store.js';`],
    ['src/application/one.ts', `import type { Ledger } from '../ledger.js';`],
    ['src/application/one.ts', `import { Problem } from '../api/http/problem.js';`],
    ['src/application/one.ts', `import { Controller } from '@nestjs/common';`],
    ['src/application/one.ts', `import {\n  CommandHandler,\n  EventBus,\n} from '@nestjs/cqrs';`],
    ['src/application/one.ts', `import Database from 'better-sqlite3';`],
    ['src/adapters/sqlite/one.ts', `import { handle } from '../../application/handle.js';`],
    ['src/adapters/sqlite/one.ts', `import { Query } from '@nestjs/cqrs';`],
    ['src/adapters/sqlite/one.ts', `import { InProcessJobQueue } from '../in-process/job-queue.js';`],
    ['src/adapters/redis/one.ts', `import { EvictingServer } from '../bullmq/evicting.js';`],
    ['src/adapters/in-process/one.ts', `import Database from 'better-sqlite3';`],
    ['src/adapters/one.ts', `import Database from 'better-sqlite3';`],
    ['src/api/one.ts', `import { SystemClock } from '../adapters/system/clock.js';`],
    ['src/api/one.ts', `import { openLedger } from '../ledger.js';`],
    ['src/api/one.ts', `import { loadFolder } from '../cli/folder.js';`],
    ['src/config.ts', `import { SystemClock } from './adapters/system/clock.js';`],
  ];

  it.each(WRONG)('a wrong one in %s is noticed: %s', (path, text) => {
    expect(complaintsOf(sourceOf(path, text))).toHaveLength(1);
  });

  it('a right one is none', () => {
    const right = [
      sourceOf('src/ports/one.ts', `export { NotStorable } from '../domain/canonical.js';`),
      sourceOf('src/domain/plan/plan.ts', `// import { x } from 'uuid';\nimport Big from 'big.js';`),
      sourceOf(
        'src/application/one.ts',
        `import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';`,
      ),
      sourceOf('src/cli/one.ts', `import { SystemClock } from '../adapters/system/clock.js';`),
      sourceOf('src/adapters/sqlite/one.ts', `import { checkedAppend } from '../checked-append.js';`),
    ];
    expect(right.flatMap(complaintsOf)).toEqual([]);
  });
});
