import { describe, expect, it } from '@jest/globals';
import {
  type Agency,
  dissolutionAt,
  evolve,
  lifeOf,
  membersAt,
  nameAt,
} from '../../../src/domain/agency/agency.js';
import type { AgencyCommand } from '../../../src/domain/agency/commands.js';
import { agencyDecider } from '../../../src/domain/agency/decider.js';
import type { Dissolution } from '../../../src/domain/given.js';
import { alive, BASIS, dissolved, specify, yielded } from '../../support/decider.js';
import { AGENCY_STORIES, alias, define, dissolve, establish, regroup, rename, restore } from './commands.js';

const { given } = specify(agencyDecider);
const having = (...commands: AgencyCommand[]) => given(...yielded(agencyDecider, commands));
const agency = (...commands: AgencyCommand[]): Agency => {
  const state = yielded(agencyDecider, commands).reduce(evolve, null as Agency | null);
  if (state === null) throw new Error('The first command must make the agency.');
  return state;
};

describe('an agency', () => {
  it('is established with its names and its level', () => {
    given()
      .when(establish())
      .yields([{ type: 'AgencyEstablished', data: establish().data }]);
  });

  it('established again as it was changes nothing, whatever has happened to it since', () => {
    having(establish(), alias('Sở TNMT'), rename(), dissolve()).when(establish()).yields([]);
  });

  it('cannot take the id of another, nor of a collective', () => {
    having(establish())
      .when(establish({ name: 'another' }))
      .refuses('AgencyExists', 'agencyId');
    having(establish())
      .when(establish({ establishedOn: '2025-03-01' }))
      .refuses('AgencyExists', 'agencyId');
    having(establish())
      .when(define({ agencyId: 'so-nnmt' }))
      .refuses('AgencyExists', 'agencyId');
    having(define()).when(establish()).refuses('AgencyExists', 'agencyId');
  });

  it.each([alias('a'), rename(), dissolve(), regroup()])(
    'that was never established is not there: $type',
    (command) => {
      given().when(command).refuses('UnknownAgency', 'agencyId');
    },
  );

  it.each([rename(), dissolve()])('does nothing before the day it was established: $type', (command) => {
    having(establish({ establishedOn: '2025-08-01' }))
      .when(command)
      .refuses('AgencyNotYetEstablished', 'effectiveOn');
    expect(
      having(establish({ establishedOn: command.data.effectiveOn }))
        .when(command)
        .events(),
    ).toHaveLength(1);
  });
});

describe('a dissolution', () => {
  const from = (agency: Agency, day: string) => dissolutionAt(agency, day)?.effectiveOn ?? null;

  it('is told before it comes, and until the day on which it is taken back', () => {
    const dissolved = agency(establish(), dissolve());
    expect(['2025-06-30', '2025-07-01', '2030-01-01'].map((day) => from(dissolved, day))).toEqual(
      Array(3).fill('2025-07-01'),
    );
    const restored = agency(establish(), dissolve(), restore());
    expect(['2025-06-30', '2026-05-31', '2026-06-01'].map((day) => from(restored, day))).toEqual([
      ...['2025-07-01', '2025-07-01', null],
    ]);
  });

  it('that never came is told on no day, and the next one is', () => {
    const never = agency(establish(), dissolve(), restore({ effectiveOn: '2025-07-01' }));
    expect(['2025-06-30', '2025-07-01'].map((day) => from(never, day))).toEqual([null, null]);
    const again = dissolve({ effectiveOn: '2027-01-01' });
    expect(from(agency(establish(), dissolve(), restore(), again), '2026-12-31')).toBe('2027-01-01');
  });

  it('is told with its own successors, whatever ended the agency once more', () => {
    const twice = agency(
      ...[establish(), dissolve(), restore()],
      dissolve({ effectiveOn: '2027-01-01', successors: ['so-tai-chinh'] }),
    );
    const told = ['2025-07-01', '2026-06-01', '2027-01-01'].map(
      (day) => dissolutionAt(twice, day)?.successors,
    );
    expect(told).toEqual([['so-khcn'], ['so-tai-chinh'], ['so-tai-chinh']]);
  });
});

describe('restoring an agency', () => {
  it('takes back its last dissolution, from a day on', () => {
    having(establish(), dissolve())
      .when(restore())
      .yields([{ type: 'AgencyRestored', data: restore().data }]);
    const dates = agency(establish(), dissolve(), restore()).dissolutions;
    expect(dates).toMatchObject([{ effectiveOn: '2025-07-01', restoredOn: '2026-06-01' }]);
  });

  it('is done once, and not to one that lives', () => {
    having(establish(), dissolve(), restore()).when(restore()).yields([]);
    having(establish(), dissolve(), restore())
      .when(restore({ effectiveOn: '2026-07-01' }))
      .refuses('NotDissolved', 'agencyId');
    having(establish()).when(restore()).refuses('NotDissolved', 'agencyId');
  });

  it('is not for a day before the dissolution', () => {
    having(establish(), dissolve())
      .when(restore({ effectiveOn: '2025-06-30' }))
      .refuses('BeforeDissolution', 'effectiveOn');
  });
});

