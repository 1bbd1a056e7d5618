import { describe, expect, it } from '@jest/globals';
import { NotEmpty } from '../../src/application/load/load.js';
import type { Files } from '../../src/application/load/tables.js';
import { PlanQuery, PlanQueryHandler } from '../../src/application/queries/plans.js';
import { canonicalText } from '../../src/domain/canonical.js';
import { plusDays } from '../../src/domain/time.js';
import {
  type EventStore,
  MAX_APPEND_EVENTS,
  OutcomeUnknown,
  type RecordedEvent,
} from '../../src/ports/event-store.js';
import { konTumTables, LOADER, ledgers, loadTables, type TestLedger, wholeLog } from '../support/ledger.js';
import { cutOffAfter, loadInto } from './loading.js';
import { smallTables, withCell, withLines } from './tables.js';

const open = ledgers();

/** What a log says, but for the id that tells one load from another. */
const said = (log: readonly RecordedEvent[]): string[] =>
  log.map(({ metadata, ...event }) =>
    canonicalText({ ...event, metadata: { ...metadata, correlationId: '', commandId: '' } }),
  );

const stateOf = async (ledger: TestLedger, planId: string) =>
  (await new PlanQueryHandler(ledger.questions).execute(new PlanQuery(planId, {}))).state;

const KON_TUM = [
  { planId: 'kh-4465-2022', state: 'loaded', indicators: 31, tasks: 0 },
  { planId: 'kh-419-2024', state: 'loaded', indicators: 128, tasks: 0 },
  { planId: 'kh-484-2025', state: 'loaded', indicators: 13, tasks: 43 },
  { planId: 'kh-1570-2025', state: 'loaded', indicators: 36, tasks: 0 },
  { planId: 'lo-trinh-2025-2045', state: 'loaded', indicators: 52, tasks: 0 },
];

describe('the five documents', () => {
  it('load whole, and a second load changes nothing, whoever does it', async () => {
    const ledger = await open();
    const files = await konTumTables();
    const { plans, agencies, problems } = await loadInto(ledger, files);
    expect(problems).toEqual([]);
    expect(agencies).toBe(57);
    expect(plans).toMatchObject(KON_TUM);
    const head = await ledger.events.head();
    expect(plans.reduce((sum, { events }) => sum + events, 0)).toBeLessThan(Number(head));

    ledger.clock.set('2026-01-01');
    const again = await loadTables(ledger, files, { actor: { ...LOADER, subject: 'tu', name: 'Đỗ Tú' } });
    expect(again.problems).toEqual([]);
    expect(again.plans.map(({ state, events }) => ({ state, events }))).toEqual(
      KON_TUM.map(() => ({ state: 'unchanged', events: 0 })),
    );
    expect(await ledger.events.head()).toBe(head);

    await ledger.settled();
    for (const { planId, indicators, tasks } of KON_TUM) {
      const plan = await new PlanQueryHandler(ledger.questions).execute(new PlanQuery(planId, {}));
      expect(plan).toMatchObject({ state: 'open', indicators, tasks });
    }
  });

  it('of every plan PlanOpened is the last event', async () => {
    const ledger = await open();
    await loadInto(ledger, await konTumTables());
    const log = await ledger.log();
    for (const { planId } of KON_TUM)
      expect(log.filter(({ metadata }) => metadata.planId === planId).at(-1)?.type).toBe('PlanOpened');
    expect(log.filter(({ type }) => type === 'PlanOpened')).toHaveLength(KON_TUM.length);
    expect(log.every(({ metadata }) => metadata.actor.subject === LOADER.subject)).toBe(true);
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  });

  it('go on after a load was cut off, and end with the same events', async () => {
    const files = await konTumTables();
    const whole = await open();
    await loadInto(whole, files);
    const log = said(await whole.log());
    for (const appends of [57, 250]) {
      const ledger = await open();
      const events = cutOffAfter(appends, ledger.events);
      await expect(loadInto(ledger, files, { events })).rejects.toThrow(OutcomeUnknown);
      await ledger.close();
      const again = await open({ folder: ledger.folder });
      expect((await loadInto(again, files)).problems).toEqual([]);
      expect(said(await again.log())).toEqual(log);
      await again.close();
    }
  });
});

