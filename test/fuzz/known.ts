import type { Known } from './valid.js';

// Enough of each: of what has been dropped, or stands in a plan that was closed, little more is taken.
const INDICATORS = [
  ...['7.1', '7.2', '7.3', '1', '2', '8', '15.1', '24'].map((code) => `kh-1570-2025/${code}`),
  ...['5.5', '1.1', '2.3', '4.7'].map((code) => `kh-419-2024/${code}`),
  ...['1', '4', '12', '31'].map((code) => `kh-4465-2022/${code}`),
  ...['6', '6.1', '8', '9'].map((code) => `kh-484-2025/${code}`),
  ...['1', '10', '30', '52'].map((code) => `lo-trinh-2025-2045/${code}`),
];
const TASKS = ['10', '12', '1', '5', '20', '31', '40', '43'].map((code) => `kh-484-2025/t/${code}`);
const AGENCIES = ['so-khcn', 'so-tttt', 'vp-ubnd-tinh', 'cong-an-tinh', 'so-noi-vu'];
const PLANS = [
  ...['kh-1570-2025', 'kh-419-2024', 'kh-484-2025', 'kh-4465-2022', 'lo-trinh-2025-2045'],
  'kh-moi',
];
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
  projections: ['plan-overview.v2', 'audit-trail.v5'],
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
