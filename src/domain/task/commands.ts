import type { AssignAgencies, ReleaseAgencies, TransferAssignment } from '../assignment.js';
import type { Command } from '../given.js';
import type {
  DeadlineRevised,
  TaskCompleted,
  TaskConditionMet,
  TaskDropped,
  TaskGiven,
  TaskProgressReported,
  TaskReopened,
} from './events.js';

type On<Data> = Data & { readonly taskId: string };

export type GiveTask = Command<'GiveTask', Omit<TaskGiven['data'], 'planId'>>;
export type ReviseDeadline = Command<'ReviseDeadline', DeadlineRevised['data']>;
export type AssignTask = Command<'AssignTask', On<AssignAgencies>>;
export type ReleaseTask = Command<'ReleaseTask', On<ReleaseAgencies>>;
export type TransferTask = Command<'TransferTask', On<TransferAssignment>>;
export type MeetTaskCondition = Command<'MeetTaskCondition', TaskConditionMet['data']>;
export type ReportTaskProgress = Command<'ReportTaskProgress', TaskProgressReported['data']>;
export type CompleteTask = Command<'CompleteTask', TaskCompleted['data']>;
export type ReopenTask = Command<'ReopenTask', TaskReopened['data']>;
export type DropTask = Command<'DropTask', TaskDropped['data']>;

export type TaskCommand =
  | GiveTask
  | ReviseDeadline
  | AssignTask
  | ReleaseTask
  | TransferTask
  | MeetTaskCondition
  | ReportTaskProgress
  | CompleteTask
  | ReopenTask
  | DropTask;