describe('a load that is cut off at any append', () => {
  it('goes on and ends with the same events, and until then the plan is being entered', async () => {
    const whole = await open();
    const result = await loadInto(whole, smallTables);
    expect(result.problems).toEqual([]);
    const log = await whole.log();
    const appends = new Set(log.map(({ stream }) => stream)).size + 2;
    expect(appends).toBe(12);
    for (let n = 0; n < appends; n += 1) {
      const ledger = await open();
      const events = cutOffAfter(n, ledger.events);
      await expect(loadInto(ledger, smallTables, { events })).rejects.toThrow('cut off');
      await ledger.settled();
      const entered = (await ledger.log()).some(({ type }) => type === 'PlanIssued');
      const opened = (await ledger.log()).filter(({ type }) => type === 'PlanOpened');
      if (entered && opened.length === 0) expect(await stateOf(ledger, 'kh-1')).toBe('entering');
      // It may be cut off more than once.
      const further = cutOffAfter(1, ledger.events);
      await loadInto(ledger, smallTables, { events: further }).catch(() => undefined);
      expect((await loadInto(ledger, smallTables)).problems).toEqual([]);
      expect(said(await ledger.log())).toEqual(said(log));
      await ledger.settled();
      expect(await stateOf(ledger, 'kh-1')).toBe('open');
      await ledger.close();
    }
  });
});

describe('a row', () => {
  it('may have more figures than an append holds', async () => {
    const ledger = await open();
    const days = Array.from({ length: 2 * MAX_APPEND_EVENTS }, (_, n) => plusDays('2019-01-01', n));
    const lines = days.map((day) => `1.2,${day},,7,,Phụ lục,3`);
    const files = withLines(smallTables, 'kh-1/figures.csv', lines);
    const { plans } = await loadInto(ledger, files);
    expect(plans).toMatchObject([{ state: 'loaded' }, { state: 'loaded' }]);
    const log = await ledger.log();
    expect(log.filter(({ type }) => type === 'MeasurementReported')).toHaveLength(days.length + 1);
    expect(plans.reduce((sum, { events }) => sum + events, 0)).toBe(
      log.filter(({ metadata }) => metadata.planId !== null).length,
    );
    expect((await loadInto(ledger, files)).plans).toMatchObject([{ events: 0 }, { events: 0 }]);
  });
});

describe('a load that is only to fill a ledger', () => {
  const fill = (ledger: TestLedger, events?: EventStore) =>
    loadInto(ledger, smallTables, { onlyFill: true, ...(events && { events }) });

  it('fills an empty one, completes what it began, and changes nothing after that', async () => {
    const ledger = await open();
    await expect(fill(ledger, cutOffAfter(3, ledger.events))).rejects.toThrow(OutcomeUnknown);
    expect((await fill(ledger)).plans).toMatchObject([{ state: 'loaded' }, { state: 'loaded' }]);
    const head = await ledger.events.head();
    expect((await fill(ledger)).plans).toMatchObject([{ state: 'unchanged' }, { state: 'unchanged' }]);
    expect(await ledger.events.head()).toBe(head);
  });

  it('leaves one alone that began with something else, be it an agency under the same id', async () => {
    for (const [id, name] of [
      ['so-khac', 'Sở khác'],
      ['so-a', 'Sở A'],
    ] as const) {
      const ledger = await open();
      await ledger.order.agency(id, {
        type: 'EstablishAgency',
        data: { agencyId: id, name, shortName: null, level: 'province', establishedOn: null },
      });
      const head = await ledger.events.head();
      await expect(fill(ledger)).rejects.toThrow(NotEmpty);
      expect(await ledger.events.head()).toBe(head);
    }
    const ledger = await open();
    await loadInto(ledger, withCell(smallTables, 'agencies.csv', 2, 'name', 'Sở A khác'));
    await expect(fill(ledger)).rejects.toThrow(NotEmpty);
  });
});

