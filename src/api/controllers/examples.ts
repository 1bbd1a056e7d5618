/**
 * Examples for the OpenAPI document: what the ledger of the five documents answers to each request. A test asks each one
 * and compares, ids and times of recording aside.
 */
export interface Example {
  readonly request: string;
  readonly answer: object;
}

export const PLANS: Example = {
  request: '/plans?limit=1&asOf=2025-06-30',
  answer: {
    items: [
      {
        id: 'kh-4465-2022',
        number: '4465/KH-UBND',
        issuer: 'Ủy ban nhân dân tỉnh Kon Tum',
        issuedOn: '2022-12-30',
        supersedes: null,
        source: {
          file: 'kh-4465-2022-phu-luc-3.txt',
          row: 'caption (lines 2-8)',
          table: 'Phụ lục 3',
        },
        assumed: [
          {
            field: 'title',
            reason: "Only annex 3 is at hand; the title is the annex's.",
          },
          {
            field: 'effective_on',
            reason: 'No clause read says from when it holds; taken from the day of issue.',
          },
          {
            field: 'milestones',
            reason: 'The annex names no year.',
          },
          {
            field: 'direction',
            reason:
              'No document states a direction: a rank (unit Thứ bậc) is lower-is-better, everything else higher-is-better.',
          },
          {
            field: 'unit',
            reason: 'The annex has no column for a unit; the unit stands within the target.',
          },
          {
            field: 'notation',
            reason:
              'The target is cut out of the title: the number with its words of comparison (đạt is kept where no other word compares).',
          },
        ],
        from: '2022-12-30',
        superseded: null,
        closed: null,
        indicators: 31,
        tasks: 0,
        changedAt: '2025-06-02T02:00:00.000Z',
        title: 'Phân công theo dõi, đôn đốc thực hiện các chỉ tiêu',
        milestones: ['open'],
        sections: [],
        endsOn: null,
        state: 'open',
      },
    ],
    next: 'oC3P7eyrWyJwbGFucyIseyJrZXkiOiJraC00NDY1LTIwMjIiLCJ2YWx1ZSI6IjIwMjItMTItMzAifV0',
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
  },
};

export const STATUS: Example = {
  request: '/plans/kh-1570-2025/status?limit=1&asOf=2025-06-30&q=truc%20tuyen%20cua%20nguoi%20dan',
  answer: {
    items: [
      {
        id: 'kh-1570-2025/7.1',
        planId: 'kh-1570-2025',
        code: '7.1',
        order: 8,
        title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến của người dân và doanh nghiệp',
        unit: '%',
        section: 'I',
        parent: 'kh-1570-2025/7',
        lead: {
          agencies: [
            {
              id: 'vp-ubnd-tinh',
              name: 'Văn phòng Ủy ban nhân dân tỉnh',
            },
          ],
          from: 'own',
        },
        coordinating: [],
        status: 'not-reported',
        verdict: {
          status: 'not-reported',
          reason: 'no-figure',
          overdue: false,
          provisional: false,
          stale: false,
          aboveRange: false,
          reachedLater: false,
          milestone: '2030',
          target: {
            milestone: '2030',
            notation: '≥ 80',
            criterion: {
              kind: 'threshold',
              qualifier: null,
              relation: '>=',
              unit: null,
              value: '80',
            },
            effectiveOn: '2025-05-08',
          },
          measurement: null,
          line: null,
          parts: [],
          rule: 'assessment.v1',
          because: 'No figure counts on 2025-06-30 for the 2030 target "≥ 80": no figure has been reported.',
          milestones: [
            {
              status: 'not-reported',
              reason: 'no-figure',
              overdue: false,
              provisional: false,
              stale: false,
              aboveRange: false,
              reachedLater: false,
              milestone: '2030',
              target: {
                milestone: '2030',
                notation: '≥ 80',
                criterion: {
                  kind: 'threshold',
                  qualifier: null,
                  relation: '>=',
                  unit: null,
                  value: '80',
                },
                effectiveOn: '2025-05-08',
              },
              measurement: null,
              line: null,
              parts: [],
              rule: 'assessment.v1',
              because:
                'No figure counts on 2025-06-30 for the 2030 target "≥ 80": no figure has been reported.',
            },
          ],
        },
        children: null,
        dropped: null,
        supersededBy: null,
        staleSince: null,
      },
    ],
    next: null,
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
  },
};

