import { holdersAt } from '../../src/domain/assignment.js';
import type { Actor } from '../../src/domain/message.js';
import { valueAt } from '../../src/domain/timeline.js';
import { OFFICE, reporterOf } from './people.js';
import { type Quarter, workingHours } from './quarters.js';
import type { Random } from './random.js';
import { BASIS } from './reporting.js';
import type { IndicatorSubject, TaskSubject, Written } from './subjects.js';

const SHARE = { progress: 0.9, met: 0.05, done: 0.05, reopened: 0.02, deadline: 0.03 } as const;

/** Everything that happens to one task in the weeks after a quarter has ended, in the order of time. */
export const workQuarter = (subject: TaskSubject, quarter: Quarter, random: Random): Written[] => {
  const { state, stream } = subject;
  if (state === null) return [];
  const taskId = stream.slice('task-'.length);
  const written: (Written | null)[] = [];
  const at = (first: number, last: number) => workingHours(quarter.over, random.between(first, last), random);
  const [lead = null] = holdersAt(state.assignments, 'lead', quarter.over);
  const by: Actor = lead === null ? OFFICE : reporterOf(lead);
  if (random.chance(SHARE.progress)) {
    const when = at(3, 20);
    const note = `Đã triển khai ${random.between(10, 95)} % khối lượng công việc của quý`;
    const data = { taskId, effectiveOn: when.slice(0, 10), agencyId: by.agencyId, note, evidence: null };
    written.push(subject.order({ type: 'ReportTaskProgress', data }, by, when));
  }
  const deadline = valueAt(state.deadline, quarter.over);
  if (deadline?.kind === 'condition' && random.chance(SHARE.met)) {
    const when = at(21, 30);
    const evidence = 'Văn bản của Trung ương đã ban hành';
    const data = { taskId, effectiveOn: when.slice(0, 10), dueOn: `${quarter.year + 1}-12-31`, evidence };
    written.push(subject.order({ type: 'MeetTaskCondition', data }, OFFICE, when));
  }
  const yearly = deadline?.kind === 'yearly' && quarter.quarter === 4;
  if (yearly || random.chance(SHARE.done)) {
    const when = at(31, 40);
    const year = deadline?.kind === 'yearly' ? quarter.year : null;
    const data = { taskId, effectiveOn: when.slice(0, 10), year, result: 'Hoàn thành', evidence: null };
    written.push(subject.order({ type: 'CompleteTask', data }, OFFICE, when));
  }
  if (deadline?.kind === 'date' && random.chance(SHARE.deadline)) {
    const when = at(41, 50);
    const next = { ...deadline, dueOn: `${quarter.year + 2}-12-31`, notation: `Năm ${quarter.year + 2}` };
    const why = { reason: 'Gia hạn theo đề nghị của cơ quan chủ trì', legalBasis: BASIS };
    const data = { taskId, effectiveOn: when.slice(0, 10), deadline: next, ...why };
    written.push(subject.order({ type: 'ReviseDeadline', data }, OFFICE, when));
  }
  if (random.chance(SHARE.reopened)) {
    const when = at(51, 60);
    const data = {
      taskId,
      effectiveOn: when.slice(0, 10),
      year: null,
      reason: 'Chưa đạt yêu cầu',
      legalBasis: null,
    };
    written.push(subject.order({ type: 'ReopenTask', data }, OFFICE, when));
  }
  return written.filter((one) => one !== null);
};

/** What one agency leads or coordinates goes over to another, as a reorganization makes it. */
export const handOver = (
  subject: IndicatorSubject | TaskSubject,
  quarter: Quarter,
  move: { readonly from: string; readonly to: string },
  random: Random,
): Written[] => {
  const written: (Written | null)[] = [];
  for (const role of ['lead', 'coordinating'] as const) {
    if (!subject.state || !holdersAt(subject.state.assignments, role, quarter.over).includes(move.from))
      continue;
    const at = workingHours(quarter.over, 0, random);
    const data = {
      ...{ role, moves: [move], effectiveOn: quarter.over, reason: 'Sắp xếp tổ chức bộ máy' },
      ...{ legalBasis: BASIS, reorganizationId: null, allocation: 'default' },
    };
    written.push(transferred(subject, data, at));
  }
  return written.filter((one) => one !== null);
};

type Transfer = Omit<
  Extract<Parameters<TaskSubject['order']>[0], { type: 'TransferTask' }>['data'],
  'taskId'
>;

const transferred = (subject: IndicatorSubject | TaskSubject, data: Transfer, at: string): Written | null => {
  const [noun = '', ...rest] = subject.stream.split('-');
  const id = rest.join('-');
  return noun === 'task'
    ? (subject as TaskSubject).order({ type: 'TransferTask', data: { taskId: id, ...data } }, OFFICE, at)
    : (subject as IndicatorSubject).order(
        { type: 'TransferIndicator', data: { indicatorId: id, ...data } },
        OFFICE,
        at,
      );
};
