/**
 * A request that can be sent as it stands to a ledger with the five documents: the id in its address, and its body.
 * `follows` is the operation whose example makes what it needs and the documents do not have.
 */
export interface RequestExample {
  readonly id?: string;
  readonly body?: object;
  readonly follows?: string;
}

const day = { effectiveOn: '2025-06-01' };
const legalBasis = { number: '245/QĐ-UBND', date: '2025-05-28', clause: 'Điều 2' };
const why = { ...day, reason: 'Theo tình hình thực tế', legalBasis };

const PLAN = 'kh-1570-2025';
const NEW_PLAN = 'kh-2048-2025';
const NEW_AGENCY = 'ban-qlda-tinh';
const DECREE = 'sap-xep-bao-dai';
const TASKS = 'kh-484-2025';
const FIGURES = 'kh-419-2024';

/** By operation, as the document names it below the API's address. */
export const REQUESTS: Readonly<Record<string, RequestExample>> = {
  'POST /agencies': {
    body: {
      agencyId: NEW_AGENCY,
      name: 'Ban Quản lý dự án tỉnh',
      shortName: 'Ban QLDA tỉnh',
      level: 'province',
      establishedOn: '2025-03-01',
    },
  },
  'POST /agencies/{id}/aliases': { id: 'so-khcn', body: { alias: 'Sở KH-CN' } },
  'POST /agencies/{id}/renaming': {
    id: 'cong-ttdt-tinh',
    body: { name: 'Cổng Thông tin điện tử tỉnh Kon Tum', shortName: 'Cổng TTĐT', ...why },
  },
  'POST /agencies/{id}/members': {
    id: 'doanh-nghiep-vien-thong',
    body: { members: ['viettel-kon-tum', 'vien-thong-kon-tum'], ...why },
  },
  'POST /agencies/{id}/dissolution': {
    id: NEW_AGENCY,
    body: { successors: ['so-tai-chinh'], ...why },
    follows: 'POST /agencies',
  },
  'POST /plans': {
    body: {
      planId: NEW_PLAN,
      number: '2048/KH-UBND',
      title: 'Kế hoạch phát triển hạ tầng số',
      issuer: 'Ủy ban nhân dân tỉnh Kon Tum',
      issuedOn: '2025-05-30',
      milestones: ['2030'],
      sections: [{ code: 'I', title: 'Đến năm 2030' }],
      endsOn: '2030-12-31',
      ...day,
    },
  },
  'POST /plans/{planId}/opening': { id: NEW_PLAN, body: day, follows: 'POST /plans' },
  'POST /plans/{planId}/amendments': { id: PLAN, body: { milestones: ['2030', '2035', '2045'], ...why } },
  'POST /plans/{planId}/supersession': { id: 'kh-4465-2022', body: { by: PLAN, ...why } },
  'POST /plans/{planId}/closure': { id: 'lo-trinh-2025-2045', body: why },
  'POST /plans/{planId}/indicators': {
    id: PLAN,
    body: {
      code: '7.10',
      title: 'Tỷ lệ hồ sơ được xử lý trực tuyến',
      unit: '%',
      parent: `${PLAN}/7`,
      section: 'I',
      order: 37,
      ...day,
    },
  },
  'POST /plans/{planId}/tasks': {
    id: TASKS,
    body: {
      code: '44',
      title: 'Xây dựng kho dữ liệu dùng chung',
      expectedResult: 'Kế hoạch của UBND tỉnh',
      section: 't/III',
      order: 44,
      deadline: { notation: '12/2025', kind: 'date', dueOn: '2025-12-31' },
      ...day,
    },
  },
  'POST /indicators/{id}/targets': {
    id: `${PLAN}/7.1`,
    body: { milestone: '2030', notation: '≥ 85', ...why },
  },
  'POST /indicators/{id}/targets/withdrawal': { id: `${PLAN}/7.3`, body: { milestone: '2030', ...why } },
  'POST /indicators/{id}/targets/reading': {
    id: `${FIGURES}/4.10`,
    body: {
      milestone: 'yearly',
      criterion: { kind: 'growth', low: '1', high: '2' },
      reason: 'Đã hỏi lại: tăng tương đối so với năm trước',
    },
  },
  'POST /indicators/{id}/assignments': {
    id: `${PLAN}/7.4`,
    body: { action: 'transfer', role: 'lead', moves: [{ from: 'vp-ubnd-tinh', to: 'so-khcn' }], ...why },
  },
  'POST /indicators/{id}/baseline': { id: `${PLAN}/7.5`, body: { notation: '55%', period: '2024', ...day } },
  'POST /indicators/{id}/benchmarks': {
    id: `${PLAN}/1`,
    body: {
      benchmark: 'national-average',
      value: '31.5',
      period: '2024',
      source: 'Bộ KH&CN, báo cáo PII 2024',
      ...day,
    },
  },
  'POST /indicators/{id}/rewording': {
    id: `${PLAN}/7.6`,
    body: { title: 'Tỷ lệ thanh toán trực tuyến phí, lệ phí thủ tục hành chính', unit: '%', ...why },
  },
  'POST /indicators/{id}/measurements': {
    id: `${PLAN}/7.2`,
    body: { period: '2025-Q1', value: '76.4', evidence: 'Báo cáo số 120/BC-VP' },
  },
  'POST /indicators/{id}/drop': { id: `${PLAN}/7.9`, body: why },
  'POST /measurements/{mid}/acceptance': {
    id: `${FIGURES}/2.1@2023#1`,
    body: { note: 'Khớp với văn bản đã ban hành' },
  },
  'POST /measurements/{mid}/return': {
    id: `${FIGURES}/2.2@2023#1`,
    body: { reason: 'Minh chứng là của kỳ khác' },
  },
  'POST /measurements/{mid}/correction': {
    id: `${FIGURES}/2.8@2023#1`,
    body: { met: 'partly', note: 'Mới ban hành cho hai ngành', reason: 'Rà soát lại văn bản' },
  },
  'POST /measurements/{mid}/retraction': {
    id: `${PLAN}/7.2@2025-Q1#1`,
    body: { reason: 'Số liệu của tỉnh khác' },
    follows: 'POST /indicators/{id}/measurements',
  },
  'POST /tasks/{id}/progress': { id: `${TASKS}/t/10`, body: { note: 'Dự thảo đã lấy ý kiến', ...day } },
  'POST /tasks/{id}/condition': {
    id: `${TASKS}/t/33`,
    body: { evidence: 'Công văn 1234/BKHCN-CĐS', dueOn: '2026-12-31', ...day },
  },
  'POST /tasks/{id}/completion': { id: `${TASKS}/t/31`, body: { result: 'Kế hoạch 2048/KH-UBND', ...day } },
  'POST /tasks/{id}/reopening': {
    id: `${TASKS}/t/31`,
    body: { ...why, effectiveOn: '2025-06-02' },
    follows: 'POST /tasks/{id}/completion',
  },
  'POST /tasks/{id}/deadline': {
    id: `${TASKS}/t/25`,
    body: { deadline: { notation: '6/2026', kind: 'date', dueOn: '2026-06-30' }, ...why },
  },
  'POST /tasks/{id}/assignments': {
    id: `${TASKS}/t/30`,
    body: { action: 'assign', role: 'coordinating', agencies: ['so-khcn'], ...day },
  },
  'POST /tasks/{id}/drop': { id: `${TASKS}/t/43`, body: why },
  'POST /reorganizations': {
    body: {
      reorganizationId: DECREE,
      kind: 'merge',
      predecessors: ['bao-kon-tum', 'dai-ptth-tinh'],
      successors: ['dai-ptth-tinh'],
      allocations: [
        { predecessor: 'bao-kon-tum', successor: 'dai-ptth-tinh' },
        { predecessor: 'dai-ptth-tinh', successor: 'dai-ptth-tinh' },
      ],
      ...why,
    },
  },
  'POST /reorganizations/{id}/revocation': {
    id: DECREE,
    body: { ...why, effectiveOn: '2025-06-02' },
    follows: 'POST /reorganizations',
  },
  'POST /imports': {
    body: {
      files: {
        'plans.csv':
          'id,number,title,issuer,issued_on,effective_on,ends_on,milestones,supersedes,source_file,source_table,source_row\n' +
          'kh-2049-2025,2049/KH-UBND,Kế hoạch kỹ năng số,UBND tỉnh,2025-05-30,2025-06-01,,2030,,2049.txt,Phụ lục,1\n',
        'agencies.csv':
          'id,name,short_name,level,kind,established_on\nso-noi-vu,Sở Nội vụ,,province,agency,\n',
        'kh-2049-2025/sections.csv': 'code,title,source_row\nI,Đến năm 2030,1\n',
        'kh-2049-2025/indicators.csv':
          'code,parent,title,unit,direction,section,deadline,guidance,formula,baseline,baseline_period,lead,lead_notation,coordinating,coordinating_notation,source_table,source_row\n' +
          '1,,Tỷ lệ cán bộ có kỹ năng số,%,higher-is-better,I,,,,,,so-noi-vu,Sở Nội vụ,,,Phụ lục,2\n',
        'kh-2049-2025/targets.csv': 'code,milestone,notation,source_row\n1,2030,≥ 90,2\n',
      },
    },
  },
  'POST /projections/{name}/rebuild': { id: 'reorganizations.v2' },
};

/** An id in the address of a question, by the address or its first part. */
export const ASKED: Readonly<Record<string, string>> = {
  '/plans/{planId}/tasks': TASKS,
  plans: PLAN,
  indicators: `${PLAN}/7.1`,
  tasks: `${TASKS}/t/10`,
  agencies: 'so-khcn',
  measurements: `${FIGURES}/2.1@2023#1`,
  reorganizations: DECREE,
};
