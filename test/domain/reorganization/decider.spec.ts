import { describe, expect, it } from '@jest/globals';
import type { IndicatorEvent } from '../../../src/domain/indicator/events.js';
import { evolve } from '../../../src/domain/indicator/indicator.js';
import { allocationOf, type Place, plannedTransfers } from '../../../src/domain/reorganization/allocation.js';
import type { ReorganizationCommand } from '../../../src/domain/reorganization/commands.js';
import { reorganizationDecider } from '../../../src/domain/reorganization/decider.js';
import type { Allocation, Decree } from '../../../src/domain/reorganization/events.js';
import { ending } from '../../../src/domain/reorganization/reorganization.js';
import { alive, BASIS, knowing, specify, yielded } from '../../support/decider.js';
import { all, apply, decree, REORGANIZATION_STORIES, revoke, turnBack } from './commands.js';

const { given } = specify(reorganizationDecider);
const having = (...commands: ReorganizationCommand[]) => given(...yielded(reorganizationDecider, commands));

const lead = (agency: string, id = 'kh-1570-2025/2'): Place => ({
  subject: { kind: 'indicator', id },
  planId: 'kh-1570-2025',
  section: 'I',
  role: 'lead',
  agency,
});

describe('a decree', () => {
  it('is made whole', () => {
    given()
      .when(decree())
      .yields([{ type: 'ReorganizationDecreed', data: decree().data as Decree }]);
  });

  it.each(Object.entries(REORGANIZATION_STORIES))(
    'leads to %s, which asked again yields nothing',
    (type, story) => {
      const last = story.at(-1) as ReorganizationCommand;
      having(...story.slice(0, -1))
        .when(last)
        .yields([{ type, data: last.data } as never]);
    },
  );

  it('needs a default for each agency that a merger ends, and names those without', () => {
    const exception: Allocation = { ...all('so-cu', 'so-khcn'), role: 'lead' };
    given()
      .when(decree({ allocations: [exception] }))
      .refuses('DefaultMissing', 'allocations');
    const lacking = (allocations: readonly Allocation[]) =>
      given()
        .when(decree({ predecessors: ['so-cu', 'so-nnptnt', 'so-khcn'], allocations }))
        .refusal();
    expect(lacking([])).toContain('so-cu, so-nnptnt');
    const part: Allocation = {
      ...all('so-cu', 'so-khcn'),
      scope: { kind: 'plan', planId: 'kh-1570-2025' },
    };
    expect(lacking([part, all('so-nnptnt', 'so-khcn')])).toContain('for so-cu.');
  });

  it('leaves no assignment of an ending agency with nobody, and names it', () => {
    const split = {
      kind: 'split',
      predecessors: ['so-cu'],
      successors: ['so-khcn', 'cong-an-tinh'],
    } as const;
    const part: Allocation = {
      ...all('so-cu', 'so-khcn'),
      scope: { kind: 'section', planId: 'kh-1570-2025', section: 'II' },
    };
    const asked = decree({ ...split, allocations: [part] }, { affected: [lead('so-cu')] });
    given().when(asked).refuses('Unallocated', 'allocations');
    expect(given().when(asked).refusal()).toContain('kh-1570-2025/2 (lead of so-cu)');
    const whole = decree(
      { ...split, allocations: [part, all('so-cu', 'cong-an-tinh')] },
      { affected: [lead('so-cu')] },
    );
    expect(given().when(whole).events()).toHaveLength(1);
    const dissolved = {
      kind: 'dissolve',
      predecessors: ['so-cu'],
      successors: ['so-khcn'],
      allocations: [],
    } as const;
    given()
      .when(decree(dissolved, { affected: [lead('so-cu')] }))
      .refuses('Unallocated', 'allocations');
  });

  it('leaves what a transfer does not name where it is', () => {
    const some = {
      kind: 'transfer',
      predecessors: ['so-cu'],
      successors: ['so-khcn'],
      allocations: [],
    } as const;
    expect(
      given()
        .when(decree(some, { affected: [lead('so-cu')] }))
        .events(),
    ).toHaveLength(1);
  });

  it.each([
    [
      'a successor that nobody knows',
      { successors: ['khong-co'], allocations: [all('so-cu', 'khong-co')] },
      'UnknownAgency',
      'successors',
    ],
    [
      'a successor that does not exist yet',
      { successors: ['so-moi'], predecessors: ['so-cu', 'so-nnptnt'] },
      'AgencyNotYetEstablished',
      'successors',
    ],
    [
      'a predecessor that was dissolved',
      { predecessors: ['so-tttt', 'so-khcn'] },
      'AgencyDissolved',
      'predecessors',
    ],
    [
      'a day before the agency existed',
      { predecessors: ['so-moi', 'so-khcn'] },
      'AgencyNotYetEstablished',
      'predecessors',
    ],
    ['nobody who goes', { predecessors: [] }, 'NobodyNamed', 'predecessors'],
    ['nobody who stays', { successors: [] }, 'NobodyNamed', 'successors'],
    ['an agency named twice', { predecessors: ['so-cu', 'so-cu', 'so-khcn'] }, 'NamedTwice', 'predecessors'],
    ['a successor named twice', { successors: ['so-khcn', 'so-khcn'] }, 'NamedTwice', 'successors'],
    ['a merger of one into one', { predecessors: ['so-cu'] }, 'NotAMerger', 'predecessors'],
    ['a split into one', { kind: 'split', predecessors: ['so-cu'] }, 'NotASplit', 'successors'],
    [
      'a split of which all goes to one',
      {
        ...{ kind: 'split', predecessors: ['so-cu'], successors: ['so-khcn', 'cong-an-tinh'] },
        allocations: [all('so-cu', 'so-khcn')],
      },
      ...(['NotASplit', 'allocations'] as const),
    ],
    [
      'a stranger who hands over',
      { allocations: [all('so-cu', 'so-khcn'), all('cong-an-tinh', 'so-khcn')] },
      'AllocationUnclear',
      'allocations[1].predecessor',
    ],
    [
      'a stranger who takes over',
      { allocations: [all('so-cu', 'cong-an-tinh')] },
      'AllocationUnclear',
      'allocations[0].successor',
    ],
    [
      'the same allocated twice',
      { allocations: [all('so-cu', 'so-khcn'), all('so-cu', 'so-khcn')] },
      'AllocationUnclear',
      'allocations[1]',
    ],
    ['a name without a renaming', { renaming: { name: 'Sở', shortName: null } }, 'NameUnclear', 'renaming'],
    [
      'a renaming of two',
      { kind: 'rename', renaming: { name: 'Sở', shortName: null } },
      'NotARenaming',
      'successors',
    ],
    [
      'a renaming of one into another',
      { kind: 'rename', predecessors: ['so-cu'], renaming: { name: 'Sở', shortName: null } },
      'NotARenaming',
      'successors',
    ],
    [
      'a renaming of two, both on both sides',
      {
        ...{ kind: 'rename', renaming: { name: 'Sở', shortName: null }, allocations: [] },
        ...{ predecessors: ['so-cu', 'so-khcn'], successors: ['so-cu', 'so-khcn'] },
      },
      'NotARenaming',
      'successors',
    ],
    [
      'establishing whom nothing goes to',
      { establishes: [{ agencyId: 'so-la', name: 'a', shortName: null, level: 'province' }] },
      'NotEstablishable',
      'establishes',
    ],
    [
      'establishing what exists',
      { establishes: [{ agencyId: 'so-khcn', name: 'a', shortName: null, level: 'province' }] },
      'NotEstablishable',
      'establishes',
    ],
    ['no legal basis', { legalBasis: null }, 'LegalBasisMissing', 'legalBasis'],
    ['no reason', { reason: ' ' }, 'ReasonMissing', 'reason'],
  ] as const)('is refused with %s', (_, over, code, field) => {
    const asked = decree(over as Parameters<typeof decree>[0]);
    given().when(asked).refuses(code, field);
  });

  it('puts an agency on both sides only where it absorbs', () => {
    const kept = [all('so-cu', 'so-khcn'), all('so-khcn', 'so-khcn')];
    expect(
      given()
        .when(decree({ allocations: kept }))
        .events(),
    ).toHaveLength(1);
    const both = [all('so-cu', 'so-khcn'), all('so-khcn', 'so-cu')];
    given()
      .when(decree({ successors: ['so-khcn', 'so-cu'], allocations: both }))
      .refuses('BothSides', 'successors');
    given()
      .when(decree({ kind: 'transfer', predecessors: ['so-cu', 'so-khcn'], successors: ['so-khcn'] }))
      .refuses('BothSides', 'successors');
  });

  it('cannot take the id of another, nor be revoked twice', () => {
    having(decree())
      .when(decree({ effectiveOn: '2026-05-01' }))
      .refuses('ReorganizationExists', 'reorganizationId');
    having(decree(), revoke())
      .when(revoke({ effectiveOn: '2026-06-01' }))
      .refuses('AlreadyRevoked', 'effectiveOn');
    having(decree())
      .when(revoke({ legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    given().when(revoke()).refuses('UnknownReorganization', 'reorganizationId');
    given().when(apply()).refuses('UnknownReorganization', 'reorganizationId');
  });

  it('is turned back once, and only when it was revoked', () => {
    having(decree(), apply()).when(turnBack()).yields([]);
    having(decree(), revoke())
      .when(turnBack())
      .yields([{ type: 'ReorganizationTurnedBack', data: turnBack().data }]);
    having(decree(), revoke(), turnBack()).when(turnBack()).yields([]);
    given().when(turnBack()).refuses('UnknownReorganization', 'reorganizationId');
  });

  it('ends the predecessors that do not go on', () => {
    expect(ending(decree().data as Decree)).toEqual(['so-cu']);
    expect(ending({ ...decree().data, kind: 'transfer' } as Decree)).toEqual([]);
  });
});

describe('an allocation', () => {
  const scopes: Allocation['scope'][] = [
    { kind: 'all' },
    { kind: 'plan', planId: 'kh-1570-2025' },
    { kind: 'section', planId: 'kh-1570-2025', section: 'I' },
    { kind: 'indicator', id: 'kh-1570-2025/2' },
  ];
  const made = scopes.flatMap((scope) => [
    { ...all('so-cu', `${scope.kind}-any`), scope },
    { ...all('so-cu', `${scope.kind}-lead`), scope, role: 'lead' as const },
  ]);

  it('that is narrower wins, and one that names the role before one that does not', () => {
    for (let count = 1; count <= made.length; count += 1)
      expect(allocationOf(made.slice(0, count), lead('so-cu'))).toBe(made[count - 1]);
    expect(allocationOf(made, { ...lead('so-cu'), role: 'coordinating' })?.successor).toBe('indicator-any');
    expect(allocationOf(made, lead('so-cu', 'kh-1570-2025/3'))?.successor).toBe('section-lead');
    expect(
      allocationOf(made, {
        ...lead('so-cu'),
        planId: 'kh-419-2024',
        section: null,
        subject: { kind: 'task', id: 't' },
      })?.successor,
    ).toBe('all-lead');
    expect(allocationOf(made, lead('so-khcn'))).toBeNull();
  });
});

describe('what a decree moves', () => {
  const subject = { kind: 'indicator', id: 'kh-1570-2025/2' } as const;
  const adopted: IndicatorEvent = {
    type: 'IndicatorAdopted',
    data: {
      ...{
        indicatorId: subject.id,
        planId: 'kh-1570-2025',
        code: '2',
        title: 'Xếp hạng',
        unit: null,
        guidance: null,
      },
      ...{
        direction: 'higher-is-better',
        formula: null,
        parent: null,
        section: 'I',
        order: 1,
        deadline: null,
      },
      ...{ source: null, assumed: [], effectiveOn: '2025-05-08' },
    },
  };
  const held = (
    role: 'lead' | 'coordinating',
    effectiveOn: string,
    ...agencies: string[]
  ): IndicatorEvent => ({
    type: 'AgencyAssigned',
    data: { subject, role, agencies, moves: [], notation: null, effectiveOn },
  });
  const on = knowing({ agencies: { ...knowing().agencies, 'so-cu': alive } });
  const made = decree().data as Decree;
  const planned = (...events: IndicatorEvent[]) => {
    const state = [adopted, ...events].reduce(evolve, null as ReturnType<typeof evolve>);
    if (!state) throw new Error('nothing was adopted');
    return plannedTransfers(
      made,
      { subject, planId: state.planId, section: 'I', assignments: state.assignments },
      on,
      { heirs: (agency) => [agency], movable: () => true, until: null },
    );
  };
  const facts = (...events: IndicatorEvent[]) =>
    planned(...events).flatMap((one) => one.facts) as IndicatorEvent[];

  it('is what holds on the day, and each later entry that names a predecessor', () => {
    const moved = planned(
      held('lead', '2025-05-08', 'so-cu'),
      held('lead', '2026-06-01', 'cong-an-tinh'),
      held('lead', '2026-09-01', 'so-cu', 'cong-an-tinh'),
    );
    expect(moved.map(({ role, effectiveOn }) => [role, effectiveOn])).toEqual([
      ['lead', '2026-04-01'],
      ['lead', '2026-09-01'],
    ]);
    expect(moved.map((one) => one.facts[0]?.data.agencies)).toEqual([
      ['so-khcn'],
      ['so-khcn', 'cong-an-tinh'],
    ]);
  });

  it('says which allocation moved it, and rests on the decree', () => {
    expect(facts(held('lead', '2025-05-08', 'so-cu'))[0]).toMatchObject({
      type: 'AssignmentTransferred',
      data: {
        allocation: 'default',
        reorganizationId: made.reorganizationId,
        legalBasis: BASIS,
        moves: [{ from: 'so-cu', to: 'so-khcn' }],
      },
    });
  });

  it('is nothing once it has been moved, and nothing where nobody holds', () => {
    const before = [
      held('lead', '2025-05-08', 'so-cu'),
      held('coordinating', '2025-05-08', 'cong-an-tinh', 'so-cu'),
    ];
    expect(planned(...before, ...facts(...before))).toEqual([]);
    expect(planned()).toEqual([]);
    expect(planned(held('lead', '2025-05-08', 'so-khcn'))).toEqual([]);
  });

  it('leaves no lead coordinating, where the successor coordinated before', () => {
    const state = [
      adopted,
      held('lead', '2025-05-08', 'so-cu'),
      held('coordinating', '2025-05-08', 'so-khcn', 'cong-an-tinh'),
    ];
    const after = [...state, ...facts(...state.slice(1))].reduce(evolve, null as ReturnType<typeof evolve>);
    expect(after?.assignments.lead.at(-1)?.value.agencies).toEqual(['so-khcn']);
    expect(after?.assignments.coordinating.at(-1)?.value.agencies).toEqual(['cong-an-tinh']);
  });
});
