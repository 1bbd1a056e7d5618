import { describe, expect, it } from '@jest/globals';
import { planDecider } from '../../../src/domain/plan/decider.js';
import { detailsAt, evolve, givenOf, type Plan } from '../../../src/domain/plan/plan.js';
import { BASIS, PLAN, specify, WHY, yielded } from '../../support/decider.js';
import { amend, close, details, FROM, issue, open, PLAN_STORIES, supersede } from './commands.js';

const { given } = specify(planDecider);
const having = (...commands: Parameters<typeof planDecider.decide>[0][]) =>
  given(...yielded(planDecider, commands));
const plan = (...commands: Parameters<typeof planDecider.decide>[0][]): Plan => {
  const state = yielded(planDecider, commands).reduce(evolve, null as Plan | null);
  if (state === null) throw new Error('The first command must issue the plan.');
  return state;
};

describe('a plan', () => {
  it('is issued with everything that its document says', () => {
    given()
      .when(issue())
      .yields([{ type: 'PlanIssued', data: issue().data }]);
  });

  it('issued again as it was changes nothing, whatever has happened to it since', () => {
    having(issue(), open(), amend({ title: 'B' }), supersede(), close())
      .when(issue())
      .yields([]);
  });

  it('cannot take the id of another', () => {
    having(issue())
      .when(issue({ title: 'another' }))
      .refuses('PlanExists', 'planId');
    having(issue(), amend({ title: 'B' }))
      .when(issue({ title: 'B' }))
      .refuses('PlanExists', 'planId');
  });

  it.each(['20300', '30', 'hằng năm', '', '2030 '])('has no milestone %j', (milestone) => {
    given()
      .when(issue({ milestones: ['2030', milestone] }))
      .refuses('MilestoneUnclear', 'milestones');
  });

  it('may have a yearly milestone, one without a day, or none at all', () => {
    const command = issue({ milestones: ['yearly', 'open'] });
    given()
      .when(command)
      .yields([{ type: 'PlanIssued', data: command.data }]);
    const without = issue({ milestones: [], sections: [] });
    given()
      .when(without)
      .yields([{ type: 'PlanIssued', data: without.data }]);
  });

  it('names a milestone and a section once', () => {
    given()
      .when(issue({ milestones: ['2030', '2030'] }))
      .refuses('MilestoneTwice', 'milestones');
    const twice = [
      { code: 'I', title: 'a' },
      { code: 'I', title: 'b' },
    ];
    given()
      .when(issue({ sections: twice }))
      .refuses('SectionTwice', 'sections');
    having(issue())
      .when(amend({ sections: twice }))
      .refuses('SectionTwice', 'sections');
  });

  it('ends on the day from which it holds or later, also by an amendment', () => {
    given()
      .when(issue({ endsOn: '2025-05-07' }))
      .refuses('EndsBeforeItHolds', 'endsOn');
    expect(
      given()
        .when(issue({ endsOn: '2025-05-08' }))
        .events(),
    ).toHaveLength(1);
    having(issue())
      .when(amend({ endsOn: '2025-05-07' }))
      .refuses('EndsBeforeItHolds', 'endsOn');
    expect(
      having(issue())
        .when(amend({ endsOn: '2025-12-31' }))
        .events(),
    ).toHaveLength(1);
  });

  it.each([open(), amend({ title: 'B' }), supersede(), close()])(
    'that was never issued is not there: $type',
    (command) => {
      given().when(command).refuses('UnknownPlan', 'planId');
    },
  );

  it.each([
    open('2025-05-07'),
    amend({ title: 'B', effectiveOn: '2025-05-07' }),
    supersede({ effectiveOn: '2025-05-07' }),
    close({ effectiveOn: '2025-05-07' }),
  ])('holds from the day it was issued and not before: $type', (command) => {
    having(issue()).when(command).refuses('BeforePlan', 'effectiveOn');
  });

  it('holds on its first day', () => {
    having(issue())
      .when(close({ effectiveOn: FROM }))
      .yields([{ type: 'PlanClosed', data: close({ effectiveOn: FROM }).data }]);
  });
});

describe('opening a plan', () => {
  it('says that everything has been entered, once', () => {
    having(issue())
      .when(open())
      .yields([{ type: 'PlanOpened', data: open().data }]);
    having(issue(), open()).when(open('2025-06-01')).yields([]);
  });
});