describe('a dry run', () => {
  it('writes nothing, and says what would be', async () => {
    const ledger = await open();
    const checked = await loadInto(ledger, smallTables, { dryRun: true });
    expect(checked.plans).toMatchObject([
      { planId: 'kh-1', state: 'checked', indicators: 3, tasks: 1 },
      { planId: 'kh-2', state: 'checked', indicators: 1, tasks: 0 },
    ]);
    expect(await ledger.events.head()).toBeNull();
    const { plans } = await loadInto(ledger, smallTables);
    expect(plans.map(({ events }) => events)).toEqual(checked.plans.map(({ events }) => events));
  });

  it('lists every problem at once, each with its place', async () => {
    const ledger = await open();
    const files = withLines(smallTables, 'kh-1/targets.csv', ['9,2030,≥ 1,x', '1.1,2031,≥ 1,x']);
    const both = withCell(files, 'kh-2/indicators.csv', 2, 'direction', 'sideways');
    const { problems } = await loadInto(ledger, both, { dryRun: true });
    expect(problems).toEqual([
      { file: 'kh-1/targets.csv', row: 5, column: 'code', message: 'there is no indicator 9' },
      { file: 'kh-1/targets.csv', row: 6, column: 'milestone', message: expect.stringContaining('2031') },
      {
        file: 'kh-2/indicators.csv',
        row: 2,
        column: 'direction',
        message: expect.stringContaining('higher-is-better'),
      },
    ]);
    expect(await ledger.events.head()).toBeNull();
  });
});

describe('a plan with a problem', () => {
  it('is left out whole, while others load', async () => {
    const ledger = await open();
    const files = withCell(smallTables, 'kh-1/indicators.csv', 3, 'lead', 'nobody');
    const { plans, problems } = await loadInto(ledger, files);
    expect(problems).toMatchObject([{ file: 'kh-1/indicators.csv', row: 3, column: 'lead' }]);
    expect(plans).toMatchObject([
      { planId: 'kh-1', state: 'refused' },
      { planId: 'kh-2', state: 'loaded' },
    ]);
    const log = await ledger.log();
    expect(log.filter(({ metadata }) => metadata.planId === 'kh-1')).toEqual([]);
    expect((await loadInto(ledger, smallTables)).plans).toMatchObject([
      { planId: 'kh-1', state: 'loaded' },
      { planId: 'kh-2', state: 'unchanged' },
    ]);
  });

  it('of the registry leaves out everything', async () => {
    const ledger = await open();
    const { plans, problems } = await loadInto(
      ledger,
      withCell(smallTables, 'agencies.csv', 2, 'level', 'galaxy'),
    );
    expect(problems).toMatchObject([{ file: 'agencies.csv', row: 2, column: 'level' }]);
    expect(plans.map(({ state }) => state)).toEqual(['refused', 'refused']);
    expect(await ledger.events.head()).toBeNull();
  });
});

