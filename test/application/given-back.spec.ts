import { describe, expect, it } from '@jest/globals';
import { membersAt, nameAt } from '../../src/domain/agency/agency.js';
import type { AssignmentEvent } from '../../src/domain/indicator/events.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import type { TestLedger } from '../support/ledger.js';
import {
  agencyOf,
  apply,
  decree,
  dissolve,
  leadsOf,
  leadTask,
  merger,
  regroup,
  transfers,
  undo,
} from './decreeing.js';
import {
  assignTo,
  BASIS,
  COLLECTIVE,
  establish,
  FIRST,
  KHCN,
  provinces,
  TAI_CHINH,
  TASK,
  TTTT,
  XAY_DUNG,
} from './world.js';

const small = provinces();
const why = { reason: 'thôi', legalBasis: BASIS };

const MERGER = merger(TTTT, KHCN, '2025-03-01', { reorganizationId: 'mot' });

const handingOver = (reorganizationId: string, from: string, to: string, effectiveOn: string): Decree =>
  merger(from, to, effectiveOn, {
    ...{ reorganizationId, kind: 'transfer', predecessors: [from], successors: [to] },
  });

/** What was given back of leads and coordination: of what, in which role, from when, to whom. */
const back = async (ledger: TestLedger) =>
  transfers(await ledger.log())
    .map(({ data }) => data as AssignmentEvent['data'])
    .filter((data) => 'allocation' in data && data.allocation === 'revocation')
    .map(({ subject, role, effectiveOn, agencies }) => [subject.id, role, effectiveOn, agencies]);

const drop = ({ order }: TestLedger, effectiveOn: string) =>
  order.indicator(FIRST, { type: 'DropIndicator', data: { indicatorId: FIRST, effectiveOn, ...why } });

describe('a revocation gives back', () => {
  it('what a decree of which nothing had been carried out yet moves for the days on which it was in force', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await decree(ledger, MERGER);
    expect(await undo(ledger, 'mot', '2025-06-01')).toMatchObject({
      state: 'revoked',
      turnedBack: { indicators: 1 },
    });
    const days = ['2025-02-28', '2025-03-01', '2025-05-31', '2025-06-01'];
    const leads = await Promise.all(days.map((day) => leadsOf(ledger, FIRST, day)));
    expect(leads.flat()).toEqual([TTTT, KHCN, KHCN, TTTT]);
    expect((await ledger.log()).at(-1)?.type).toBe('ReorganizationTurnedBack');
  });

  it('tasks, too', async () => {
    const ledger = await small();
    await leadTask(ledger, TTTT);
    await apply(ledger, MERGER);
    const { turnedBack } = await undo(ledger, 'mot', '2025-06-01');
    expect(await back(ledger)).toEqual([[TASK, 'lead', '2025-06-01', [TTTT]]]);
    expect(turnedBack).toMatchObject({ indicators: 0, tasks: 1 });
  });

  it.each([
    ['nothing', 'on its day', '2025-06-01', 0],
    ['what stands still', 'after its day', '2025-06-02', 1],
  ])('%s of what is dropped %s', async (_, __, effectiveOn, times) => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, MERGER);
    await drop(ledger, effectiveOn);
    await undo(ledger, 'mot', '2025-06-01');
    expect(await back(ledger)).toHaveLength(times);
  });

  it('once on its day and once on each later one that states the same role', async () => {
    const ledger = await small();
    const { indicator } = ledger.order;
    await indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, MERGER);
    const later = { effectiveOn: '2026-01-01' };
    await indicator(FIRST, assignTo(FIRST, [TAI_CHINH], later));
    await indicator(FIRST, assignTo(FIRST, [XAY_DUNG], later));
    await ledger.order.agency('vp-ubnd', establish('vp-ubnd'));
    const coordinating = { role: 'coordinating', effectiveOn: '2027-01-01' } as const;
    await indicator(FIRST, assignTo(FIRST, ['vp-ubnd'], coordinating));
    const { turnedBack } = await undo(ledger, 'mot', '2025-06-01');
    expect((await back(ledger)).map(([, role, on]) => [role, on])).toEqual([
      ['lead', '2025-06-01'],
      ['lead', '2026-01-01'],
    ]);
    expect(turnedBack).toMatchObject({ indicators: 1 });
  });

  it('the one place of who was named beside its successor since', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver('mot', TTTT, KHCN, '2025-03-01'));
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT], { effectiveOn: '2025-04-01' }));
    await undo(ledger, 'mot', '2025-06-01');
    expect(await leadsOf(ledger, FIRST, '2025-06-01')).toEqual([TTTT]);
  });

  it('what a later decree moved on only from the day on which that one is undone, too', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver('mot', TTTT, KHCN, '2025-02-01'));
    await apply(ledger, handingOver('hai', KHCN, XAY_DUNG, '2025-03-01'));
    await undo(ledger, 'hai', '2026-01-01');
    await undo(ledger, 'mot', '2025-06-01');
    expect(await leadsOf(ledger, FIRST, '2025-12-31')).toEqual([XAY_DUNG]);
    expect(await leadsOf(ledger, FIRST, '2026-01-01')).toEqual([TTTT]);
  });

  it('what another decree had moved back before, and no more does', async () => {
    const ledger = await small();
    await ledger.order.indicator(FIRST, assignTo(FIRST, [TTTT]));
    await apply(ledger, handingOver('mot', TTTT, KHCN, '2025-02-01'));
    await apply(ledger, handingOver('hai', KHCN, TTTT, '2025-03-01'));
    await undo(ledger, 'hai', '2025-06-01');
    await undo(ledger, 'mot', '2025-07-01');
    const days = ['2025-02-28', '2025-03-01', '2025-06-01', '2025-07-01'];
    const leads = await Promise.all(days.map((day) => leadsOf(ledger, FIRST, day)));
    expect(leads.flat()).toEqual([KHCN, TTTT, KHCN, TTTT]);
  });

  it('the members that are stated for a later day as well', async () => {
    const ledger = await small();
    await apply(ledger, MERGER);
    await regroup(ledger, [KHCN, XAY_DUNG], '2026-01-01');
    await undo(ledger, 'mot', '2025-06-01');
    const group = await agencyOf(ledger, COLLECTIVE);
    expect(['2025-12-31', '2026-01-01'].map((day) => [...membersAt(group, day)].sort())).toEqual([
      [KHCN, TTTT].sort(),
      [KHCN, TTTT, XAY_DUNG].sort(),
    ]);
  });

  it('no members to a collective that has ended since', async () => {
    const ledger = await small();
    await apply(ledger, MERGER);
    await dissolve(ledger, COLLECTIVE, '2025-05-01');
    expect((await undo(ledger, 'mot', '2025-06-01')).state).toBe('revoked');
    expect(membersAt(await agencyOf(ledger, COLLECTIVE), '2025-06-01')).toEqual([KHCN]);
  });
});