describe('amending a plan', () => {
  it('states the whole of it, what is left out as it was', () => {
    having(issue())
      .when(amend({ milestones: ['2030', '2035'] }))
      .yields([
        {
          type: 'PlanAmended',
          data: { planId: PLAN, ...details, milestones: ['2030', '2035'], effectiveOn: '2026-01-01', ...WHY },
        },
      ]);
  });

  it('can take away its last day', () => {
    having(issue({ endsOn: '2045-12-31' }))
      .when(amend({ endsOn: null }))
      .yields([
        { type: 'PlanAmended', data: { planId: PLAN, ...details, effectiveOn: '2026-01-01', ...WHY } },
      ]);
  });

  it('to what it is changes nothing and needs no reason', () => {
    having(issue())
      .when(amend({ title: details.title, reason: '', legalBasis: null }))
      .yields([]);
  });

  it('needs a legal basis and a reason', () => {
    having(issue())
      .when(amend({ title: 'B', legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(issue())
      .when(amend({ title: 'B', legalBasis: { ...BASIS, number: ' ' } }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(issue())
      .when(amend({ title: 'B', reason: ' \n' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('builds on what holds on its day, and a late one does not undo a later one', () => {
    const later = amend({ title: 'later', effectiveOn: '2027-01-01' });
    having(issue(), later)
      .when(amend({ endsOn: '2045-12-31' }))
      .yields([
        {
          type: 'PlanAmended',
          data: { planId: PLAN, ...details, endsOn: '2045-12-31', effectiveOn: '2026-01-01', ...WHY },
        },
      ]);
    const state = plan(issue(), later, amend({ title: 'between' }));
    expect(detailsAt(state, '2025-12-31').title).toBe(details.title);
    expect(detailsAt(state, '2026-12-31').title).toBe('between');
    expect(detailsAt(state, '2027-01-01').title).toBe('later');
  });
});

describe('superseding a plan', () => {
  it('names the plan that takes its place, from a day', () => {
    having(issue())
      .when(supersede())
      .yields([{ type: 'PlanSuperseded', data: supersede().data }]);
  });

  it('is done once', () => {
    having(issue(), supersede())
      .when(supersede({ by: 'kh-99-2027' }))
      .refuses('AlreadySuperseded', 'by');
    having(issue(), supersede())
      .when(supersede({ effectiveOn: '2027-02-01' }))
      .refuses('AlreadySuperseded', 'by');
  });

  it('is not done by itself', () => {
    having(issue())
      .when(supersede({ by: PLAN }))
      .refuses('SupersedesItself', 'by');
  });

  it('needs a legal basis and a reason', () => {
    having(issue())
      .when(supersede({ legalBasis: null }))
      .refuses('LegalBasisMissing', 'legalBasis');
    having(issue())
      .when(supersede({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });
});

describe('closing a plan', () => {
  it('ends it from a day, with a reason', () => {
    having(issue())
      .when(close({ legalBasis: null }))
      .yields([{ type: 'PlanClosed', data: close({ legalBasis: null }).data }]);
    having(issue())
      .when(close({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('is done once', () => {
    having(issue(), close())
      .when(close({ effectiveOn: '2029-01-01' }))
      .refuses('AlreadyClosed', 'effectiveOn');
    having(issue(), close())
      .when(close({ effectiveOn: '2027-01-01' }))
      .refuses('AlreadyClosed', 'effectiveOn');
  });

  it('lets nothing take effect from that day on, and what was before it be put right', () => {
    having(issue(), close())
      .when(amend({ title: 'B', effectiveOn: '2028-01-01' }))
      .refuses('PlanClosed', 'effectiveOn');
    having(issue(), close())
      .when(supersede({ effectiveOn: '2028-01-02' }))
      .refuses('PlanClosed', 'effectiveOn');
    expect(
      having(issue(), close())
        .when(amend({ title: 'B', effectiveOn: '2027-12-31' }))
        .events(),
    ).toHaveLength(1);
  });
});

describe('what a plan gives to the decisions on its rows', () => {
  it('is what it says on every day', () => {
    const state = plan(issue(), amend({ milestones: ['2035'], sections: [] }), close());
    expect(givenOf(state)).toEqual({
      ...{ planId: PLAN, from: FROM, closedOn: '2028-01-01' },
      details: [
        { effectiveOn: FROM, value: details },
        { effectiveOn: '2026-01-01', value: { ...details, milestones: ['2035'], sections: [] } },
      ],
    });
    expect(givenOf(plan(issue())).closedOn).toBeNull();
  });
});

describe('every event of a plan', () => {
  it.each(Object.entries(PLAN_STORIES))('%s follows from commands', (type, commands) => {
    expect(yielded(planDecider, commands).at(-1)?.type).toBe(type);
  });

  it('before the plan was issued changes nothing', () => {
    for (const [type, commands] of Object.entries(PLAN_STORIES)) {
      const last = yielded(planDecider, commands).at(-1);
      if (last && type !== 'PlanIssued') expect(evolve(null, last)).toBeNull();
    }
  });
});
