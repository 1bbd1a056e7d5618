import type { Given } from '../../../src/domain/given.js';
import type {
  AssignTask,
  CompleteTask,
  DropTask,
  GiveTask,
  MeetTaskCondition,
  ReleaseTask,
  ReopenTask,
  ReportTaskProgress,
  ReviseDeadline,
  TaskCommand,
  TransferTask,
} from '../../../src/domain/task/commands.js';
import type { Deadline, TaskEvent } from '../../../src/domain/task/events.js';
import { knowing, PLAN, WHY } from '../../support/decider.js';

/** Short ways to ask something of one task; each command is in order unless it is said otherwise. */
export const TASK = `${PLAN}/t/12`;
const given = knowing();

export const byDay = (dueOn: string): Deadline => ({
  notation: dueOn,
  kind: 'date',
  dueOn,
  condition: null,
});
const without = (kind: Deadline['kind'], notation: string): Deadline => ({
  notation,
  kind,
  dueOn: null,
  condition: null,
});
export const YEARLY = without('yearly', 'Hằng năm');
export const CONTINUOUS = without('continuous', 'Thường xuyên');
export const OPEN_ENDED = without('open', 'Giai đoạn 2025-2030');
export const onCondition = (condition = 'có văn bản của Trung ương'): Deadline => ({
  notation: `Sau khi ${condition}`,
  kind: 'condition',
  dueOn: null,
  condition,
});

export const give = (over: Partial<GiveTask['data']> = {}, known: Partial<Given> = {}): GiveTask => ({
  type: 'GiveTask',
  data: {
    taskId: TASK,
    code: 't/12',
    section: 'I',
    order: 12,
    title: 'Ban hành kế hoạch chuyển đổi số',
    expectedResult: 'Kế hoạch của UBND tỉnh',
    deadline: byDay('2026-06-30'),
    source: null,
    assumed: [],
    effectiveOn: '2025-05-08',
    ...over,
  },
  given: { ...given, ...known },
});

export const assign = (over: Partial<AssignTask['data']> = {}): AssignTask => ({
  type: 'AssignTask',
  data: {
    taskId: TASK,
    role: 'lead',
    agencies: ['so-khcn'],
    notation: 'Sở KH&CN',
    effectiveOn: '2025-05-08',
    ...over,
  },
  given,
});

export const release = (over: Partial<ReleaseTask['data']> = {}): ReleaseTask => ({
  type: 'ReleaseTask',
  data: { taskId: TASK, role: 'lead', agencies: ['so-khcn'], effectiveOn: '2026-01-01', ...WHY, ...over },
  given,
});

export const transfer = (over: Partial<TransferTask['data']> = {}): TransferTask => ({
  type: 'TransferTask',
  data: {
    taskId: TASK,
    role: 'lead',
    moves: [{ from: 'so-khcn', to: 'so-tai-chinh' }],
    effectiveOn: '2026-01-01',
    reorganizationId: null,
    allocation: null,
    ...WHY,
    ...over,
  },
  given,
});

export const postpone = (deadline: Deadline, over: Partial<ReviseDeadline['data']> = {}): ReviseDeadline => ({
  type: 'ReviseDeadline',
  data: { taskId: TASK, deadline, effectiveOn: '2026-01-01', ...WHY, ...over },
  given,
});

export const meet = (over: Partial<MeetTaskCondition['data']> = {}): MeetTaskCondition => ({
  type: 'MeetTaskCondition',
  data: {
    taskId: TASK,
    effectiveOn: '2025-09-01',
    dueOn: '2025-12-31',
    evidence: 'Công văn 12/BKHCN',
    ...over,
  },
  given,
});

export const progress = (over: Partial<ReportTaskProgress['data']> = {}): ReportTaskProgress => ({
  type: 'ReportTaskProgress',
  data: {
    taskId: TASK,
    agencyId: 'so-khcn',
    note: 'Đã lấy ý kiến các sở',
    evidence: null,
    effectiveOn: '2026-03-01',
    ...over,
  },
  given,
});

export const complete = (over: Partial<CompleteTask['data']> = {}): CompleteTask => ({
  type: 'CompleteTask',
  data: {
    taskId: TASK,
    year: null,
    result: 'Kế hoạch 2048/KH-UBND',
    evidence: null,
    effectiveOn: '2026-03-01',
    ...over,
  },
  given,
});

export const reopen = (over: Partial<ReopenTask['data']> = {}): ReopenTask => ({
  type: 'ReopenTask',
  data: { taskId: TASK, year: null, effectiveOn: '2026-03-05', ...WHY, ...over },
  given,
});

export const drop = (over: Partial<DropTask['data']> = {}): DropTask => ({
  type: 'DropTask',
  data: { taskId: TASK, effectiveOn: '2026-06-01', ...WHY, ...over },
  given,
});

/** For every event of a task, commands that lead to it, the last of them yielding it. */
export const TASK_STORIES: Readonly<Record<TaskEvent['type'], readonly TaskCommand[]>> = {
  TaskGiven: [give()],
  DeadlineRevised: [give(), postpone(byDay('2026-12-31'))],
  AgencyAssigned: [give(), assign()],
  AgencyReleased: [give(), assign(), release()],
  AssignmentTransferred: [give(), assign(), transfer()],
  TaskConditionMet: [give({ deadline: onCondition() }), meet()],
  TaskProgressReported: [give(), progress()],
  TaskCompleted: [give(), complete()],
  TaskReopened: [give(), complete(), reopen()],
  TaskDropped: [give(), drop()],
};
