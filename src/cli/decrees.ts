import type { LegalBasis } from '../domain/message.js';
import type { Allocation, Decree, Scope } from '../domain/reorganization/events.js';

/** What the documents do not say is made up, and says so. */
export const ILLUSTRATIVE = 'Minh họa (illustrative)';

const MARCH = '2025-03-01';
const JULY = '2025-07-01';

const basis = (number: string, date: string): LegalBasis => ({ number, date, clause: ILLUSTRATIVE });

const all = (predecessor: string, successor: string): Allocation => ({
  predecessor,
  successor,
  scope: { kind: 'all' },
  role: null,
});

const takes = (predecessor: string, successor: string, ...scopes: Scope[]): Allocation[] =>
  scopes.map((scope) => ({ predecessor, successor, scope, role: null }));

const indicators = (planId: string, ...codes: string[]): Scope[] =>
  codes.map((code) => ({ kind: 'indicator', id: `${planId}/${code}` }));

/** One agency goes on and takes in another. */
const absorbed = (id: string, from: string, into: string, ...exceptions: Allocation[]): Decree => ({
  reorganizationId: id,
  kind: 'merge',
  predecessors: [from, into],
  successors: [...new Set([into, ...exceptions.map(({ successor }) => successor)])],
  establishes: [],
  renaming: null,
  allocations: [all(from, into), all(into, into), ...exceptions],
  effectiveOn: MARCH,
  reason: `${ILLUSTRATIVE}: sắp xếp các cơ quan chuyên môn`,
  legalBasis: basis('Nghị quyết của HĐND tỉnh', '2025-02-20'),
});

const SECURITY = [
  ...indicators(
    'kh-419-2024',
    '5.1',
    '5.2',
    '5.3',
    '5.4',
    '5.5',
    '5.6',
    '5.7',
    '5.8',
    '5.9',
    '5.10',
    '5.11',
    '5.12',
  ),
  ...indicators('kh-4465-2022', '10', '24'),
  { kind: 'task', id: 'kh-484-2025/t/34' },
] as const satisfies Scope[];

/** What the district level of the province was, until it was abolished. */
const DISTRICTS = [
  'ubnd-tp-kon-tum',
  'ubnd-huyen-dak-glei',
  'ubnd-huyen-ngoc-hoi',
  'ubnd-huyen-dak-to',
  'ubnd-huyen-dak-ha',
  'ubnd-huyen-sa-thay',
  'ubnd-huyen-ia-hdrai',
  'ubnd-huyen-kon-ray',
  'ubnd-huyen-kon-plong',
  'ubnd-huyen-tu-mo-rong',
];

/** An agency that was there all along and that no document names. */
export const UNNAMED = [
  { agencyId: 'so-xay-dung', name: 'Sở Xây dựng', shortName: 'Sở XD', level: 'province' },
] as const;

/**
 * The reorganizations of 2025, as far as an agency of the documents is touched. That they happened is known; who took
 * what, and on which document, is illustrative. Press and publishing went elsewhere too: no row is about them.
 */
export const DECREES: readonly Decree[] = [
  absorbed('sap-xep-2025-so-tttt', 'so-tttt', 'so-khcn', ...takes('so-tttt', 'cong-an-tinh', ...SECURITY)),
  absorbed('sap-xep-2025-so-khdt', 'so-khdt', 'so-tai-chinh'),
  absorbed('sap-xep-2025-so-gtvt', 'so-gtvt', 'so-xay-dung'),
  absorbed('sap-xep-2025-so-ldtbxh', 'so-ldtbxh', 'so-noi-vu'),
  absorbed('sap-xep-2025-nhnn', 'nhnn-chi-nhanh-tinh', 'nhnn-khu-vuc-11'),
  {
    ...absorbed('sap-xep-2025-so-nnmt', 'so-tnmt', 'so-nnmt'),
    predecessors: ['so-tnmt', 'so-nnptnt'],
    establishes: [
      { agencyId: 'so-nnmt', name: 'Sở Nông nghiệp và Môi trường', shortName: 'Sở NN&MT', level: 'province' },
    ],
    allocations: [all('so-tnmt', 'so-nnmt'), all('so-nnptnt', 'so-nnmt')],
  },
  {
    reorganizationId: 'bo-cap-huyen-2025',
    kind: 'dissolve',
    predecessors: ['ubnd-cap-huyen', 'cac-huyen-thanh-pho-lien-quan', ...DISTRICTS],
    successors: ['ubnd-cap-xa', 'ubnd-phuong-kon-tum', 'ubnd-xa-mang-den'],
    establishes: [
      {
        agencyId: 'ubnd-phuong-kon-tum',
        name: 'Ủy ban nhân dân phường Kon Tum',
        shortName: null,
        level: 'commune',
      },
      {
        agencyId: 'ubnd-xa-mang-den',
        name: 'Ủy ban nhân dân xã Măng Đen',
        shortName: null,
        level: 'commune',
      },
    ],
    renaming: null,
    allocations: [
      all('ubnd-cap-huyen', 'ubnd-cap-xa'),
      all('cac-huyen-thanh-pho-lien-quan', 'ubnd-cap-xa'),
      all('ubnd-tp-kon-tum', 'ubnd-phuong-kon-tum'),
      all('ubnd-huyen-kon-plong', 'ubnd-xa-mang-den'),
    ],
    effectiveOn: JULY,
    reason: `${ILLUSTRATIVE}: kết thúc hoạt động của cấp huyện`,
    legalBasis: basis('Nghị quyết 203/2025/QH15', '2025-06-16'),
  },
];