export const TASKS: Example = {
  request: '/plans/kh-484-2025/tasks?limit=1&asOf=2025-06-30',
  answer: {
    items: [
      {
        id: 'kh-484-2025/t/1',
        planId: 'kh-484-2025',
        code: 't/1',
        order: 1,
        title:
          'Xây dựng chương trình, kế hoạch phát động phong trào học tập trên các nền tảng số để trở thành phong trào “học tập số” thường xuyên, liên tục, phổ cập, nâng cao kiến thức về khoa học, công nghệ, đổi mới sáng tạo, kỹ năng số, công nghệ số cơ bản trong cán bộ, công chức và Nhân dân theo tinh thần Nghị quyết 57-NQ/TW và Nghị quyết 03/2025/NQ-CP.',
        expectedResult: 'Chương trình, Kế hoạch',
        section: 't/I',
        lead: [
          {
            id: 'cac-don-vi-dia-phuong',
            name: 'Các đơn vị, địa phương',
          },
        ],
        coordinating: [],
        status: 'continuous',
        verdict: {
          status: 'continuous',
          deadline: {
            condition: null,
            dueOn: null,
            kind: 'continuous',
            notation: 'Thường xuyên',
          },
          dueOn: null,
          doneOn: null,
          years: [],
          because: 'goes on without an end',
        },
        dropped: null,
        supersededBy: null,
        staleSince: null,
      },
    ],
    next: 'EJj8K7eeWyJ0YXNrcyBraC00ODQtMjAyNSBvcmRlciIseyJrZXkiOiJraC00ODQtMjAyNS90LzEiLCJ2YWx1ZSI6MX1d',
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
  },
};

export const AUDIT: Example = {
  request: '/plans/kh-1570-2025/audit?limit=1&asOf=2025-06-30&type=TargetSet&subject=kh-1570-2025%2F7.1',
  answer: {
    items: [
      {
        eventId: '29eaa2e4-ae1e-568a-89b4-1366eae8cbe2',
        type: 'TargetSet',
        planId: 'kh-1570-2025',
        subject: {
          kind: 'indicator',
          id: 'kh-1570-2025/7.1',
        },
        stream: 'indicator-kh-1570-2025/7.1',
        revision: 1,
        actor: {
          agencyId: null,
          name: 'Import at the server',
          role: 'system',
          subject: 'so-cai import',
        },
        recordedAt: '2025-06-02T02:00:00.000Z',
        effectiveOn: '2025-05-08',
        backdated: true,
        before: null,
        after: {
          notation: '≥ 80',
          criterion: {
            kind: 'threshold',
            qualifier: null,
            relation: '>=',
            unit: null,
            value: '80',
          },
        },
        laterEntries: [],
        role: null,
        moves: null,
        allocation: null,
        milestone: '2030',
        year: null,
        reason: null,
        legalBasis: null,
        warnings: [],
        commandId: '62b0080d-ac28-41ee-952e-9f97779ea4bd',
        correlationId: '62b0080d-ac28-41ee-952e-9f97779ea4bd',
        causationId: null,
        entry: '00000000000000000911',
        by: 'so-cai import',
        about: 'kh-1570-2025/7.1',
        recordedOn: '2025-06-02',
        holdsOn: '2025-05-08',
        measurementId: null,
        effect: [
          {
            kind: 'indicator',
            id: 'kh-1570-2025/7.1',
            asOf: '2025-06-02',
            from: null,
            to: 'not-reported',
          },
          {
            kind: 'indicator',
            id: 'kh-1570-2025/7',
            asOf: '2025-06-02',
            from: null,
            to: 'not-reported',
          },
        ],
        position: '00000000000000000911',
        caused: [],
      },
    ],
    next: null,
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
  },
};

export const PORTFOLIO: Example = {
  request: '/agencies/cong-an-tinh/portfolio?limit=1&asOf=2025-06-30&role=lead',
  answer: {
    items: [
      {
        role: 'lead',
        via: null,
        subject: {
          kind: 'indicator',
          id: 'kh-1570-2025/18',
        },
        indicator: {
          id: 'kh-1570-2025/18',
          planId: 'kh-1570-2025',
          code: '18',
          order: 29,
          title:
            'Hoàn thành kết nối, chia sẻ đồng bộ cơ sở dữ liệu của tỉnh với cơ sở dữ liệu quốc gia, cơ sở dữ liệu các ngành',
          unit: '%',
          section: 'I',
          parent: null,
          lead: {
            agencies: [
              {
                id: 'cong-an-tinh',
                name: 'Công an tỉnh',
              },
            ],
            from: 'own',
          },
          coordinating: [],
          status: 'not-reported',
          verdict: {
            status: 'not-reported',
            reason: 'no-figure',
            overdue: false,
            provisional: false,
            stale: false,
            aboveRange: false,
            reachedLater: false,
            milestone: '2030',
            target: {
              milestone: '2030',
              notation: '100',
              criterion: {
                kind: 'threshold',
                qualifier: null,
                relation: '>=',
                unit: null,
                value: '100',
              },
              effectiveOn: '2025-05-08',
            },
            measurement: null,
            line: null,
            parts: [],
            rule: 'assessment.v1',
            because: 'No figure counts on 2025-06-30 for the 2030 target "100": no figure has been reported.',
            milestones: [
              {
                status: 'not-reported',
                reason: 'no-figure',
                overdue: false,
                provisional: false,
                stale: false,
                aboveRange: false,
                reachedLater: false,
                milestone: '2030',
                target: {
                  milestone: '2030',
                  notation: '100',
                  criterion: {
                    kind: 'threshold',
                    qualifier: null,
                    relation: '>=',
                    unit: null,
                    value: '100',
                  },
                  effectiveOn: '2025-05-08',
                },
                measurement: null,
                line: null,
                parts: [],
                rule: 'assessment.v1',
                because:
                  'No figure counts on 2025-06-30 for the 2030 target "100": no figure has been reported.',
              },
            ],
          },
          children: null,
          dropped: null,
          supersededBy: null,
          staleSince: null,
        },
        task: null,
      },
    ],
    next: 'xLe9F-b3WyJwb3J0Zm9saW8gY29uZy1hbi10aW5oIix7ImtleSI6ImluZGljYXRvciBraC0xNTcwLTIwMjUvMTggbGVhZCIsInZhbHVlIjoia2gtMTU3MC0yMDI1IDAwMDAyOSJ9XQ',
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
    agency: {
      id: 'cong-an-tinh',
      kind: 'agency',
      level: 'province',
      aliases: [],
      establishedOn: null,
      name: 'Công an tỉnh',
      shortName: null,
      members: [],
      dissolvedOn: null,
      successors: [],
    },
    counts: {
      'not-reported': 3,
      waiting: 2,
    },
    standingStill: 0,
  },
};