describe('the name that a revoked decree gave', () => {
  const renamed = async (): Promise<TestLedger> => {
    const ledger = await small();
    await apply(ledger, {
      ...handingOver('mot', KHCN, KHCN, '2025-03-01'),
      ...{ kind: 'rename', allocations: [], renaming: { name: 'Sở Số', shortName: null } },
    });
    return ledger;
  };
  const rename = ({ order }: TestLedger, name: string, effectiveOn: string) =>
    order.agency(KHCN, {
      type: 'RenameAgency',
      data: { agencyId: KHCN, name, shortName: null, effectiveOn, ...why },
    });
  const names = async (ledger: TestLedger, days: readonly string[]) => {
    const agency = await agencyOf(ledger, KHCN);
    return days.map((day) => nameAt(agency, day).name);
  };

  it('goes on the decree’s own day, too', async () => {
    const ledger = await renamed();
    await undo(ledger, 'mot', '2025-03-01');
    expect(await names(ledger, ['2025-03-01'])).toEqual([KHCN]);
  });

  it('makes way for one that was entered late for an earlier day', async () => {
    const ledger = await renamed();
    await rename(ledger, 'Sở Cũ', '2025-02-01');
    await undo(ledger, 'mot', '2025-06-01');
    expect(await names(ledger, ['2025-05-31', '2025-06-01'])).toEqual(['Sở Số', 'Sở Cũ']);
  });

  it('leaves alone another that somebody gave since, and one for a day to come', async () => {
    const ledger = await renamed();
    await rename(ledger, 'Sở Sau', '2026-01-01');
    await undo(ledger, 'mot', '2025-06-01');
    expect(await names(ledger, ['2025-06-01', '2026-01-01'])).toEqual([KHCN, 'Sở Sau']);
    const since = await renamed();
    await rename(since, 'Sở Mới', '2025-04-01');
    await undo(since, 'mot', '2025-06-01');
    expect(await names(since, ['2025-06-01'])).toEqual(['Sở Mới']);
  });

  it('stays with an agency that has ended since', async () => {
    const ledger = await renamed();
    await apply(ledger, merger(KHCN, XAY_DUNG, '2025-04-01', { reorganizationId: 'hai' }));
    expect((await undo(ledger, 'mot', '2025-06-01')).state).toBe('revoked');
    expect(await names(ledger, ['2025-06-01'])).toEqual(['Sở Số']);
  });
});
