import { describe, expect, it } from '@jest/globals';
import { type Projection, projection } from '../../projections/projection.js';
import { collectionOf } from '../../src/application/collection.js';
import { AgenciesHandler, AgenciesQuery } from '../../src/application/queries/agencies.js';
import { Questions } from '../../src/application/questions.js';
import type { Recorded } from '../../src/domain/message.js';
import type { RecordedEvent } from '../../src/ports/event-store.js';
import { ReadModelsUnavailable } from '../../src/ports/read-models.js';
import { ALONE, FIRST, found, KHCN, target } from '../application/world.js';
import { ledgers } from '../support/ledger.js';
import { adopted, assigned } from './events.js';
import { folded, followers, logOf, memoryBuild } from './support.js';

const follow = followers();
const open = ledgers();
const WAIT_MS = 20_000;

/** How often each of its indicators was spoken of; it chokes on a notation, until it is cured. */
const counting = (poison: { notation: string | null }, name = 'counting.v1') =>
  projection<{ count: number }>({
    name,
    fields: [],
    keys: ({ stream }) => (stream.startsWith('indicator-') ? [stream] : []),
    fold(row, { data }) {
      if (poison.notation !== null && 'notation' in data && data.notation === poison.notation)
        throw new Error('cannot swallow this');
      return { count: (row?.count ?? 0) + 1 };
    },
  }) as Projection;

const setUp = async (poison: { notation: string | null }) => {
  const ledger = await open();
  await found(ledger.order);
  const warned: string[] = [];
  const one = counting(poison);
  const { projector, progress } = await follow(ledger.events, ledger.models, [one], {
    onError: (error) => warned.push(String(error)),
  });
  const caughtUp = async () => progress.reached([one.name], (await ledger.events.head()) as string, WAIT_MS);
  const row = (id: string) => ledger.models.get(collectionOf(one), `indicator-${id}`);
  return { ledger, projector, progress, warned, caughtUp, row, name: one.name };
};

