import type { Known } from './valid.js';

const INDICATORS = [
  'kh-1570-2025/7.1',
  'kh-1570-2025/7.2',
  'kh-1570-2025/1',
  'kh-419-2024/5.5',
  'kh-484-2025/6',
];
const TASKS = ['kh-484-2025/t/10', 'kh-484-2025/t/12'];
const AGENCIES = ['so-khcn', 'so-tttt', 'vp-ubnd-tinh', 'cong-an-tinh', 'so-noi-vu'];
const PLANS = ['kh-1570-2025', 'kh-419-2024', 'kh-484-2025', 'kh-4465-2022', 'kh-moi'];
const DECREES = ['sap-xep-2025-03', 'sap-xep-moi'];

/** Ids of the five documents, and some that come to be while requests are taken. */
export const KNOWN: Known = {
  plans: PLANS,
  planId: PLANS,
  plan: PLANS,
  by: PLANS,
  indicators: INDICATORS,
  indicator: INDICATORS,
  subject: [...INDICATORS, ...TASKS],
  id: [...INDICATORS, ...TASKS],
  parent: ['kh-1570-2025/7'],
  tasks: TASKS,
  agencies: AGENCIES,
  agency: AGENCIES,
  members: AGENCIES,
  lead: AGENCIES,
  predecessor: AGENCIES,
  predecessors: AGENCIES,
  successor: AGENCIES,
  successors: AGENCIES,
  measurements: [7.1, 7.2, 7.3].flatMap((row) =>
    ['2025', '2026-Q1', '2026-Q2'].map((period) => `kh-1570-2025/${row}@${period}#1`),
  ),
  reading: ['trail', 'export'],
  about: PLANS,
  reorganizations: DECREES,
  reorganizationId: DECREES,
  projections: ['plan-overview.v2', 'audit-trail.v3'],
  status: ['on-track', 'behind', 'not-reported'],
  milestone: ['2030', '2026', 'yearly'],
  section: ['I', 't/I'],
  actor: ['lan', 'hoa'],
  type: ['TargetRevised'],
  knownAt: ['2026-01-15T00:00:00Z', '@00000000000000000100'],
  milestones: ['2030', '2035', 'yearly'],
  code: ['7.20', '7.21', 'II'],
  benchmark: ['national-average'],
  agencyId: ['so-moi', ...AGENCIES],
  after: ['00000000000000000010'],
};