describe('an alias', () => {
  it('is one more spelling', () => {
    having(establish())
      .when(alias('Sở TNMT'))
      .yields([{ type: 'AgencyAliased', data: alias('Sở TNMT').data }]);
  });

  it('that is known already, or is a name it had, changes nothing', () => {
    having(establish(), alias('Sở TNMT')).when(alias('Sở TNMT')).yields([]);
    having(establish(), rename()).when(alias('Sở Tài nguyên và Môi trường')).yields([]);
    having(establish(), rename()).when(alias('Sở Nông nghiệp và Môi trường')).yields([]);
  });

  it('can be given to what was dissolved: old documents name it', () => {
    expect(having(establish(), dissolve()).when(alias('Sở TNMT')).events()).toHaveLength(1);
  });
});

describe('renaming an agency', () => {
  it('gives it a name from a day, on a legal basis', () => {
    having(establish())
      .when(rename())
      .yields([{ type: 'AgencyRenamed', data: rename().data }]);
    const state = agency(establish(), rename());
    expect(nameAt(state, '2025-02-28').shortName).toBe('Sở TN&MT');
    expect(nameAt(state, '2025-03-01').shortName).toBe('Sở NN&MT');
    expect(lifeOf(state).name).toBe('Sở Nông nghiệp và Môi trường');
  });

  it('to its own name changes nothing', () => {
    const { name, shortName } = establish().data;
    having(establish())
      .when(rename({ name, shortName, reason: '', legalBasis: null }))
      .yields([]);
  });

  it('needs a legal basis and a reason', () => {
    having(establish())
      .when(rename({ legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(establish())
      .when(rename({ legalBasis: { ...BASIS, number: '' } }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(establish())
      .when(rename({ reason: ' ' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('is not for a day on which it is dissolved, yet for one before', () => {
    const dissolved = [establish(), dissolve()];
    having(...dissolved)
      .when(rename({ effectiveOn: '2025-07-01' }))
      .refuses('AgencyDissolved', 'effectiveOn');
    expect(
      having(...dissolved)
        .when(rename({ effectiveOn: '2025-06-30' }))
        .events(),
    ).toHaveLength(1);
  });
});

describe('dissolving an agency', () => {
  it('names its successors, on a legal basis', () => {
    having(establish())
      .when(dissolve())
      .yields([{ type: 'AgencyDissolved', data: dissolve().data }]);
    expect(lifeOf(agency(establish(), dissolve()))).toMatchObject({
      dissolutions: [{ effectiveOn: '2025-07-01', successors: ['so-khcn'], restoredOn: null }],
    });
  });

  it('may leave none', () => {
    expect(
      having(establish())
        .when(dissolve({ successors: [] }))
        .events(),
    ).toHaveLength(1);
  });

  it.each([
    ['later', { effectiveOn: '2025-08-01' }],
    ['earlier', { effectiveOn: '2025-06-01' }],
    ['with other successors', { successors: ['so-tai-chinh'] }],
  ])('is done once: not again %s', (_, over) => {
    having(establish(), dissolve()).when(dissolve(over)).refuses('AgencyDissolved', 'effectiveOn');
  });

  it('is not for one that still holds an assignment', () => {
    having(establish())
      .when(dissolve({}, { holdings: 1 }))
      .refuses('StillHolding', 'agencyId');
    expect(
      having(establish())
        .when(dissolve({}, { holdings: 2 }))
        .refusal(),
    ).toContain('2 assignment(s)');
  });

  it('is not for one that is still a member of a collective', () => {
    const member = dissolve({}, { memberOf: ['cac-so-ban-nganh', 'to-cong-tac'] });
    having(establish()).when(member).refuses('StillMember', 'agencyId');
    expect(having(establish()).when(member).refusal()).toContain('cac-so-ban-nganh, to-cong-tac');
  });

  it('hands over only to agencies that live on that day, never to itself', () => {
    having(establish())
      .when(dissolve({ successors: ['khong-co'] }))
      .refuses('UnknownAgency', 'successors');
    having(establish())
      .when(dissolve({ successors: ['so-moi'] }))
      .refuses('AgencyNotYetEstablished', 'successors');
    const gone = dissolve({ successors: ['so-tttt'], effectiveOn: '2026-01-01' });
    having(establish()).when(gone).refuses('AgencyDissolved', 'successors');
    expect(having(establish()).when(gone).refusal()).toContain('Its successors: so-khcn, cong-an-tinh.');
    const { agencies } = dissolve().given;
    const itself = dissolve(
      { successors: ['so-nnmt'] },
      { agencies: { ...agencies, 'so-nnmt': lifeOf(agency(establish())) } },
    );
    having(establish()).when(itself).refuses('OwnSuccessor', 'successors');
  });

  it('hands over to nobody who hands over to it in turn, be it for a while', () => {
    const { agencies } = dissolve().given;
    const intoOne = (...dissolutions: Dissolution[]) =>
      having(establish()).when(
        dissolve(
          { effectiveOn: '2025-07-01', successors: ['so-khcn'] },
          { agencies: { ...agencies, 'so-khcn': { ...alive, dissolutions } } },
        ),
      );
    const inTurn = dissolved('2026-11-01', 'so-nnmt');
    const elsewhere = { ...dissolved('2026-10-01'), restoredOn: '2026-12-01' };
    for (const [day, ...ends] of [
      ['2026-11-01', inTurn],
      ['2026-11-01', { ...inTurn, restoredOn: '2026-12-01' }],
      ['2026-12-01', inTurn, elsewhere],
    ] as const) {
      intoOne(...ends).refuses('Cycle', 'successors');
      expect(intoOne(...ends).refusal()).toContain(`so-nnmt → so-khcn → so-nnmt: on ${day}`);
    }
    expect(
      intoOne({ ...dissolved('2025-01-01', 'so-nnmt'), restoredOn: '2025-07-01' }).events(),
    ).toHaveLength(1);
  });

  it('needs a legal basis and a reason', () => {
    having(establish())
      .when(dissolve({ legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(establish())
      .when(dissolve({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });
});

describe('a collective', () => {
  it('is defined by its members from a day', () => {
    given()
      .when(define())
      .yields([{ type: 'AgencyGroupDefined', data: define().data }]);
    expect(lifeOf(agency(define())).kind).toBe('group');
  });

  it('defined again as it was changes nothing, whatever has happened to it since', () => {
    having(define(), regroup(), regroup({ members: [], effectiveOn: '2024-01-01' }))
      .when(define())
      .yields([]);
  });

  it('cannot take the id of another', () => {
    having(define())
      .when(define({ members: ['so-khcn'] }))
      .refuses('AgencyExists', 'agencyId');
  });

  it.each([
    ['a collective', 'cac-so-ban-nganh', 'MemberIsGroup'],
    ['who does not exist', 'khong-co', 'UnknownAgency'],
    ['who was dissolved', 'so-tttt', 'AgencyDissolved'],
    ['who is not yet established', 'so-moi', 'AgencyNotYetEstablished'],
  ])('has no member %s', (_, member, code) => {
    const over = {
      members: ['so-khcn', member],
      effectiveOn: code === 'AgencyDissolved' ? '2026-01-01' : '2025-07-01',
    };
    given().when(define(over)).refuses(code, 'members');
    having(define()).when(regroup(over)).refuses(code, 'members');
  });

  it('has a member once', () => {
    const over = { members: ['so-khcn', 'so-khcn'] };
    given().when(define(over)).refuses('MemberTwice', 'members');
    having(define()).when(regroup(over)).refuses('MemberTwice', 'members');
  });

  it('changes its members by day', () => {
    having(define())
      .when(regroup())
      .yields([{ type: 'AgencyGroupChanged', data: regroup().data }]);
    const state = agency(define(), regroup());
    expect(membersAt(state, '2025-02-28')).toEqual([]);
    expect(membersAt(state, '2025-06-30')).toEqual(['so-khcn', 'so-tai-chinh']);
    expect(membersAt(state, '2025-07-01')).toEqual(['so-khcn', 'cong-an-tinh']);
  });

  it('with the same members in another order changes nothing', () => {
    having(define())
      .when(regroup({ members: ['so-tai-chinh', 'so-khcn'], reason: '' }))
      .yields([]);
  });

  it('changes with a reason, and not once it is dissolved', () => {
    having(define())
      .when(regroup({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
    having(define(), dissolve()).when(regroup()).refuses('AgencyDissolved', 'effectiveOn');
  });

  it('is the only kind that has members', () => {
    having(establish()).when(regroup()).refuses('NotAGroup', 'agencyId');
  });
});

describe('every event of an agency', () => {
  it.each(Object.entries(AGENCY_STORIES))('%s follows from commands', (type, commands) => {
    expect(yielded(agencyDecider, commands).at(-1)?.type).toBe(type);
  });

  it('before the agency was made changes nothing', () => {
    for (const [type, commands] of Object.entries(AGENCY_STORIES)) {
      const last = yielded(agencyDecider, commands).at(-1);
      if (last && type !== 'AgencyEstablished' && type !== 'AgencyGroupDefined')
        expect(evolve(null, last)).toBeNull();
    }
  });
});