export const INDICATOR: Example = {
  request: '/indicators/kh-1570-2025%2F7.1?asOf=2025-06-30',
  answer: {
    id: 'kh-1570-2025/7.1',
    planId: 'kh-1570-2025',
    code: '7.1',
    order: 8,
    title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến của người dân và doanh nghiệp',
    unit: '%',
    section: 'I',
    parent: 'kh-1570-2025/7',
    lead: {
      agencies: [
        {
          id: 'vp-ubnd-tinh',
          name: 'Văn phòng Ủy ban nhân dân tỉnh',
        },
      ],
      from: 'own',
    },
    coordinating: [],
    status: 'not-reported',
    verdict: {
      status: 'not-reported',
      reason: 'no-figure',
      overdue: false,
      provisional: false,
      stale: false,
      aboveRange: false,
      reachedLater: false,
      milestone: '2030',
      target: {
        milestone: '2030',
        notation: '≥ 80',
        criterion: {
          kind: 'threshold',
          qualifier: null,
          relation: '>=',
          unit: null,
          value: '80',
        },
        effectiveOn: '2025-05-08',
      },
      measurement: null,
      line: null,
      parts: [],
      rule: 'assessment.v1',
      because: 'No figure counts on 2025-06-30 for the 2030 target "≥ 80": no figure has been reported.',
      milestones: [
        {
          status: 'not-reported',
          reason: 'no-figure',
          overdue: false,
          provisional: false,
          stale: false,
          aboveRange: false,
          reachedLater: false,
          milestone: '2030',
          target: {
            milestone: '2030',
            notation: '≥ 80',
            criterion: {
              kind: 'threshold',
              qualifier: null,
              relation: '>=',
              unit: null,
              value: '80',
            },
            effectiveOn: '2025-05-08',
          },
          measurement: null,
          line: null,
          parts: [],
          rule: 'assessment.v1',
          because: 'No figure counts on 2025-06-30 for the 2030 target "≥ 80": no figure has been reported.',
        },
      ],
    },
    children: null,
    dropped: null,
    supersededBy: null,
    staleSince: null,
    facts: {
      id: 'kh-1570-2025/7.1',
      planId: 'kh-1570-2025',
      code: '7.1',
      parent: 'kh-1570-2025/7',
      section: 'I',
      order: 8,
      deadline: null,
      adoptedOn: '2025-05-08',
      source: {
        file: 'kh-1570-2025-phu-luc-1.txt',
        row: '7.1 (line 83)',
        table: 'Phụ lục I',
      },
      assumed: [],
      wording: [
        {
          effectiveOn: '2025-05-08',
          value: {
            title: 'Tỷ lệ sử dụng dịch vụ công trực tuyến của người dân và doanh nghiệp',
            unit: '%',
            direction: 'higher-is-better',
            guidance: null,
            formula: null,
          },
        },
      ],
      baseline: [],
      targets: [
        {
          milestone: '2030',
          timeline: [
            {
              effectiveOn: '2025-05-08',
              value: {
                notation: '≥ 80',
                criterion: {
                  kind: 'threshold',
                  qualifier: null,
                  relation: '>=',
                  unit: null,
                  value: '80',
                },
              },
            },
          ],
        },
      ],
      assignments: {
        lead: [
          {
            effectiveOn: '2025-05-08',
            value: {
              agencies: ['vp-ubnd-tinh'],
              notation: 'Văn phòng UBND tỉnh',
            },
          },
        ],
        coordinating: [],
      },
      benchmarks: [],
      measurements: [],
      dropped: null,
      version: 3,
    },
    revision: 2,
    asOf: '2025-06-30',
    knownAt: null,
    position: '00000000000000001310',
  },
};
