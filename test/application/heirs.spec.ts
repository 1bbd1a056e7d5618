import { describe, expect, it } from '@jest/globals';
import { Heirs } from '../../src/application/heirs.js';
import { MEMBERSHIP } from '../../src/application/reorganization/affected.js';
import type { Agency, AgencyDissolution } from '../../src/domain/agency/agency.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import { all, merger } from './decreeing.js';
import { BASIS, FIRST, KHCN, TAI_CHINH, TTTT, XAY_DUNG } from './world.js';

const agency = (id: string, dissolutions: readonly Partial<AgencyDissolution>[]): Agency => ({
  ...{ id, kind: 'agency', level: 'province', names: [], aliases: [], establishedOn: null, members: [] },
  dissolutions: dissolutions.map((one) => ({
    ...{ effectiveOn: '2025-03-01', successors: [], restoredOn: null, reorganizationId: null },
    ...{ reason: 'sắp xếp', legalBasis: BASIS, ...one },
  })),
});

/** Whoever came after an agency, where some have ended. */
const heirsOf = (id: string, ended: readonly Agency[], decrees: readonly Decree[] = []) =>
  Heirs.of(
    {
      agency: async (one) => ended.find((agency) => agency.id === one) ?? agency(one, []),
      decree: async (one) => decrees.find(({ reorganizationId }) => reorganizationId === one),
    },
    [id],
  );

const DAY = '2025-06-01';
const place = { ...MEMBERSHIP, subject: { kind: 'indicator', id: FIRST } } as const;

/** One agency is divided: an indicator goes to one, everything else to another, or to nobody. */
const splitting = (reorganizationId: string, from: string, first: string, rest: string | null): Decree => {
  const successors = [first, ...(rest === null ? [] : [rest])];
  const allocations = successors.map((to) => all(from, to));
  return merger(from, first, '2025-03-01', {
    ...{ reorganizationId, kind: 'split', predecessors: [from], successors },
    allocations: [{ ...all(from, first), scope: place.subject }, ...allocations.slice(1)],
  });
};

describe('whoever came after an agency', () => {
  it('is looked for behind each of its successors, and told once', async () => {
    const ended = [
      agency(TTTT, [{ successors: [KHCN, TAI_CHINH, XAY_DUNG] }]),
      agency(KHCN, [{ successors: [XAY_DUNG] }]),
      agency(TAI_CHINH, [{ successors: ['vp-ubnd'] }]),
    ];
    const heirs = await heirsOf(TTTT, ended);
    expect(heirs.of(TTTT, MEMBERSHIP, DAY)).toEqual([XAY_DUNG, 'vp-ubnd']);
    expect(heirs.ofAll([KHCN, TTTT], MEMBERSHIP, DAY)).toEqual([XAY_DUNG, 'vp-ubnd']);
  });

  it('is told by each of the decrees that ended it, where it ended more than once', async () => {
    const twice = agency(TTTT, [
      { successors: [TAI_CHINH, KHCN], reorganizationId: 'mot', restoredOn: '2025-05-01' },
      { successors: ['vp-ubnd', XAY_DUNG], reorganizationId: 'hai', effectiveOn: DAY },
    ]);
    const decrees = [splitting('mot', TTTT, TAI_CHINH, KHCN), splitting('hai', TTTT, 'vp-ubnd', XAY_DUNG)];
    const heirs = await heirsOf(TTTT, [twice], decrees);
    const days = ['2025-02-28', '2025-04-30', '2025-05-31', DAY];
    expect(days.map((day) => heirs.of(TTTT, place, day))).toEqual([[TTTT], [TAI_CHINH], [TTTT], ['vp-ubnd']]);
  });

  it('is itself where two that raced one another left everything to each other', async () => {
    const ended = [agency(TTTT, [{ successors: [KHCN] }]), agency(KHCN, [{ successors: [TTTT] }])];
    expect((await heirsOf(TTTT, ended)).of(TTTT, MEMBERSHIP, DAY)).toEqual([TTTT]);
  });

  it('is nobody where the decree says of a place to whom it goes, and it is not that place', async () => {
    const ended = agency(TTTT, [{ successors: [KHCN], reorganizationId: 'mot' }]);
    const heirs = await heirsOf(TTTT, [ended], [splitting('mot', TTTT, KHCN, null)]);
    expect([place, MEMBERSHIP].map((one) => heirs.of(TTTT, one, DAY))).toEqual([[KHCN], [TTTT]]);
  });

  it('has it among its predecessors, be it behind one that had left something else to others before', async () => {
    const ended = [
      agency(KHCN, [{ successors: [XAY_DUNG, TAI_CHINH], reorganizationId: 'mot' }]),
      // When that was carried out, its successor had ended.
      agency(TTTT, [{ successors: [TAI_CHINH], reorganizationId: 'hai', effectiveOn: '2025-04-01' }]),
      agency('so-cu', [{ successors: [TTTT, 'vp-ubnd'] }]),
    ];
    const both = merger(TTTT, KHCN, '2025-04-01', {
      ...{ reorganizationId: 'hai', predecessors: [TTTT, 'so-khac'], successors: [KHCN, 'vp-ubnd'] },
      allocations: [all(TTTT, KHCN), all('so-khac', 'vp-ubnd')],
    });
    const heirs = await heirsOf('so-cu', ended, [splitting('mot', KHCN, XAY_DUNG, TAI_CHINH), both]);
    expect(heirs.of('so-cu', place, DAY)).toEqual([XAY_DUNG, 'vp-ubnd']);
    expect(heirs.withPredecessors([XAY_DUNG])).toEqual([XAY_DUNG, KHCN, TTTT, 'so-cu']);
    expect(heirs.withPredecessors(['vp-ubnd'])).toEqual(['vp-ubnd', 'so-cu']);
  });
});
