import { describe, expect, it } from '@jest/globals';
import type { TaskCommand } from '../../../src/domain/task/commands.js';
import { taskDecider } from '../../../src/domain/task/decider.js';
import { evolve } from '../../../src/domain/task/task.js';
import { amendedOn, knowing, PLAN, plan, specify, yielded } from '../../support/decider.js';
import {
  assign,
  byDay,
  CONTINUOUS,
  complete,
  drop,
  give,
  meet,
  OPEN_ENDED,
  onCondition,
  postpone,
  progress,
  release,
  reopen,
  TASK,
  TASK_STORIES,
  transfer,
  YEARLY,
} from './commands.js';

const { given } = specify(taskDecider);
const having = (...commands: TaskCommand[]) => given(...yielded(taskDecider, commands));
const changes = [
  postpone(YEARLY),
  assign(),
  release(),
  transfer(),
  meet(),
  progress(),
  complete(),
  reopen(),
  drop(),
];

describe('a task', () => {
  it('is given with everything that its row says', () => {
    given()
      .when(give())
      .yields([{ type: 'TaskGiven', data: { ...give().data, planId: PLAN } }]);
    expect(
      given()
        .when(give({ section: null }))
        .events(),
    ).toHaveLength(1);
  });

  it('given again as it was changes nothing, whatever has happened to it since', () => {
    having(
      give(),
      assign(),
      postpone(onCondition(), { effectiveOn: '2025-08-01' }),
      meet(),
      progress(),
      complete(),
      drop(),
    )
      .when(give())
      .yields([]);
  });

  it('cannot take the code of another', () => {
    having(give())
      .when(give({ title: 'another' }))
      .refuses('TaskExists', 'code');
  });

  it('stands in a section of its plan', () => {
    given()
      .when(give({ section: 'IX' }))
      .refuses('UnknownSection', 'section');
    const known = { plan: amendedOn('2027-01-01') };
    const asked = (section: string, effectiveOn: string) =>
      given().when(give({ section, effectiveOn }, known));
    asked('III', '2026-12-31').refuses('UnknownSection', 'section');
    expect(asked('III', '2027-01-01').events()).toHaveLength(1);
    asked('I', '2027-01-01').refuses('UnknownSection', 'section');
  });

  it('needs a plan, on a day on which the plan holds', () => {
    given()
      .when(give({}, { plan: null }))
      .refuses('UnknownPlan', 'planId');
    given()
      .when(give({ effectiveOn: '2025-05-07' }))
      .refuses('BeforePlan', 'effectiveOn');
    const closed = { plan: { ...plan, closedOn: '2026-01-01' } };
    given()
      .when(give({ effectiveOn: '2026-01-01' }, closed))
      .refuses('PlanClosed', 'effectiveOn');
    expect(
      given()
        .when(give({ effectiveOn: '2025-12-31' }, closed))
        .events(),
    ).toHaveLength(1);
  });

  it.each(changes)('that was never given is not there: $type', (command) => {
    given().when(command).refuses('UnknownTask', 'taskId');
  });

  it.each(changes)('lets nothing take effect before it was given: $type', (command) => {
    const early = { ...command, data: { ...command.data, effectiveOn: '2025-05-31' } } as TaskCommand;
    having(give({ effectiveOn: '2025-06-01' }))
      .when(early)
      .refuses('BeforeTask', 'effectiveOn');
  });

  it.each(changes)('lets nothing take effect once its plan is closed: $type', (command) => {
    const known = knowing({ plan: { ...plan, closedOn: command.data.effectiveOn } });
    having(give())
      .when({ ...command, given: known })
      .refuses('PlanClosed', 'effectiveOn');
  });

  it.each(changes.filter(({ type }) => type !== 'DropTask'))(
    'lets nothing take effect once it is dropped: $type',
    (command) => {
      having(give(), drop({ effectiveOn: command.data.effectiveOn }))
        .when(command)
        .refuses('TaskDropped', 'effectiveOn');
    },
  );
});

