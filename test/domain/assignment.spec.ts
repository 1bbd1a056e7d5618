import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AssignAgencies,
  assign,
  holdersAt,
  type ReleaseAgencies,
  release,
  type TransferAssignment,
  transfer,
} from '../../src/domain/assignment.js';
import { Rejected } from '../../src/domain/decider.js';
import { type AgencyLife, living } from '../../src/domain/given.js';
import type { AssignmentEvent } from '../../src/domain/indicator/events.js';
import { type Assignments, assigned } from '../../src/domain/indicator/indicator.js';
import { type Held, responsibleAt } from '../../src/domain/status/responsibility.js';
import { alive, dissolved, knowing, WHY } from '../support/decider.js';

const SUBJECT = { kind: 'indicator', id: 'kh-1570-2025/7.1' } as const;
const NOBODY: Assignments = { lead: [], coordinating: [] };
const D1 = '2025-06-01';
const D2 = '2026-01-01';
const D3 = '2027-01-01';

const given = knowing({
  agencies: {
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map((id): [string, AgencyLife] => [id, alive])),
    gone: { ...alive, dissolutions: [dissolved(D2, 'a', 'b')] },
    childless: { ...alive, dissolutions: [dissolved(D2)] },
    coming: { ...alive, establishedOn: D2 },
    nobody: null,
  },
});

type Order =
  | ({ readonly ask: 'assign' } & AssignAgencies)
  | ({ readonly ask: 'release' } & ReleaseAgencies)
  | ({ readonly ask: 'transfer' } & TransferAssignment);
type Role = Order['role'];

const assigning = (role: Role, agencies: string, on = D1): Order => ({
  ask: 'assign',
  role,
  agencies: agencies.split(' '),
  notation: null,
  effectiveOn: on,
});
const releasing = (role: Role, agencies: string, on = D2, reason: string | null = 'why'): Order => ({
  ask: 'release',
  role,
  agencies: agencies.split(' '),
  effectiveOn: on,
  reason,
  legalBasis: null,
});
/** Moves written as `a>b c>b`. */
const moving = (role: Role, moves: string, on = D2): Order => ({
  ask: 'transfer',
  role,
  moves: moves.split(' ').map((move) => {
    const [from = '', to = ''] = move.split('>');
    return { from, to };
  }),
  effectiveOn: on,
  ...WHY,
  reorganizationId: null,
  allocation: null,
});

const decide = (assignments: Assignments, order: Order): readonly AssignmentEvent[] => {
  switch (order.ask) {
    case 'assign':
      return assign(SUBJECT, assignments, order, given);
    case 'release':
      return release(SUBJECT, assignments, order);
    case 'transfer':
      return transfer(SUBJECT, assignments, order, given);
  }
};

const having = (...orders: Order[]): Assignments =>
  orders.reduce((held, order) => decide(held, order).reduce(assigned, held), NOBODY);

const refusal = (assignments: Assignments, order: Order): string => {
  try {
    decide(assignments, order);
    return 'accepted';
  } catch (error) {
    if (error instanceof Rejected) return `${error.code} ${error.field}`;
    throw error;
  }
};

/** What the events say, in short: type, role, the set, what moved. */
const said = (events: readonly AssignmentEvent[]) =>
  events.map(({ type, data }) => [
    type,
    data.role,
    data.agencies.join(' '),
    data.moves.map(({ from, to }) => `${from ?? ''}>${to ?? ''}`).join(' '),
  ]);

