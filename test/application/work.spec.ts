import { describe, expect, it } from '@jest/globals';
import type { Files } from '../../src/application/load/tables.js';
import { reorganizationDecider } from '../../src/domain/reorganization/decider.js';
import type { Allocation } from '../../src/domain/reorganization/events.js';
import { all, decree } from '../domain/reorganization/commands.js';
import { ledgers, loadTables } from '../support/ledger.js';
import { scannedBy } from '../support/scanned.js';
import { smallTables, withLines } from './tables.js';

const open = ledgers();

const numbered = (count: number, line: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => line(n));

const agencies = (count: number): Files => {
  const files = withLines(
    smallTables,
    'agencies.csv',
    numbered(count, (n) => `a-${n},Sở ${n},,province,agency,`),
  );
  return withLines(
    files,
    'agency-aliases.csv',
    numbered(count, (n) => `a-${n},Tên ${n}`),
  );
};

const members = (count: number): Files =>
  withLines(
    agencies(count),
    'agency-groups.csv',
    numbered(count, (n) => `cac-so,a-${n},2025-06-01`),
  );

const collectives = (count: number): Files => {
  const files = withLines(
    smallTables,
    'agencies.csv',
    numbered(count, (n) => `g-${n},Các sở ${n},,province,group,`),
  );
  return withLines(
    files,
    'agency-groups.csv',
    numbered(count, (n) => `g-${n},so-a,2025-06-01`),
  );
};

const plans = (count: number): Files => {
  const issued = numbered(count, (n) => `p-${n},,Kế hoạch,UBND,,2025-01-01,,open,,x,x,1`);
  const files = withLines(smallTables, 'plans.csv', issued);
  return withLines(
    files,
    'assumptions.csv',
    numbered(count, (n) => `p-${n},,number,Không ghi`),
  );
};

const indicators = (count: number): Files => {
  const adopted = numbered(count, (n) => `9.${n},,Chỉ tiêu,,higher-is-better,,,,,,,so-a,,,,x,9`);
  const files = withLines(smallTables, 'kh-1/indicators.csv', adopted);
  const targets = withLines(
    files,
    'kh-1/targets.csv',
    numbered(count, (n) => `9.${n},2030,≥ 80,9`),
  );
  const figures = withLines(
    targets,
    'kh-1/figures.csv',
    numbered(count, (n) => `9.${n},2024,,7,,x,9`),
  );
  return withLines(
    figures,
    'assumptions.csv',
    numbered(count, (n) => `kh-1,9.${n},unit,Không ghi`),
  );
};

/** Twice as much may take twice the work, and a little more. */
const SHARE = 2.2;

describe('a load of twice as many', () => {
  it.each([
    ['agencies and aliases', agencies],
    ['members', members],
    ['collectives', collectives],
    ['plans and assumptions', plans],
    ['indicators with their targets and figures', indicators],
  ])('%s looks through twice as much', async (_, tables) => {
    const ledger = await open();
    const scanned = (count: number) => scannedBy(() => loadTables(ledger, tables(count), { dryRun: true }));
    expect(await scanned(400)).toBeLessThan(SHARE * (await scanned(200)));
  });

  it('aliases of one agency, loaded again, looks through twice as much', async () => {
    const scanned = async (count: number) => {
      const ledger = await open();
      const aliased = numbered(count, (n) => `so-a,Tên ${n}`);
      const files = withLines(smallTables, 'agency-aliases.csv', aliased);
      await loadTables(ledger, files);
      let read = 0;
      const counted = {
        ...ledger,
        events: Object.create(ledger.events, {
          read: {
            value: async function* (...asked: Parameters<typeof ledger.events.read>) {
              for await (const { data, ...event } of ledger.events.read(...asked))
                yield Object.defineProperty(event, 'data', {
                  get: () => {
                    read += 1;
                    return data;
                  },
                });
            },
          },
        }),
      };
      const { plans } = await loadTables(counted, files, { dryRun: true });
      expect(plans.every(({ state }) => state === 'unchanged')).toBe(true);
      return read;
    };
    expect(await scanned(400)).toBeLessThan(SHARE * (await scanned(200)));
  });
});

describe('a decree of twice as many allocations', () => {
  it('looks through twice as much', async () => {
    const scanned = (count: number) => {
      const exceptions = numbered(count, (n) => `kh-1570-2025/${n}`).map(
        (id): Allocation => ({ ...all('so-cu', 'so-khcn'), scope: { kind: 'indicator', id } }),
      );
      const command = decree({ allocations: [all('so-cu', 'so-khcn'), ...exceptions] });
      return scannedBy(() => reorganizationDecider.decide(command, null));
    };
    expect(await scanned(4_000)).toBeLessThan(SHARE * (await scanned(2_000)));
  });
});
