import { planStreams, planTables } from '../../src/application/load/plan.js';
import { registryStreams } from '../../src/application/load/registry.js';
import type { Stream } from '../../src/application/load/stream.js';
import {
  AGENCIES,
  ASSUMPTIONS,
  COLUMNS,
  type Files,
  groupedBy,
  list,
  PLANS,
  type Problem,
  readTable,
  required,
} from '../../src/application/load/tables.js';
import type { AgencyLife, PlanGiven } from '../../src/domain/given.js';
import type { Fact } from '../../src/domain/message.js';

/** Provinces and cities since 1 July 2025. */
export const PROVINCES = 34;

/** The day on which every plan has been entered. */
export const ENTERED_ON = '2025-07-01';

export const OFFICE_USER = 'lan';

/** The five documents, the one that questions are measured on first. */
const DOCUMENTS = [
  'lo-trinh-2025-2045',
  'kh-1570-2025',
  'kh-4465-2022',
  'kh-484-2025',
  'kh-419-2024',
] as const;

export interface PlanShape {
  readonly given: PlanGiven;
  /** The plan issued, its indicators and tasks in the annex's order, and the plan opened. */
  readonly streams: readonly Stream<Fact>[];
}

export interface Province {
  readonly agencies: readonly Stream<Fact>[];
  readonly lives: Readonly<Record<string, AgencyLife | null>>;
  readonly plans: readonly PlanShape[];
}

/** `p07-lo-trinh-2025-2045`: the plan of the seventh province that is shaped like a document. */
export const planIdIn = (province: number, document = 0): string =>
  `${prefixOf(province)}${DOCUMENTS[document] ?? ''}`;

const prefixOf = (province: number): string => `p${String(province).padStart(2, '0')}-`;

/** A province (from 1) with plans of its own, shaped like the five documents, for agencies of its own. */
export const provinceOf = (tables: Files, number: number): Province => {
  const files = renamed(tables, prefixOf(number));
  const problems: Problem[] = [];
  const today = { today: ENTERED_ON, by: OFFICE_USER };
  const nothing = { ...today, plan: null, agencies: {}, holdings: 0, memberOf: [] };
  const { streams: agencies, lives } = registryStreams(files, {}, nothing, problems);
  const rows = readTable(files, PLANS, COLUMNS.plans, problems);
  const assumed = groupedBy(readTable(files, ASSUMPTIONS, COLUMNS.assumptions, problems), 'plan');
  const plans = DOCUMENTS.map((_, document) => {
    const planId = planIdIn(number, document);
    const row = rows.find(({ cells }) => cells['id'] === planId);
    if (!row) throw new Error(`there is no ${planId} in ${PLANS}`);
    const shape = planTables(files, row, assumed.get(planId) ?? [], problems);
    const from = required(row, 'effective_on');
    const milestones = list(row, 'milestones');
    const sections = shape.sections.map((section) => ({
      code: required(section, 'code'),
      title: required(section, 'title'),
    }));
    const details = [{ effectiveOn: from, value: { milestones, sections } }];
    const given: PlanGiven = { planId, from, details, closedOn: null };
    return { given, streams: planStreams(shape, lives, today, problems) };
  });
  const [problem] = problems;
  if (problem) throw new Error(`${problem.file} row ${problem.row}: ${problem.message}`);
  return { agencies, lives, plans };
};

/** The tables with every id of a plan and an agency under a prefix. */
const renamed = (tables: Files, prefix: string): Files => {
  const ids = [PLANS, AGENCIES].flatMap((name) =>
    (tables.get(name) ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(',')))
      .filter((id) => id !== ''),
  );
  const named = new RegExp(`(?<![\\w.-])(?:${ids.join('|')})(?![\\w-])`, 'g');
  const under = (text: string) => text.replace(named, (id) => `${prefix}${id}`);
  return new Map([...tables].map(([path, text]) => [under(path), under(text)]));
};