describe('assigning', () => {
  it('states the whole resulting set and what moved', () => {
    expect(said(decide(NOBODY, assigning('lead', 'a b')))).toEqual([
      ['AgencyAssigned', 'lead', 'a b', '>a >b'],
    ]);
    expect(said(decide(having(assigning('lead', 'a')), assigning('lead', 'b', D2)))).toEqual([
      ['AgencyAssigned', 'lead', 'a b', '>b'],
    ]);
  });

  it('keeps how the annex spells it', () => {
    const [event] = assign(
      SUBJECT,
      NOBODY,
      { role: 'lead', agencies: ['a'], notation: 'Sở A', effectiveOn: D1 },
      given,
    );
    const data = { subject: SUBJECT, role: 'lead', agencies: ['a'], moves: [{ from: null, to: 'a' }] };
    expect(event).toEqual({ type: 'AgencyAssigned', data: { ...data, notation: 'Sở A', effectiveOn: D1 } });
  });

  it('needs no reason and no legal basis, and keeps what is given of them', () => {
    const kept = (over: object) => decide(NOBODY, { ...assigning('lead', 'a'), ...over })[0]?.data;
    expect(kept(WHY)).toMatchObject(WHY);
    const silent = kept({ reason: ' ', legalBasis: null });
    for (const field of ['reason', 'legalBasis']) expect(silent).not.toHaveProperty(field);
  });

  it('holds an agency once, and who holds already changes nothing', () => {
    expect(said(decide(NOBODY, assigning('lead', 'a a')))).toEqual([['AgencyAssigned', 'lead', 'a', '>a']]);
    expect(decide(having(assigning('lead', 'a b')), assigning('lead', 'b a', D2))).toEqual([]);
    expect(
      assign(SUBJECT, NOBODY, { role: 'lead', agencies: [], notation: null, effectiveOn: D1 }, given),
    ).toEqual([]);
  });

  it('takes who becomes a lead out of the coordinating agencies on the same day', () => {
    const held = having(assigning('coordinating', 'a b'));
    expect(said(decide(held, assigning('lead', 'b c', D2)))).toEqual([
      ['AgencyAssigned', 'lead', 'b c', '>b >c'],
      ['AgencyReleased', 'coordinating', 'a', 'b>'],
    ]);
    for (const order of [{ ...assigning('lead', 'b', D2), ...WHY }, moving('lead', 'c>b')])
      expect(
        decide(having(assigning('lead', 'c'), assigning('coordinating', 'b')), order)[1]?.data,
      ).toMatchObject({ legalBasis: WHY.legalBasis });
  });

  it('does not let a lead coordinate, not even where an earlier entry names it', () => {
    expect(refusal(having(assigning('lead', 'a')), assigning('coordinating', 'b a'))).toBe(
      'LeadCannotCoordinate agencies',
    );
    const led = having(assigning('coordinating', 'a', D2), assigning('lead', 'a', D1));
    expect(refusal(led, assigning('coordinating', 'a', D2))).toBe('LeadCannotCoordinate agencies');
    expect(said(decide(led, assigning('coordinating', 'b', D2)))).toEqual([
      ['AgencyAssigned', 'coordinating', 'b', '>b'],
    ]);
  });

  it('refuses who does not exist on that day', () => {
    expect(refusal(NOBODY, assigning('lead', 'a nobody'))).toBe('UnknownAgency agencies');
    expect(refusal(NOBODY, assigning('lead', 'unheard-of'))).toBe('UnknownAgency agencies');
    expect(refusal(NOBODY, assigning('lead', 'coming', D1))).toBe('AgencyNotYetEstablished agencies');
    expect(refusal(NOBODY, assigning('lead', 'coming', D2))).toBe('accepted');
    expect(refusal(NOBODY, assigning('lead', 'gone', D1))).toBe('accepted');
    expect(refusal(NOBODY, assigning('coordinating', 'gone', D2))).toBe('AgencyDissolved agencies');
  });

  it('names the successors of who was dissolved', () => {
    expect(() => living(given, 'gone', D2, 'agencies')).toThrow(
      'gone was dissolved on 2026-01-01. Its successors: a, b.',
    );
    expect(() => living(given, 'childless', D2, 'agencies')).toThrow(
      'childless was dissolved on 2026-01-01.',
    );
  });
});

describe('releasing', () => {
  it('states who stays', () => {
    expect(said(decide(having(assigning('lead', 'a b')), releasing('lead', 'a', D2, null)))).toEqual([
      ['AgencyReleased', 'lead', 'b', 'a>'],
    ]);
  });

  it('the last lead needs a reason, and leaves an empty set', () => {
    const held = having(assigning('lead', 'a b'));
    expect(refusal(held, releasing('lead', 'a b', D2, null))).toBe('LastLead reason');
    expect(refusal(held, releasing('lead', 'b a', D2, ' '))).toBe('LastLead reason');
    expect(said(decide(held, releasing('lead', 'a b')))).toEqual([['AgencyReleased', 'lead', '', 'a> b>']]);
  });

  it('the last coordinating agency needs none', () => {
    expect(
      said(decide(having(assigning('coordinating', 'a')), releasing('coordinating', 'a', D2, null))),
    ).toEqual([['AgencyReleased', 'coordinating', '', 'a>']]);
  });

  it('who does not hold changes nothing', () => {
    expect(decide(having(assigning('lead', 'a')), releasing('lead', 'b'))).toEqual([]);
    expect(decide(having(assigning('lead', 'a')), releasing('coordinating', 'a'))).toEqual([]);
    expect(decide(having(assigning('lead', 'a', D2)), releasing('lead', 'a', D1))).toEqual([]);
  });
});

