import { describe, expect, it } from '@jest/globals';
import {
  ReorganizationQuery,
  ReorganizationQueryHandler,
  ReorganizationsHandler,
  ReorganizationsQuery,
} from '../../src/application/queries/reorganizations.js';
import type { Questions } from '../../src/application/questions.js';
import { Reorganizer } from '../../src/application/reorganization/reorganizer.js';
import { Rejected } from '../../src/domain/decider.js';
import { AUDITOR, ledgers, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';
import { apply, merger, revoke, sweep, sweepDying } from './decreeing.js';
import { assignTo, BASIS, COLLECTIVE, FIRST, found, KHCN, SECOND, TAI_CHINH, TTTT } from './world.js';

const open = ledgers();
const MERGER = merger(TTTT, TAI_CHINH, '2025-03-01');
const ID = MERGER.reorganizationId;

/** The lead of a subject changes hands after the merger. */
const handOn = ({ order }: TestLedger, id: string) =>
  order.indicator(id, {
    type: 'TransferIndicator',
    data: {
      ...{ indicatorId: id, role: 'lead', moves: [{ from: TAI_CHINH, to: KHCN }] },
      ...{ notation: null, effectiveOn: '2025-04-01', reason: 'chuyển', legalBasis: BASIS },
      ...{ reorganizationId: null, allocation: null },
    },
  });

/** A merger that moved two subjects and a place in a collective, of which one subject has changed hands since. */
const applied = async (): Promise<TestLedger> => {
  const ledger = await open();
  await found(ledger.order);
  for (const id of [FIRST, SECOND]) await ledger.order.indicator(id, assignTo(id, [TTTT]));
  await apply(ledger, MERGER);
  await handOn(ledger, SECOND);
  return ledger;
};

const LEFT_ALONE = [
  { subject: { kind: 'indicator', id: SECOND }, role: 'lead', effectiveOn: MERGER.effectiveOn },
];

/** The decree as it is told by itself; in the list it is told the same. */
const told = async (ledger: TestLedger, questions: Questions = ledger.questions) => {
  await ledger.settled();
  const one = await new ReorganizationQueryHandler(questions).execute(
    new ReorganizationQuery(ID, undefined, AUDITOR),
  );
  const list = await new ReorganizationsHandler(questions).execute(
    new ReorganizationsQuery({}, { limit: 10, cursor: null }),
  );
  expect(list.items.map(({ state }) => state)).toEqual([one.state]);
  const { state, turnedBack, leftAlone, givenBack } = one;
  return { state, turnedBack, leftAlone, about: givenBack.map(({ about }) => about) };
};

const GOING_ON = { state: 'revoking', turnedBack: null, leftAlone: null };

describe('a revocation', () => {
  it('is being carried out until what it gives back is recorded, and says only then what is left alone', async () => {
    const ledger = await applied();
    expect(await told(ledger)).toMatchObject({ state: 'applied', leftAlone: [], about: [] });
    await revoke(ledger, ID, '2025-06-01');
    expect(await told(ledger)).toEqual({ ...GOING_ON, about: [] });
    const seen: object[] = [];
    await sweepDying(ledger, async () => {
      seen.push(await told(ledger));
    });
    // The agency, the subject and the collective: what is left to do then is to say that it is done.
    expect(seen).toHaveLength(3);
    for (const before of seen) expect(before).toMatchObject(GOING_ON);
    expect(await told(ledger)).toEqual({
      state: 'revoked',
      turnedBack: { reorganizationId: ID, effectiveOn: '2025-06-01', indicators: 1, tasks: 0 },
      leftAlone: LEFT_ALONE,
      about: expect.arrayContaining([FIRST, COLLECTIVE, TTTT]),
    });
  });

  it('that gives nothing back has an end too', async () => {
    const ledger = await applied();
    await handOn(ledger, FIRST);
    await revoke(ledger, ID, '2025-06-01');
    await sweep(ledger);
    const { state, turnedBack } = await told(ledger);
    expect([state, turnedBack?.indicators]).toEqual(['revoked', 0]);
  });

  it('of which something cannot be done has no end until it can', async () => {
    const ledger = await applied();
    await revoke(ledger, ID, '2025-06-01');
    const refusing = seenAs(ledger.events, {
      append: async (stream, ...rest) => {
        if (stream === `agency-${COLLECTIVE}`) throw new Rejected('Impossible', 'It cannot be.', null);
        return ledger.events.append(stream, ...rest);
      },
    });
    for (let time = 0; time < 2; time += 1)
      await expect(
        new Reorganizer({ ...ledger, events: refusing }, ledger.questions).sweep(),
      ).rejects.toThrow('It cannot be.');
    expect(await told(ledger)).toMatchObject(GOING_ON);
    await sweep(ledger);
    expect(await told(ledger)).toMatchObject({ state: 'revoked', leftAlone: LEFT_ALONE });
  });

  it('is not at its end where the trail does not hold everything that it gave back yet', async () => {
    const ledger = await applied();
    await revoke(ledger, ID, '2025-06-01');
    const before = await ledger.events.head();
    await sweep(ledger);
    const behind = Object.create(ledger.questions, {
      moment: {
        value: async (...asked: Parameters<Questions['moment']>) => ({
          ...(await ledger.questions.moment(...asked)),
          position: before,
        }),
      },
    }) as Questions;
    expect(await told(ledger, behind)).toMatchObject(GOING_ON);
    expect(await told(ledger)).toMatchObject({ state: 'revoked' });
  });

  it('that an earlier release carried out, and knew no end of, has one after the next sweep', async () => {
    const ledger = await applied();
    await revoke(ledger, ID, '2025-06-01');
    const endless = seenAs(ledger.events, {
      append: async (stream, events, expected) => {
        if (events.some(({ type }) => type === 'ReorganizationTurnedBack')) throw new Error('unknown');
        return ledger.events.append(stream, events, expected);
      },
    });
    await expect(new Reorganizer({ ...ledger, events: endless }, ledger.questions).sweep()).rejects.toThrow();
    expect(await told(ledger)).toMatchObject(GOING_ON);
    const head = await ledger.events.head();
    await sweep(ledger);
    expect((await ledger.log()).filter(({ position }) => position > (head ?? ''))).toMatchObject([
      { type: 'ReorganizationTurnedBack', metadata: { actor: { role: 'system' } } },
    ]);
    expect(await told(ledger)).toMatchObject({ state: 'revoked', leftAlone: LEFT_ALONE });
  });
});
