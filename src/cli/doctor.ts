import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Examined,
  examineLog,
  MAX_PROBLEMS,
  type OnEvent,
  type Problems,
  type ReadStream,
} from '../adapters/sqlite/examine.js';
import { examineReadModels } from '../adapters/sqlite/examine-read-models.js';
import { examineReadings } from '../adapters/sqlite/examine-readings.js';
import { CannotOpen } from '../adapters/sqlite/reading.js';
import { unreadIn } from '../application/readable.js';
import { PROJECTIONS } from '../ledger.js';
import type { Position } from '../ports/event-store.js';
import { compareRows } from './fresh-rows.js';
import { Impossible } from './impossible.js';

export const EVENTS_FILE = 'events.db';
export const ACCESS_FILE = 'access.db';
const READ_FILE = 'read.db';

/** SHA-256 of every event's canonical envelope, each followed by a line feed, up to a position. */
export interface Digest {
  readonly position: Position;
  readonly sha256: string;
}

const DIGEST = /^(\d{20}):([0-9a-f]{64})$/;

export const digestText = ({ position, sha256 }: Digest): string => `${position}:${sha256}`;

/** @throws Impossible for what no examination has printed */
export const readDigest = (text: string): Digest => {
  const [, position, sha256] = DIGEST.exec(text) ?? [];
  if (position === undefined || sha256 === undefined)
    throw new Impossible('A digest is what doctor or backup printed: 20 digits, a colon, 64 hex digits.');
  return { position, sha256 };
};

/** What an examination of a file of events found; `digest` is null for an empty log. */
export interface Diagnosis extends Examined {
  readonly digest: Digest | null;
}

/**
 * Examines a file of events; with a digest taken earlier also whether the log up to there is still the same.
 * @param readStream what the program reads of a stream
 */
export const diagnose = (
  file: string,
  earlier: Digest | null,
  readStream: ReadStream = unreadIn,
): Diagnosis => {
  const hash = createHash('sha256');
  let then: string | null = null;
  const onEvent: OnEvent = (envelope, position) => {
    hash.update(`${envelope}\n`);
    if (position === earlier?.position) then = hash.copy().digest('hex');
  };
  const examined = examineLog(file, onEvent, readStream);
  if (earlier && then === null)
    examined.problems.add(`it has no event ${earlier.position}, up to which the digest was taken`);
  else if (earlier && then !== earlier.sha256)
    examined.problems.add(`the events up to ${earlier.position} are not those that the digest was taken of`);
  const { head } = examined;
  return {
    ...examined,
    digest: head === null ? null : { position: head, sha256: hash.digest('hex') },
  };
};

interface Report {
  readonly lines: readonly string[];
  readonly verdict: string;
  /** Whether everything was examined, and nothing is wrong. */
  readonly sound: boolean;
}

const SOUND = 'Nothing is wrong.';
const WRONG = 'Something is wrong.';
const UNKNOWN = 'Nothing is wrong with what could be examined.';

const reported = (lines: readonly string[], verdict: string): Report => ({
  ...{ lines, verdict },
  sound: verdict === SOUND,
});

/** Several reports as one, which is as good as the worst of them. */
const together = (reports: readonly Report[]): Report => {
  const verdicts = reports.map(({ verdict }) => verdict);
  const worst = [WRONG, UNKNOWN].find((verdict) => verdicts.includes(verdict));
  return reported(
    reports.flatMap(({ lines }) => lines),
    worst ?? SOUND,
  );
};

/**
 * What is wrong with the files of a data folder; nothing is ever repaired or written.
 * @throws Impossible when there is no log, or it cannot be opened
 */
