import { describe, expect, it } from '@jest/globals';
import { auditTrail } from '../../projections/audit-trail.js';
import { reorganizations } from '../../projections/reorganizations.js';
import { OrderReorganization } from '../../src/application/commands/orders.js';
import { ReorganizationHandler } from '../../src/application/commands/reorganization.handler.js';
import { Busy } from '../../src/application/errors.js';
import { carriedOut } from '../../src/application/reorganization/earlier.js';
import { Rejected } from '../../src/domain/decider.js';
import type { Decree } from '../../src/domain/reorganization/events.js';
import { asked, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import {
  agencyOf,
  decree,
  dissolve,
  leadsOf,
  merger,
  preview,
  revoke,
  sweep,
  toldOf,
  undo,
} from './decreeing.js';
import { assignTo, FIRST, KHCN, provinces, SECOND, TAI_CHINH, TTTT, XAY_DUNG } from './world.js';

const province = provinces();

const FIRST_DECREE = merger(TTTT, KHCN, '2025-03-01', { reorganizationId: 'mot' });
const into = (from: string, to: string) => merger(from, to, '2025-04-01', { reorganizationId: 'hai' });

/** One agency leads two subjects, and is to be merged into another; nothing of that has been carried out. */
const decreed = async (): Promise<TestLedger> => {
  const ledger = await province();
  for (const id of [FIRST, SECOND]) await ledger.order.indicator(id, assignTo(id, [TTTT]));
  await decree(ledger, FIRST_DECREE);
  return ledger;
};

/** The ledger, where what follows from a decree cannot be done. */
const refusing = (ledger: TestLedger): TestLedger => ({
  ...ledger,
  events: seenAs(ledger.events, {
    append: async (stream, events, expected) => {
      if (events.some(({ type }) => type === 'AssignmentTransferred'))
        throw new Rejected('Impossible', 'It cannot be.', null);
      return ledger.events.append(stream, events, expected);
    },
  }),
});

describe('what is decided while an earlier decree has not been carried out', () => {
  it.each([
    ['a predecessor that ends by it', into(TTTT, TAI_CHINH), 'was dissolved on 2025-03-01'],
    ['a circle with it', into(KHCN, TTTT), 'was dissolved on 2025-03-01'],
    [
      'what comes by it to who ends now, left to nobody',
      {
        ...into(KHCN, TAI_CHINH),
        kind: 'dissolve',
        predecessors: [KHCN],
        allocations: [
          { predecessor: KHCN, successor: TAI_CHINH, role: null, scope: { kind: 'indicator', id: FIRST } },
        ],
      } as Decree,
      `Nobody takes over: ${SECOND}`,
    ],
  ])('is refused: %s', async (_, second, why) => {
    const ledger = await decreed();
    await expect(decree(ledger, second)).rejects.toThrow(why);
    expect(await toldOf(ledger, 'mot')).toMatchObject({ state: 'applied', applied: { indicators: 2 } });
  });

  it('goes on from what that makes of the agencies', async () => {
    const ledger = await decreed();
    await decree(ledger, into(KHCN, TAI_CHINH));
    await sweep(ledger);
    expect(await toldOf(ledger, 'hai')).toMatchObject({ state: 'applied', applied: { indicators: 2 } });
    const leads = ['2025-02-28', '2025-03-31', '2025-04-01'].map((day) => leadsOf(ledger, FIRST, day));
    expect(await Promise.all(leads)).toEqual([[TTTT], [KHCN], [TAI_CHINH]]);
  });

  it('is no end of an agency without a decree that takes over by it', async () => {
    const ledger = await decreed();
    await expect(dissolve(ledger, KHCN, '2025-04-01')).rejects.toThrow('still holds 2');
  });

  it('is only one of two decrees at once that cannot both be carried out', async () => {
    const ledger = await province();
    const handler = new ReorganizationHandler(ledger, ledger.questions);
    const both = [FIRST_DECREE, into(TTTT, TAI_CHINH)].map((data) =>
      handler.execute(
        new OrderReorganization(data.reorganizationId, { type: 'DecreeReorganization', data }, asked()),
      ),
    );
    const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
    expect(outcomes).toEqual(['fulfilled', 'rejected']);
  });

  it('waits, as a preview, until it has been', async () => {
    const ledger = await decreed();
    const told = preview(ledger, into(KHCN, TAI_CHINH));
    await sweep(ledger);
    expect((await told).plans[0]?.moves).toHaveLength(2);
  });

  it('is its revocation: for the days on which it was in force, its predecessor was not there', async () => {
    const ledger = await decreed();
    expect(await undo(ledger, 'mot', '2025-06-01')).toMatchObject({ turnedBack: { indicators: 2 } });
    expect((await agencyOf(ledger, TTTT)).dissolutions).toMatchObject([
      { effectiveOn: '2025-03-01', restoredOn: '2025-06-01' },
    ]);
  });

  it('is told to wait where it cannot be carried out, about its agencies alone, until it is revoked', async () => {
    const ledger = await decreed();
    const stuck = refusing(ledger);
    await expect(decree(stuck, into(KHCN, TAI_CHINH))).rejects.toThrow('reorganization mot is still');
    await expect(carriedOut(ledger.questions, [TTTT])).rejects.toThrow('reorganization mot is still');
    await expect(decree(stuck, FIRST_DECREE)).resolves.toMatchObject({ eventIds: [] });
    const other = merger(TAI_CHINH, XAY_DUNG, '2025-04-01', { reorganizationId: 'ba' });
    await expect(decree(stuck, other)).resolves.toMatchObject({ eventIds: [expect.any(String)] });
    await revoke(stuck, 'mot', '2025-03-01');
    await sweep(ledger);
    await expect(decree(stuck, into(KHCN, TTTT))).resolves.toMatchObject({ eventIds: [expect.any(String)] });
  });

  it('waits for no rows when it is a revocation, and for those of the trail in no case', async () => {
    const ledger = await decreed();
    const lacking = (rows: readonly string[]): TestLedger => ({
      ...ledger,
      questions: seenAs(ledger.questions, {
        caughtUp: async (names) => {
          if (names.some((name) => rows.includes(name))) throw new Busy('not yet');
          return ledger.questions.caughtUp(names);
        },
      }),
    });
    const recorded = { eventIds: [expect.any(String)] };
    await expect(revoke(lacking([reorganizations.name]), 'mot', '2025-06-01')).resolves.toMatchObject(
      recorded,
    );
    await sweep(ledger);
    const data = merger(TAI_CHINH, XAY_DUNG, '2025-07-01');
    await expect(decree(lacking([reorganizations.name]), data)).rejects.toThrow('not yet');
    await expect(decree(lacking([auditTrail.name]), data)).resolves.toMatchObject(recorded);
  });
});
