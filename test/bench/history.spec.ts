import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Files } from '../../src/application/load/tables.js';
import { readFolder } from '../../src/cli/folder.js';
import { agencyDecider } from '../../src/domain/agency/decider.js';
import { assertStorable, canonicalText } from '../../src/domain/canonical.js';
import { indicatorDecider } from '../../src/domain/indicator/decider.js';
import { planDecider } from '../../src/domain/plan/decider.js';
import { taskDecider } from '../../src/domain/task/decider.js';
import { history } from './history.js';
import { summary } from './jobs.js';
import { type Append, Appends } from './write.js';

const SIZE = 3_000;

type Evolve = (state: unknown, event: unknown) => unknown;

const EVOLVE: Readonly<Record<string, Evolve>> = {
  plan: planDecider.evolve as Evolve,
  indicator: indicatorDecider.evolve as Evolve,
  task: taskDecider.evolve as Evolve,
  agency: agencyDecider.evolve as Evolve,
};

let files: Files;
beforeAll(async () => {
  files = await readFolder(join('data', 'kon-tum'));
});

const appendsOf = (seed: number, size = SIZE): Append[] => {
  const appends = new Appends(seed);
  return [...history(files, seed, size)].flat().map((written) => appends.of(written));
};

describe('the generated history', () => {
  it('has the size asked for, and the same events for the same seed', () => {
    const digest = (appends: readonly Append[]) =>
      createHash('sha256').update(appends.map(canonicalText).join('\n')).digest('hex');
    const [one, again, other] = [appendsOf(1), appendsOf(1), appendsOf(2)];
    expect(one.reduce((sum, { events }) => sum + events.length, 0)).toBe(SIZE);
    expect(digest(again)).toBe(digest(one));
    expect(digest(other)).not.toBe(digest(one));
  });

  it('is storable, folds in the deciders, and goes forward in time', () => {
    const states = new Map<string, { state: unknown; revision: number; at: string }>();
    let at = '';
    for (const { stream, events, expected } of appendsOf(1)) {
      const held = states.get(stream) ?? { state: null, revision: -1, at: '' };
      expect(expected).toBe(held.revision < 0 ? 'none' : held.revision);
      const evolve = EVOLVE[stream.slice(0, stream.indexOf('-'))];
      let { state } = held;
      for (const { data, type, metadata } of events) {
        assertStorable(data, type);
        assertStorable(metadata, type);
        expect(metadata.recordedAt >= at).toBe(true);
        at = metadata.recordedAt;
        const next = evolve?.(state, { type, data });
        expect(next).not.toBeNull();
        expect(next).not.toBe(state);
        state = next;
      }
      states.set(stream, { state, revision: held.revision + events.length, at });
    }
    expect(states.size).toBeGreaterThan(50);
  });

  it('spans ten years and everything that happens in them', () => {
    const events = appendsOf(1, 10_000).flatMap(({ events }) => events);
    const years = new Set(events.map(({ metadata }) => metadata.recordedAt.slice(0, 4)));
    expect([...years].sort()).toEqual(Array.from({ length: years.size }, (_, n) => String(2025 + n)));
    expect(years.size).toBeGreaterThanOrEqual(10);
    const types = new Set(events.map(({ type }) => type));
    for (const type of [
      'TargetRevised',
      'MeasurementReported',
      'MeasurementAccepted',
      'MeasurementReturned',
      'MeasurementCorrected',
      'MeasurementRetracted',
      'AssignmentTransferred',
    ])
      expect(types).toContain(type);
  });
});

it('times are summed up by rank', () => {
  const times = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect(summary(times)).toEqual({ count: 200, p50: 101, p99: 199 });
});