export const examineFolder = async (dataDir: string, earlier: Digest | null): Promise<Report> => {
  // The read models first: beside a running server they may only be behind what is read of the log afterwards.
  const [events, read] = [join(dataDir, EVENTS_FILE), join(dataDir, READ_FILE)];
  const models = existsSync(read) ? whereItOpens(() => examineReadModels(read)) : null;
  const log = examineFile(events, earlier);
  const readings = ofReadings(join(dataDir, ACCESS_FILE));
  return together([log, readings, await ofReadModels({ read, events }, models, log)]);
};

const ofReadModels = async (
  files: { readonly read: string; readonly events: string },
  models: ReturnType<typeof examineReadModels> | CannotOpen | null,
  log: Report & { readonly head: Position | null },
): Promise<Report> => {
  const { read } = files;
  if (models === null)
    return reported([`${read}: missing. It is built anew from the log at the next start.`], SOUND);
  if (models instanceof CannotOpen) return unknown(models);
  const head = log.head ?? '';
  const { problems, builds } = models;
  const damaged = problems.count > 0;
  const ahead = builds.filter(({ checkpoint }) => (checkpoint ?? '') > head);
  for (const { collection, checkpoint } of ahead)
    problems.add(
      `${collection} has folded the log up to ${checkpoint}, and the log ends before: ${EVENTS_FILE} was restored from an older copy, or events are lost`,
    );
  if (log.sound && problems.count === 0) await compareRows(files, PROJECTIONS, problems);
  const behind = builds.filter(({ checkpoint }) => (checkpoint ?? '') < head).length;
  const state = behind === 0 ? 'up to date' : `${behind} of them behind the log`;
  const remedy = damaged
    ? `  The server deletes a damaged ${READ_FILE} when it starts, and builds it anew.`
    : `  Rows that are not what the log says are folded anew by so-cai rebuild.`;
  if (problems.count > 0) return reported([...complaints(read, problems), remedy], WRONG);
  return reported([`${read}: ${builds.length} projections, ${state}`], SOUND);
};

/** Of who read what. */
const ofReadings = (file: string): Report => {
  if (!existsSync(file))
    return reported([`${file}: missing. Nothing is on record of who read what until now.`], SOUND);
  const found = whereItOpens(() => examineReadings(file));
  if (found instanceof CannotOpen) return unknown(found);
  const { problems, readings } = found;
  if (problems.count > 0) return reported(complaints(file, problems), WRONG);
  return reported([`${file}: ${readings} readings`], SOUND);
};

const unknown = ({ message }: CannotOpen): Report =>
  reported([`${message}: nothing is known of it.`], UNKNOWN);

const whereItOpens = <Found>(examine: () => Found): Found | CannotOpen => {
  try {
    return examine();
  } catch (error) {
    if (error instanceof CannotOpen) return error;
    throw error;
  }
};

/** @throws Impossible when there is no such file, or it cannot be opened */
export const examineFile = (
  file: string,
  earlier: Digest | null,
): Report & { readonly head: Position | null } => {
  if (!existsSync(file)) throw new Impossible(`There is no ${file}.`);
  const diagnosis = whereItOpens(() => diagnose(file, earlier));
  if (diagnosis instanceof CannotOpen)
    throw new Impossible(
      `${diagnosis.message}: nothing is known of it. Examine it as the user that the server runs as, or a copy of the folder.`,
    );
  const { problems, events, streams, head, digest } = diagnosis;
  const bytes = [file, `${file}-wal`].reduce(
    (sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const size = `${(bytes / 1_048_576).toFixed(1)} MiB`;
  const lines = [
    `${file}: ${events} events in ${streams} streams, ${size}`,
    ...(digest ? [`  digest ${digestText(digest)}`] : []),
    ...complaints(file, problems),
  ];
  return { ...reported(lines, problems.count === 0 ? SOUND : WRONG), head };
};

const complaints = (file: string, { listed, count }: Problems): readonly string[] => [
  ...listed.map((problem) => `${file}: WRONG: ${problem}`),
  ...(count > MAX_PROBLEMS ? [`${file}: and ${count - MAX_PROBLEMS} more`] : []),
];
