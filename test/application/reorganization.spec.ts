import { beforeAll, describe, expect, it } from '@jest/globals';
import { v5 as uuidv5 } from 'uuid';
import { DECREES } from '../../src/cli/decrees.js';
import type { AssignmentEvent } from '../../src/domain/indicator/events.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { konTumTables, LOADER, ledgers, loadTables, type TestLedger } from '../support/ledger.js';
import { decree, leadsOf, revoke, sweep, sweepDying, transfers } from './decreeing.js';

const open = ledgers();

const of = (id: string): Decree => {
  const found = DECREES.find(({ reorganizationId }) => reorganizationId === id);
  if (!found) throw new Error(`there is no decree ${id}`);
  return found;
};

const MERGER = of('sap-xep-2025-so-tttt');

/** Every ledger counts its own ids, so that two that do the same hold the same. */
const counted = () => {
  let n = 0;
  return { next: () => `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}` };
};

/** A ledger with the five documents, as it was in June 2025. */
const loaded = async (): Promise<TestLedger> => {
  const ledger = { ...(await open()), ids: counted() };
  await loadTables(ledger, await konTumTables(), { actor: LOADER });
  await ledger.settled();
  return ledger;
};

const said = ({ id, stream, type, data, metadata }: RecordedEvent) => ({
  id,
  stream,
  type,
  data,
  cause: metadata.causationId,
});

describe('a merger of ninety assignments', () => {
  let whole: TestLedger;
  beforeAll(async () => {
    whole = await loaded();
    await decree(whole, MERGER);
    await sweep(whole);
  });

  it('cut off after every single append, ends with the very events of one that was not', async () => {
    const ledger = await loaded();
    await decree(ledger, MERGER);
    const deaths = await sweepDying(ledger);
    const caused = (log: readonly RecordedEvent[]) =>
      log.filter(({ metadata }) => metadata.causationId !== null);
    const [apart, atOnce] = [caused(await ledger.log()), caused(await whole.log())];
    expect(deaths).toBeGreaterThan(90);
    expect(new Set(apart.map(({ id }) => id)).size).toBe(apart.length);
    expect(apart.map(said)).toEqual(atOnce.map(said));
  });

  it('is caused by its decree, event by event, and counted', async () => {
    const log = await whole.log();
    const event = log.find(({ type }) => type === 'ReorganizationDecreed');
    const moved = transfers(log);
    expect(
      moved.every(({ metadata }) => metadata.causationId === event?.id && metadata.actor.role === 'system'),
    ).toBe(true);
    const { applied } =
      (await whole.questions.facts.reorganization(MERGER.reorganizationId, { known: undefined })) ?? {};
    const streams = new Set(moved.map(({ stream }) => stream));
    expect((applied?.indicators ?? 0) + (applied?.tasks ?? 0)).toBe(streams.size);
  });

  it('derives the id of each transfer from the decree’s event, the subject, the role and the day', async () => {
    const log = await whole.log();
    const event = log.find(({ type }) => type === 'ReorganizationDecreed');
    const first = transfers(log)[0] as RecordedEvent;
    const { subject, role, effectiveOn } = first.data as AssignmentEvent['data'];
    expect(first.id).toBe(uuidv5(`${subject.kind}|${subject.id}|${role}|${effectiveOn}`, event?.id ?? ''));
  });

  it('swept again, appends nothing', async () => {
    const before = await whole.events.head();
    await sweep(whole);
    expect(await whole.events.head()).toBe(before);
  });

  it('ends the agency, with its successors, and takes its place in the collectives', async () => {
    await whole.settled();
    const facts = whole.questions.facts;
    const ended = await facts.agency('so-tttt', { known: undefined });
    expect(ended?.dissolutions).toMatchObject([
      { effectiveOn: '2025-03-01', successors: ['so-khcn', 'cong-an-tinh'] },
    ]);
    const members =
      (await facts.agency('cac-so-ban-nganh', { known: undefined }))?.members.at(-1)?.value ?? [];
    expect(members).not.toContain('so-tttt');
    expect(members.filter((member) => member === 'so-khcn')).toHaveLength(1);
  });

  it('refuses what is assigned to the agency afterwards, naming its successors', async () => {
    const data = {
      indicatorId: 'lo-trinh-2025-2045/1',
      role: 'lead',
      agencies: ['so-tttt'],
      notation: null,
      effectiveOn: '2025-06-01',
    } as const;
    await expect(whole.order.indicator(data.indicatorId, { type: 'AssignIndicator', data })).rejects.toThrow(
      /so-khcn/,
    );
  });
});

