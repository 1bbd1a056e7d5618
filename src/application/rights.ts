import type { ActorRole } from '../domain/message.js';

/**
 * How an agency stands to an indicator or a task on the day that a command arrives: itself, or as a member of a
 * collective; an indicator without a lead of its own has that of the row above it.
 */
export const STANDINGS = [
  'lead',
  'coordinating',
  'future lead',
  'former lead',
  'other',
  'collective',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Whose a figure is: the agency's own, of one that answers for the indicator no more, or of anybody else. */
export type Ownership = 'own' | 'left' | 'of others';

/** When a role may: always, or only as its agency stands to the subject, and for whose figures. */
export type Right =
  | 'always'
  | { readonly standing: readonly Standing[]; readonly figures?: readonly Ownership[] };

type Rights = Readonly<Partial<Record<ActorRole, Right>>>;

const OFFICE: Rights = { admin: 'always', office: 'always' };
const EVERYONE: Rights = { admin: 'always', office: 'always', auditor: 'always', reporter: 'always' };
const INSPECTION: Rights = { admin: 'always', auditor: 'always' };
const STAFF: Rights = { admin: 'always', office: 'always', auditor: 'always' };

/**
 * Who may do what, all of it: what is not named here is denied to everyone, and so is a role that an action does not
 * name. Writes are judged in the write path, on the day of the command and from the log at the revision that it is
 * appended to. `docs/rights.md` prints this table.
 */
export const RIGHTS = {
  // Plans
  IssuePlan: OFFICE,
  OpenPlan: OFFICE,
  AmendPlan: OFFICE,
  SupersedePlan: OFFICE,
  ClosePlan: OFFICE,
  // Indicators
  AdoptIndicator: OFFICE,
  RewordIndicator: OFFICE,
  DropIndicator: OFFICE,
  RecordBaseline: OFFICE,
  RecordBenchmark: OFFICE,
  SetTarget: OFFICE,
  WithdrawTarget: OFFICE,
  ReadCriterion: OFFICE,
  AssignIndicator: OFFICE,
  ReleaseIndicator: OFFICE,
  TransferIndicator: OFFICE,
  // Figures
  ReportMeasurement: { ...OFFICE, reporter: { standing: ['lead'], figures: ['own'] } },
  CorrectMeasurement: { ...OFFICE, reporter: { standing: ['lead'], figures: ['own', 'left'] } },
  RetractMeasurement: { ...OFFICE, reporter: { standing: ['lead'], figures: ['own', 'left'] } },
  AcceptMeasurement: OFFICE,
  ReturnMeasurement: OFFICE,
  // Tasks
  GiveTask: OFFICE,
  ReviseDeadline: OFFICE,
  AssignTask: OFFICE,
  ReleaseTask: OFFICE,
  TransferTask: OFFICE,
  MeetTaskCondition: OFFICE,
  ReportTaskProgress: { ...OFFICE, reporter: { standing: ['lead'] } },
  CompleteTask: OFFICE,
  ReopenTask: OFFICE,
  DropTask: OFFICE,
  // Agencies
  EstablishAgency: OFFICE,
  DefineAgencyGroup: OFFICE,
  AliasAgency: OFFICE,
  RenameAgency: OFFICE,
  DissolveAgency: OFFICE,
  ChangeAgencyGroup: OFFICE,
  // Reorganizations
  PreviewReorganization: STAFF,
  DecreeReorganization: OFFICE,
  RevokeReorganization: OFFICE,
  // Questions
  ReadPlans: EVERYONE,
  ReadStatus: EVERYONE,
  ReadTrail: EVERYONE,
  ReadTasks: EVERYONE,
  ReadAgencies: EVERYONE,
  ReadReorganizations: EVERYONE,
  ReadAcceptedFigures: EVERYONE,
  ReadUnacceptedFigures: { ...STAFF, reporter: { standing: STANDINGS, figures: ['own', 'left'] } },
  // Running it
  ImportTables: { ...OFFICE, system: 'always' },
  ReadEvents: INSPECTION,
  ReadAccessLog: INSPECTION,
  FollowStream: STAFF,
  ReadProjections: INSPECTION,
  RebuildProjection: { admin: 'always' },
  ReadMetrics: STAFF,
} as const satisfies Readonly<Record<string, Rights>>;

export type Action = keyof typeof RIGHTS;