describe('transferring', () => {
  const leadA = having(assigning('lead', 'a'));

  it('puts the taker in the place of the giver, with reason, basis and decree', () => {
    const order = {
      ...moving('lead', 'b>d'),
      reorganizationId: 'sap-xep-2025',
      allocation: 'default',
    } as Order;
    expect(decide(having(assigning('lead', 'a b c')), order)).toEqual([
      {
        type: 'AssignmentTransferred',
        data: {
          subject: SUBJECT,
          role: 'lead',
          agencies: ['a', 'd', 'c'],
          moves: [{ from: 'b', to: 'd' }],
          notation: null,
          effectiveOn: D2,
          ...WHY,
          reorganizationId: 'sap-xep-2025',
          allocation: 'default',
        },
      },
    ]);
  });

  it('merges, absorbs and splits', () => {
    const held = having(assigning('lead', 'a b'));
    expect(said(decide(held, moving('lead', 'a>c b>c')))).toEqual([
      ['AssignmentTransferred', 'lead', 'c', 'a>c b>c'],
    ]);
    expect(said(decide(held, moving('lead', 'a>b')))).toEqual([
      ['AssignmentTransferred', 'lead', 'b', 'a>b'],
    ]);
    expect(said(decide(leadA, moving('lead', 'a>b a>c')))).toEqual([
      ['AssignmentTransferred', 'lead', 'b c', 'a>b a>c'],
    ]);
  });

  it('lets the giver stay where it is one of its own takers', () => {
    expect(said(decide(leadA, moving('lead', 'a>a a>b')))).toEqual([
      ['AssignmentTransferred', 'lead', 'a b', 'a>b'],
    ]);
    const held = having(assigning('lead', 'a'), moving('lead', 'a>a a>b'));
    expect(decide(held, moving('lead', 'a>a a>b'))).toEqual([]);
  });

  it('makes only the moves that have not been made', () => {
    const held = having(assigning('lead', 'c b'));
    expect(said(decide(held, moving('lead', 'a>c b>c')))).toEqual([
      ['AssignmentTransferred', 'lead', 'c', 'b>c'],
    ]);
    expect(decide(having(assigning('lead', 'c')), moving('lead', 'a>c b>c'))).toEqual([]);
    expect(decide(leadA, moving('lead', 'a>a'))).toEqual([]);
  });

  it('makes moves that hang together as one, and once', () => {
    const chain = moving('lead', 'a>b b>c');
    expect(said(decide(having(assigning('lead', 'a b')), chain))).toEqual([
      ['AssignmentTransferred', 'lead', 'b c', 'a>b b>c'],
    ]);
    expect(decide(having(assigning('lead', 'a b'), chain), chain)).toEqual([]);
    expect(refusal(having(assigning('lead', 'b')), chain)).toBe('NotHolding moves');
    expect(decide(having(assigning('lead', 'a b')), moving('lead', 'a>b b>a'))).toEqual([]);
  });

  it('refuses a giver who does not hold, and a taker who does not exist on that day', () => {
    expect(refusal(leadA, moving('lead', 'b>c'))).toBe('NotHolding moves');
    expect(refusal(NOBODY, moving('lead', 'a>b'))).toBe('NotHolding moves');
    expect(refusal(leadA, moving('coordinating', 'a>b'))).toBe('NotHolding moves');
    expect(refusal(leadA, moving('lead', 'a>nobody'))).toBe('UnknownAgency moves');
    expect(refusal(leadA, moving('lead', 'a>coming', D1))).toBe('AgencyNotYetEstablished moves');
    expect(refusal(leadA, moving('lead', 'a>gone'))).toBe('AgencyDissolved moves');
  });

  it('takes from who is dissolved: that is what it is for', () => {
    expect(refusal(having(assigning('lead', 'gone')), moving('lead', 'gone>a'))).toBe('accepted');
  });

  it('says why', () => {
    expect(refusal(leadA, { ...moving('lead', 'a>b'), reason: '' } as Order)).toBe('ReasonMissing reason');
  });

  it('takes the new lead out of the coordinating agencies', () => {
    const held = having(assigning('lead', 'a'), assigning('coordinating', 'b c'));
    expect(said(decide(held, moving('lead', 'a>b')))).toEqual([
      ['AssignmentTransferred', 'lead', 'b', 'a>b'],
      ['AgencyReleased', 'coordinating', 'c', 'b>'],
    ]);
  });

  it('to who leads already leaves it leading and not coordinating', () => {
    const held = having(assigning('lead', 'b'), assigning('coordinating', 'a c'));
    const order = moving('coordinating', 'a>b');
    expect(said(decide(held, order))).toEqual([['AssignmentTransferred', 'coordinating', 'c', 'a>b']]);
    expect(decide(decide(held, order).reduce(assigned, held), order)).toEqual([]);
  });
});