describe('a decree for a day to come', () => {
  const later: Decree = { ...MERGER, reorganizationId: 'sap-xep-2026', effectiveOn: '2026-01-01' };

  it('moves also what is assigned to the predecessor before that day', async () => {
    const ledger = await loaded();
    await decree(ledger, later);
    await sweep(ledger);
    const id = 'lo-trinh-2025-2045/1';
    const data = {
      indicatorId: id,
      role: 'lead',
      agencies: ['so-tttt'],
      notation: null,
      effectiveOn: '2025-06-01',
    } as const;
    await ledger.order.indicator(id, { type: 'AssignIndicator', data });
    await sweep(ledger);
    expect(await leadsOf(ledger, id, '2025-12-31')).toEqual(['so-tttt']);
    expect(await leadsOf(ledger, id, '2026-01-01')).toEqual(['so-khcn']);
  });

  it('revoked before it, is turned back on its own day', async () => {
    const ledger = await loaded();
    await decree(ledger, later);
    await sweep(ledger);
    await revoke(ledger, 'sap-xep-2026', '2025-06-01');
    await sweep(ledger);
    expect(await leadsOf(ledger, 'kh-484-2025/1', '2026-01-01')).toEqual(['so-tttt']);
    const before = await ledger.events.head();
    await sweep(ledger);
    expect(await ledger.events.head()).toBe(before);
  });
});

describe('a revocation of a merger', () => {
  const revoked = async (): Promise<TestLedger> => {
    const ledger = await loaded();
    await decree(ledger, MERGER);
    await sweep(ledger);
    await revoke(ledger, MERGER.reorganizationId, '2025-06-01');
    return ledger;
  };

  it('cut off after every single append, ends with the very events of one that was not', async () => {
    const [apart, atOnce] = [await revoked(), await revoked()];
    expect(await sweepDying(apart)).toBeGreaterThan(90);
    await sweep(atOnce);
    const events = (await apart.log()).map(said);
    expect(events).toEqual((await atOnce.log()).map(said));
    expect(events.at(-1)).toMatchObject({ type: 'ReorganizationTurnedBack' });
  });
});

describe('one decree after another', () => {
  const into = (id: string, from: string, to: string, effectiveOn: string): Decree => ({
    ...MERGER,
    ...{ reorganizationId: id, predecessors: [from, to], successors: [to], effectiveOn },
    allocations: [{ predecessor: from, successor: to, scope: { kind: 'all' }, role: null }],
  });

  it('reads right at every date of a chain, and again once it is revoked and decreed anew', async () => {
    const ledger = await loaded();
    const id = 'kh-484-2025/1';
    const days = ['2025-02-28', '2025-03-01', '2026-12-31', '2027-01-01'];
    const read = () => Promise.all(days.map(async (day) => (await leadsOf(ledger, id, day)).join()));
    await decree(ledger, into('mot', 'so-tttt', 'so-khcn', '2025-03-01'));
    await decree(ledger, into('hai', 'so-khcn', 'so-tai-chinh', '2027-01-01'));
    await sweep(ledger);
    await sweep(ledger);
    const chain = ['so-tttt', 'so-khcn', 'so-khcn', 'so-tai-chinh'];
    expect(await read()).toEqual(chain);
    await revoke(ledger, 'hai', '2025-06-01');
    await sweep(ledger);
    expect(await read()).toEqual(['so-tttt', 'so-khcn', 'so-khcn', 'so-khcn']);
    await decree(ledger, into('ba', 'so-khcn', 'so-tai-chinh', '2027-01-01'));
    await sweep(ledger);
    expect(await read()).toEqual(chain);
  });
});