describe('a plan that is open', () => {
  const reload = async (files: Files) => {
    const ledger = await open();
    await loadInto(ledger, smallTables);
    const before = await wholeLog(ledger.events);
    const result = await loadInto(ledger, files);
    expect(await wholeLog(ledger.events)).toEqual(before);
    return result;
  };

  it('is not overwritten by a changed row, which is reported', async () => {
    const { problems, plans } = await reload(
      withCell(smallTables, 'kh-1/targets.csv', 2, 'notation', '≥ 99'),
    );
    expect(problems).toEqual([
      {
        ...{ file: 'kh-1/targets.csv', row: 2, column: null },
        message: 'indicator-kh-1/1.1: TargetSet differs from what the ledger holds: change it by a command',
      },
    ]);
    expect(plans).toMatchObject([{ state: 'refused' }, { state: 'unchanged' }]);
  });

  it('takes no new row: it is amended by commands', async () => {
    const { problems } = await reload(withLines(smallTables, 'kh-1/targets.csv', ['1.2,yearly,≥ 99,x']));
    expect(problems).toMatchObject([
      { file: 'kh-1/targets.csv', row: 5, message: expect.stringContaining('open already') },
    ]);
  });

  it('stays as commands have changed it', async () => {
    const ledger = await open();
    await loadInto(ledger, smallTables);
    await ledger.order.indicator('kh-1/1.1', {
      type: 'SetTarget',
      data: {
        ...{ indicatorId: 'kh-1/1.1', milestone: '2030', notation: '≥ 99', effectiveOn: '2025-06-01' },
        ...{ reason: 'điều chỉnh', legalBasis: { number: '9/QĐ', date: null, clause: null } },
      },
    });
    const head = await ledger.events.head();
    expect((await loadInto(ledger, smallTables)).problems).toEqual([]);
    expect(await ledger.events.head()).toBe(head);
  });
});

describe('what was entered by hand', () => {
  it('is not loaded over, of a plan', async () => {
    const [ledger, loaded] = [await open(), await open()];
    await loadInto(loaded, smallTables);
    const issued = (await loaded.log()).find(({ stream }) => stream === 'plan-kh-1') as RecordedEvent;
    const agencies = (await loaded.log()).filter(({ stream }) => stream.startsWith('agency-'));
    for (const { id, stream, type, data, metadata, revision } of [
      ...agencies,
      { ...issued, id: crypto.randomUUID() },
    ])
      await ledger.events.append(
        stream,
        [{ id, type, data, metadata }],
        revision === 0 ? 'none' : revision - 1,
      );
    const { problems, plans } = await loadInto(ledger, smallTables);
    expect(problems).toMatchObject([
      { file: 'plans.csv', row: 2, message: expect.stringContaining('by hand') },
    ]);
    expect(plans).toMatchObject([{ state: 'refused' }, { state: 'loaded' }]);
  });

  it('is the same agency when it is the same, and a problem when it is not', async () => {
    const enter = async (name: string) => {
      const ledger = await open();
      await ledger.order.agency('so-a', {
        type: 'EstablishAgency',
        data: { agencyId: 'so-a', name, shortName: null, level: 'province', establishedOn: null },
      });
      await ledger.order.agency('so-a', {
        type: 'AliasAgency',
        data: { agencyId: 'so-a', alias: 'Sở A cũ' },
      });
      const result = await loadInto(ledger, smallTables);
      const types = (await ledger.log())
        .filter(({ stream }) => stream === 'agency-so-a')
        .map(({ type }) => type);
      return { ...result, types };
    };
    const same = await enter('Sở A');
    expect(same.problems).toEqual([]);
    expect(same.types).toEqual(['AgencyEstablished', 'AgencyAliased']);
    const other = await enter('Sở Á');
    expect(other.problems).toMatchObject([
      { file: 'agencies.csv', row: 2, message: expect.stringContaining('by hand') },
    ]);
    expect(other.types).toEqual(['AgencyEstablished', 'AgencyAliased']);
  });

  it('is known to a folder that does not repeat it, of agencies', async () => {
    const ledger = await open();
    await loadInto(ledger, smallTables);
    const only = new Map(
      [...smallTables].filter(([file]) => !file.startsWith('agenc') && !file.startsWith('kh-2')),
    );
    only.set('plans.csv', (smallTables.get('plans.csv') as string).replaceAll('kh-2', 'kh-3'));
    only.set('kh-3/indicators.csv', smallTables.get('kh-2/indicators.csv') as string);
    const { plans, problems } = await loadInto(ledger, only);
    expect(problems).toEqual([]);
    expect(plans).toMatchObject([{ state: 'unchanged' }, { planId: 'kh-3', state: 'loaded' }]);
  });
});