describe('who holds a role on a day', () => {
  it('is what the last entry up to that day says, the day included', () => {
    const held = having(assigning('lead', 'a', D1), moving('lead', 'a>b', D2));
    expect(holdersAt(held, 'lead', '2025-05-31')).toEqual([]);
    expect(holdersAt(held, 'lead', '2025-12-31')).toEqual(['a']);
    expect(holdersAt(held, 'lead', D2)).toEqual(['b']);
  });

  it('later is not undone by an entry made late', () => {
    const held = having(assigning('lead', 'a', D1), moving('lead', 'a>c', D3), moving('lead', 'a>b', D2));
    expect([D1, D2, D3].map((day) => holdersAt(held, 'lead', day))).toEqual([['a'], ['b'], ['c']]);
  });

  const agencies = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 });
  const role = fc.constantFrom<Role>('lead', 'coordinating');
  const day = fc.constantFrom(D1, D2, D3);
  const move = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c', 'd'))
    .map((both) => both.join('>'));
  const order: fc.Arbitrary<Order> = fc.oneof(
    fc.tuple(role, agencies, day).map(([to, who, on]) => assigning(to, who.join(' '), on)),
    fc.tuple(role, agencies, day).map(([to, who, on]) => releasing(to, who.join(' '), on)),
    fc
      .tuple(role, fc.uniqueArray(move, { minLength: 1, maxLength: 4 }), day)
      .map(([to, moves, on]) => moving(to, moves.join(' '), on)),
  );
  const accepted = (held: Assignments, asked: Order): readonly AssignmentEvent[] | null =>
    refusal(held, asked) === 'accepted' ? decide(held, asked) : null;

  it('is one set, a lead never also coordinating, and no order counts twice', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 12, size: 'max' }), (orders) => {
        let held = NOBODY;
        for (const asked of orders) {
          const events = accepted(held, asked);
          if (events === null) continue;
          for (const { data } of events) {
            held = assigned(held, { data });
            expect(holdersAt(held, data.role, data.effectiveOn)).toEqual(data.agencies);
          }
          expect(accepted(held, asked)).toEqual([]);
          for (const on of ['2025-01-01', D1, D2, D3, '2030-01-01']) {
            const both = [...holdersAt(held, 'lead', on), ...holdersAt(held, 'coordinating', on)];
            expect(new Set(both).size).toBe(both.length);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('responsibility', () => {
  const row = (id: string, parent: string | null, assignments: Assignments = NOBODY): Held => ({
    ...{ id, planId: 'kh', section: null, parent, dropped: null },
    assignments,
  });
  const rows = [
    row(
      '7',
      null,
      having(assigning('lead', 'a', D1), moving('lead', 'a>b', D2), assigning('coordinating', 'd')),
    ),
    row('7.1', '7'),
    row('7.1.1', '7.1', having(assigning('lead', 'c', D2))),
    row('7.1.1.1', '7.1.1'),
    row('8', null),
    row('8.1', 'gone'),
  ];
  const responsible = (id: string, on: string, of: Role = 'lead') => {
    const find = (wanted: string) => rows.find((one) => one.id === wanted);
    const subject = find(id);
    if (!subject) throw new Error(`there is no row ${id}`);
    const { agencies, from, row: held } = responsibleAt(subject, of, on, find);
    return { agencies, from, row: held.id };
  };

  it('is the row’s own where it has a lead', () => {
    expect(responsible('7', D1)).toEqual({ agencies: ['a'], from: 'own', row: '7' });
    expect(responsible('7', D2)).toEqual({ agencies: ['b'], from: 'own', row: '7' });
  });

  it('is else that of its nearest parent that has one on that day', () => {
    expect(responsible('7.1', D2)).toEqual({ agencies: ['b'], from: 'parent', row: '7' });
    expect(responsible('7.1.1.1', D1)).toEqual({ agencies: ['a'], from: 'parent', row: '7' });
    expect(responsible('7.1.1.1', D2)).toEqual({ agencies: ['c'], from: 'parent', row: '7.1.1' });
  });

  it('is nobody’s where no row above has a lead on that day', () => {
    expect(responsible('8', D2)).toEqual({ agencies: [], from: 'unassigned', row: '8' });
    expect(responsible('8.1', D2)).toEqual({ agencies: [], from: 'unassigned', row: '8.1' });
    expect(responsible('7.1', '2025-01-01')).toEqual({ agencies: [], from: 'unassigned', row: '7.1' });
  });

  it('for coordinating is the row’s own alone', () => {
    expect(responsible('7', D2, 'coordinating')).toEqual({ agencies: ['d'], from: 'own', row: '7' });
    expect(responsible('7.1', D2, 'coordinating')).toEqual({ agencies: [], from: 'unassigned', row: '7.1' });
  });
});