describe('an event that cannot be folded', () => {
  it('stops only its own key, is listed, and a rebuild tries again', async () => {
    const poison: { notation: string | null } = { notation: '≥ 66' };
    const { ledger, projector, progress, warned, caughtUp, row, name } = await setUp(poison);
    const poisoned = await ledger.order.indicator(ALONE, target(ALONE, '≥ 66'));
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 67'));
    await ledger.order.indicator(FIRST, target(FIRST, '≥ 68'));
    await caughtUp();

    expect(await row(ALONE)).toMatchObject({ count: 1, staleSince: poisoned.position });
    expect(await row(FIRST)).toMatchObject({ count: 2 });
    const fault = {
      ...{ projection: name, key: `indicator-${ALONE}`, position: poisoned.position },
      ...{ eventId: poisoned.eventIds[0], error: 'Error: cannot swallow this' },
    };
    expect(await progress.faults(name)).toEqual([fault]);
    expect(warned).toEqual([`Error: ${name} cannot fold ${fault.eventId} into ${fault.key}: ${fault.error}`]);

    await projector.rebuild(name);
    expect(await progress.faults(name)).toEqual([fault]);
    expect(await row(ALONE)).toMatchObject({ count: 1, staleSince: poisoned.position });

    poison.notation = null;
    await projector.rebuild(name);
    expect(await progress.faults(name)).toEqual([]);
    expect(await row(ALONE)).toEqual({ count: 3, position: expect.any(String) });

    await ledger.order.indicator(ALONE, target(ALONE, '≥ 69'));
    await caughtUp();
    expect(await row(ALONE)).toMatchObject({ count: 4 });
  });

  it('stays known after a restart, by its row and in the list', async () => {
    const poison = { notation: '≥ 66' };
    const { ledger, projector, progress, caughtUp, row, name } = await setUp(poison);
    const poisoned = await ledger.order.indicator(ALONE, target(ALONE, '≥ 66'));
    await caughtUp();
    const faults = await progress.faults(name);
    expect(faults).toMatchObject([{ position: poisoned.position }]);
    await projector.stop();
    const again = await follow(ledger.events, ledger.models, [counting(poison)]);
    await ledger.order.indicator(ALONE, target(ALONE, '≥ 67'));
    await again.progress.reached([name], (await ledger.events.head()) as string, WAIT_MS);
    expect(await row(ALONE)).toMatchObject({ count: 1, staleSince: poisoned.position });
    expect(await again.progress.faults(name)).toEqual(faults);
  });

  it('stops one of its keys where it has several', async () => {
    const perAgency = projection<{ seen: number }>({
      name: 'per-agency.v1',
      fields: [],
      keys: ({ type, data }) => (type === 'AgencyAssigned' ? (data as { agencies: string[] }).agencies : []),
      fold(row, _event, key) {
        if (key === 'b') throw new Error('not b');
        return { seen: (row?.seen ?? 0) + 1 };
      },
    }) as Projection;
    const log = logOf([
      adopted('1'),
      assigned('1', ['a', 'b']),
      assigned('1', ['b', 'c']),
      assigned('1', ['a', 'b', 'c']),
    ]);
    const { rows, faults } = await folded(perAgency, [log]);
    expect(rows.get('a')).toMatchObject({ seen: 2 });
    expect(rows.get('b')).toEqual({ position: '', staleSince: log[1]?.position });
    expect(rows.get('c')).toMatchObject({ seen: 2 });
    expect(faults.map(({ key }) => key)).toEqual(['b']);
  });

  it('is passed over, and listed, where it does not even say which rows it belongs to', async () => {
    const blind = projection<{ seen: number }>({
      name: 'blind.v1',
      fields: [],
      keys: ({ data }) => (data as { subject: { id: string } }).subject.id.split('|'),
      fold: (row) => ({ seen: (row?.seen ?? 0) + 1 }),
    }) as Projection;
    const log = logOf([adopted('1'), assigned('1', ['a']), assigned('1', ['b'])]);
    const { rows, faults } = await folded(blind, [log]);
    expect([...rows.values()]).toEqual([{ seen: 2, position: log[2]?.position }]);
    expect(faults).toEqual([
      {
        ...{ key: '', position: log[0]?.position, eventId: log[0]?.id },
        error: expect.stringContaining('Error'),
      },
    ]);
  });

  it('is none where a row could not be read: then nothing is folded, and it can be tried again', async () => {
    const log = logOf([adopted('1')]);
    const build = memoryBuild();
    const { getMany } = build;
    build.getMany = async () => {
      throw new ReadModelsUnavailable('not now');
    };
    const one = counting({ notation: null });
    await expect(folded(one, [log], build)).rejects.toThrow(ReadModelsUnavailable);
    expect([build.rows.size, await build.checkpoint()]).toEqual([0, null]);
    build.getMany = getMany;
    expect(await folded(one, [log], build)).toMatchObject({ faults: [] });
  });

  it('leaves nothing of itself behind where it had begun to set rows', async () => {
    const halfway: Projection = {
      name: 'halfway.v1',
      fields: [],
      keys: () => ['row'],
      apply({ position }, key, rows) {
        rows.set('beside', { position });
        rows.set(key, { position });
        throw new Error('after all');
      },
    };
    const [event] = logOf([adopted('1')]) as [Recorded];
    const { rows } = await folded(halfway, [[event]]);
    expect([...rows]).toEqual([['row', { position: '', staleSince: event.position }]]);
  });
});

describe('rows that stand still', () => {
  it('do not keep others from being read, even when nothing was ever folded into them', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.events.append('agency-odd', [oddEvent], 'none');
    await ledger.settled();
    const { items } = await new AgenciesHandler(ledger.questions).execute(
      new AgenciesQuery({}, { limit: 50, cursor: null }),
    );
    expect(items.map(({ id }) => id)).toContain(KHCN);
    expect(items.map(({ id }) => id)).not.toContain('odd');
    expect(await ledger.questions.facts.agency('odd', { known: undefined })).toBeUndefined();
    expect(await ledger.progress.faults('agency-registry.v3')).toMatchObject([{ key: 'odd' }]);
    expect(ledger.warnings).not.toEqual([]);
  });

  it('are folded to the same place for a question about earlier', async () => {
    const ledger = await open();
    await found(ledger.order);
    await ledger.events.append('agency-odd', [oddEvent], 'none');
    const known = (await ledger.events.head()) as string;
    await ledger.settled();
    const { facts } = new Questions(ledger.events, ledger.models, ledger.clock, ledger.progress);
    expect(await facts.agency('odd', { known })).toBeUndefined();
    expect((await facts.agencies({ known })).length).toBe(
      (await facts.agencies({ known: undefined })).length,
    );
  });
});

const oddEvent = {
  id: '00000000-0000-4000-8000-0000000000ff',
  type: 'AgencyEstablished',
  data: {},
  metadata: (logOf([adopted('1')])[0] as RecordedEvent).metadata,
};