describe('a deadline', () => {
  it.each([
    ['by date names no day', { ...byDay('2026-06-30'), dueOn: null }, 'deadline.dueOn'],
    ['by date names a day that does not exist', byDay('2026-02-29'), 'deadline.dueOn'],
    ['without a date names a day', { ...YEARLY, dueOn: '2026-06-30' }, 'deadline.dueOn'],
    ['on a condition names none', { ...onCondition(), condition: null }, 'deadline.condition'],
    ['by date names a condition', { ...byDay('2026-06-30'), condition: 'x' }, 'deadline.condition'],
    ['without end names a condition', { ...CONTINUOUS, condition: 'x' }, 'deadline.condition'],
  ])('that contradicts itself is refused: %s', (_, deadline, field) => {
    given().when(give({ deadline })).refuses('DeadlineUnclear', field);
    having(give()).when(postpone(deadline)).refuses('DeadlineUnclear', field);
  });

  it.each([byDay('2028-02-29'), YEARLY, CONTINUOUS, OPEN_ENDED, onCondition()])(
    'of every kind can be given and revised: $kind',
    (deadline) => {
      expect(given().when(give({ deadline })).events()).toHaveLength(1);
      having(give())
        .when(postpone(deadline))
        .yields([{ type: 'DeadlineRevised', data: postpone(deadline).data }]);
    },
  );

  it('revised to what it is changes nothing; revised otherwise it needs a reason', () => {
    having(give())
      .when(postpone(byDay('2026-06-30'), { reason: '' }))
      .yields([]);
    having(give())
      .when(postpone(YEARLY, { reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });
});

describe('the condition of a task', () => {
  const waiting = give({ deadline: onCondition() });

  it('is met on a day, and may set the day by which the task is due', () => {
    having(waiting)
      .when(meet())
      .yields([{ type: 'TaskConditionMet', data: meet().data }]);
    expect(
      having(waiting)
        .when(meet({ dueOn: null }))
        .events(),
    ).toHaveLength(1);
  });

  it('has not been met on a day to come', () => {
    having(waiting)
      .when(meet({ effectiveOn: '2026-03-11', dueOn: null }))
      .refuses('InTheFuture', 'effectiveOn');
  });

  it('is met once', () => {
    having(waiting, meet())
      .when(meet({ effectiveOn: '2025-10-01' }))
      .refuses('ConditionAlreadyMet', 'taskId');
    having(waiting, meet())
      .when(meet({ evidence: 'another' }))
      .refuses('ConditionAlreadyMet', 'taskId');
  });

  it('is only of a task that waits for one on that day', () => {
    having(give()).when(meet()).refuses('NoCondition', 'taskId');
    having(waiting, postpone(YEARLY, { effectiveOn: '2025-09-01' }))
      .when(meet())
      .refuses('NoCondition', 'taskId');
  });

  it('cannot make the task due before it was met', () => {
    having(waiting)
      .when(meet({ dueOn: '2025-08-31' }))
      .refuses('DueBeforeMet', 'dueOn');
    expect(
      having(waiting)
        .when(meet({ dueOn: '2025-09-01' }))
        .events(),
    ).toHaveLength(1);
  });

  it('that replaces a met one is met in its turn', () => {
    expect(
      having(waiting, meet(), postpone(onCondition('bố trí kinh phí')))
        .when(meet({ effectiveOn: '2026-02-01', dueOn: null }))
        .events(),
    ).toHaveLength(1);
  });
});

describe('progress on a task', () => {
  it('is reported for a day, today at the latest', () => {
    having(give())
      .when(progress())
      .yields([{ type: 'TaskProgressReported', data: progress().data }]);
    expect(
      having(give())
        .when(progress({ effectiveOn: '2026-03-10' }))
        .events(),
    ).toHaveLength(1);
    having(give())
      .when(progress({ effectiveOn: '2026-03-11' }))
      .refuses('InTheFuture', 'effectiveOn');
  });

  it('reported again in the same words changes nothing', () => {
    having(give(), progress(), progress({ note: 'more' }))
      .when(progress())
      .yields([]);
  });
});

describe('completing a task', () => {
  it('says from which day it is done, today at the latest', () => {
    having(give())
      .when(complete())
      .yields([{ type: 'TaskCompleted', data: complete().data }]);
    having(give())
      .when(complete({ effectiveOn: '2026-03-11' }))
      .refuses('InTheFuture', 'effectiveOn');
  });

  it('that is done already changes nothing, yet it may turn out to have been done earlier', () => {
    having(give(), complete())
      .when(complete({ effectiveOn: '2026-03-09' }))
      .yields([]);
    expect(
      having(give(), complete())
        .when(complete({ effectiveOn: '2026-01-09' }))
        .events(),
    ).toHaveLength(1);
  });

  it('names a year where the task is yearly, and only there', () => {
    const yearly = give({ deadline: YEARLY });
    having(yearly)
      .when(complete({ year: 2025 }))
      .yields([{ type: 'TaskCompleted', data: complete({ year: 2025 }).data }]);
    having(yearly).when(complete()).refuses('YearUnclear', 'year');
    having(give())
      .when(complete({ year: 2025 }))
      .refuses('YearUnclear', 'year');
    having(yearly)
      .when(complete({ year: 2024 }))
      .refuses('YearUnclear', 'year');
  });

  it('is not done for a year that has not begun', () => {
    const yearly = give({ deadline: YEARLY });
    having(yearly)
      .when(complete({ year: 2026, effectiveOn: '2025-12-31' }))
      .refuses('YearUnclear', 'year');
    expect(
      having(yearly)
        .when(complete({ year: 2025, effectiveOn: '2026-01-15' }))
        .events(),
    ).toHaveLength(1);
  });

  it('of one year leaves the others', () => {
    expect(
      having(give({ deadline: YEARLY }), complete({ year: 2025 }))
        .when(complete({ year: 2026 }))
        .events(),
    ).toHaveLength(1);
  });

  it('asks for a year by the deadline that holds on that day', () => {
    having(give(), postpone(YEARLY)).when(complete()).refuses('YearUnclear', 'year');
    expect(
      having(give(), postpone(YEARLY))
        .when(complete({ effectiveOn: '2025-12-31' }))
        .events(),
    ).toHaveLength(1);
  });
});

describe('reopening a task', () => {
  it('takes back that it is done, with a reason', () => {
    having(give(), complete())
      .when(reopen())
      .yields([{ type: 'TaskReopened', data: reopen().data }]);
    having(give(), complete())
      .when(reopen({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
  });

  it('is only of what was done on that day', () => {
    having(give()).when(reopen()).refuses('NotDone', 'effectiveOn');
    having(give(), complete())
      .when(reopen({ effectiveOn: '2026-02-28' }))
      .refuses('NotDone', 'effectiveOn');
  });

  it('of what is open again changes nothing, and it can be done again', () => {
    having(give(), complete(), reopen())
      .when(reopen({ effectiveOn: '2026-03-06' }))
      .yields([]);
    expect(
      having(give(), complete(), reopen())
        .when(complete({ effectiveOn: '2026-03-10' }))
        .events(),
    ).toHaveLength(1);
  });

  it('of a yearly task names the year', () => {
    const yearly = give({ deadline: YEARLY });
    having(yearly, complete({ year: 2025 }))
      .when(reopen())
      .refuses('YearUnclear', 'year');
    having(yearly, complete({ year: 2025 }))
      .when(reopen({ year: 2026 }))
      .refuses('NotDone', 'effectiveOn');
  });
});

describe('dropping a task', () => {
  it('ends it from a day, with a reason, once', () => {
    having(give())
      .when(drop())
      .yields([{ type: 'TaskDropped', data: drop().data }]);
    having(give())
      .when(drop({ reason: '' }))
      .refuses('ReasonMissing', 'reason');
    having(give(), drop())
      .when(drop({ effectiveOn: '2026-07-01' }))
      .refuses('TaskDropped', 'effectiveOn');
  });
});

describe('the assignments of a task', () => {
  it('are those of the task', () => {
    const subject = { kind: 'task', id: TASK };
    expect(having(give()).when(assign()).events()[0]?.data).toMatchObject({ subject });
    expect(having(give(), assign()).when(release()).events()[0]?.data).toMatchObject({ subject });
    expect(having(give(), assign()).when(transfer()).events()[0]?.data).toMatchObject({ subject });
  });
});

describe('every event of a task', () => {
  it.each(Object.entries(TASK_STORIES))('%s follows from commands', (type, commands) => {
    expect(yielded(taskDecider, commands).at(-1)?.type).toBe(type);
  });

  it('before the task was given changes nothing', () => {
    for (const [type, commands] of Object.entries(TASK_STORIES)) {
      const last = yielded(taskDecider, commands).at(-1);
      if (last && type !== 'TaskGiven') expect(evolve(null, last)).toBeNull();
    }
  });
});
