import { AgencyHandler } from '../application/commands/agency.handler.js';
import { IndicatorHandler } from '../application/commands/indicator.handler.js';
import type { Ordered } from '../application/commands/orders.js';
import {
  OrderAgency,
  OrderIndicator,
  OrderReorganization,
  OrderTask,
} from '../application/commands/orders.js';
import { ReorganizationHandler } from '../application/commands/reorganization.handler.js';
import { TaskHandler } from '../application/commands/task.handler.js';
import { holdingsOf } from '../application/holdings.js';
import { load } from '../application/load/load.js';
import { type Files, PLANS } from '../application/load/tables.js';
import { Reorganizer } from '../application/reorganization/reorganizer.js';
import type { Request } from '../application/request.js';
import type { Config } from '../config.js';
import type { IndicatorCommand } from '../domain/indicator/commands.js';
import type { Figure } from '../domain/indicator/events.js';
import type { Actor, LegalBasis } from '../domain/message.js';
import type { Decree } from '../domain/reorganization/events.js';
import type { TaskCommand } from '../domain/task/commands.js';
import { openLedger } from '../ledger.js';
import type { Clock } from '../ports/clock.js';
import { DECREES, ILLUSTRATIVE, UNNAMED } from './decrees.js';
import { readFolder, say } from './folder.js';
import { Impossible } from './impossible.js';

/** A clock that stands where the demo's story is, so that there is something to be known earlier. */
class StoryClock implements Clock {
  private instant = '';

  at(instant: string): void {
    this.instant = instant;
  }

  now(): string {
    return this.instant;
  }
}

/** When each plan was entered: on the day it was issued, the undated roadmap in 2025. */
const ENTERED: readonly (readonly [planId: string, at: string])[] = [
  ['kh-4465-2022', '2022-12-30T03:00:00.000Z'],
  ['kh-419-2024', '2024-02-01T03:00:00.000Z'],
  ['kh-484-2025', '2025-02-14T03:00:00.000Z'],
  ['kh-1570-2025', '2025-05-08T03:00:00.000Z'],
  ['lo-trinh-2025-2045', '2025-05-20T03:00:00.000Z'],
];

const person = (subject: string, name: string, role: Actor['role'], agencyId: string | null): Actor => ({
  subject: `demo-${subject}`,
  name: `${name} — ${ILLUSTRATIVE}`,
  role,
  agencyId,
});

const OFFICE = person('van-phong', 'Chuyên viên Văn phòng UBND tỉnh', 'office', null);
const REPORTER = person('vp-ubnd', 'Cán bộ báo cáo Văn phòng UBND tỉnh', 'reporter', 'vp-ubnd-tinh');
const KHCN = person('so-khcn', 'Cán bộ báo cáo Sở Khoa học và Công nghệ', 'reporter', 'so-khcn');

const basis = (number: string, date: string): LegalBasis => ({ number, date, clause: ILLUSTRATIVE });
const why = (reason: string) => `${ILLUSTRATIVE}: ${reason}`;

const figure = (value: string, evidence: string): Figure => ({
  value,
  met: null,
  components: null,
  qualifier: null,
  source: ILLUSTRATIVE,
  evidence,
  note: null,
});

type Step = { readonly at: string; readonly who: Actor } & (
  | { readonly indicator: string; readonly order: Ordered<IndicatorCommand> }
  | { readonly task: string; readonly order: Ordered<TaskCommand> }
);

const ONLINE = 'kh-1570-2025/7.1';
const PAYMENT = 'kh-1570-2025/7.6';
const RANK = 'kh-1570-2025/2';
const TFP = 'kh-1570-2025/1';
const PHONES = 'kh-419-2024/3.2';
const SKILLS = 'kh-419-2024/4.10';

const reported = (at: string, who: Actor, indicatorId: string, period: string, one: Figure): Step => ({
  ...{ at, who },
  indicator: indicatorId,
  order: { type: 'ReportMeasurement', data: { indicatorId, period, agencyId: who.agencyId, ...one } },
});

const accepted = (at: string, measurementId: string): Step => {
  const indicatorId = measurementId.split('@')[0] ?? '';
  return {
    at,
    who: OFFICE,
    indicator: indicatorId,
    order: { type: 'AcceptMeasurement', data: { indicatorId, measurementId, note: ILLUSTRATIVE } },
  };
};

/** The illustrative year: figures, an acceptance, a return, a correction, a retraction, a revision, tasks that move. */
const STORY: readonly Step[] = [
  reported('2025-03-20T02:00:00.000Z', OFFICE, PHONES, '2024', figure('98.1', 'Báo cáo năm 2024')),
  {
    ...{ at: '2025-05-10T02:00:00.000Z', who: OFFICE, indicator: ONLINE },
    order: {
      type: 'RecordBaseline',
      data: { indicatorId: ONLINE, notation: '55%', period: '2024', effectiveOn: '2025-05-08' },
    },
  },
  reported('2025-07-08T02:00:00.000Z', REPORTER, ONLINE, '2025-Q2', figure('58.2', 'Báo cáo quý II/2025')),
  accepted('2025-07-10T02:00:00.000Z', `${ONLINE}@2025-Q2#1`),
  reported('2025-07-09T02:00:00.000Z', REPORTER, PAYMENT, '2025-Q2', figure('41', 'Báo cáo quý II/2025')),
  {
    ...{ at: '2025-07-14T02:00:00.000Z', who: REPORTER, indicator: PAYMENT },
    order: {
      type: 'RetractMeasurement',
      data: {
        indicatorId: PAYMENT,
        measurementId: `${PAYMENT}@2025-Q2#1`,
        reason: why('the figure is of another province'),
        legalBasis: null,
      },
    },
  },
  reported('2025-09-15T02:00:00.000Z', KHCN, RANK, '2025', figure('47', 'Bảng xếp hạng')),
  {
    ...{ at: '2025-11-03T02:00:00.000Z', who: OFFICE, task: 'kh-484-2025/t/11' },
    order: {
      type: 'MeetTaskCondition',
      data: {
        taskId: 'kh-484-2025/t/11',
        effectiveOn: '2025-11-01',
        dueOn: '2026-03-31',
        evidence: `${ILLUSTRATIVE}: Chương trình của Trung ương`,
      },
    },
  },
  {
    ...{ at: '2025-12-20T02:00:00.000Z', who: OFFICE, task: 'kh-484-2025/t/8' },
    order: {
      type: 'CompleteTask',
      data: {
        taskId: 'kh-484-2025/t/8',
        effectiveOn: '2025-12-19',
        year: null,
        result: `${ILLUSTRATIVE}: Quyết định ban hành quy trình nội bộ`,
        evidence: null,
      },
    },
  },
  reported('2026-01-09T02:00:00.000Z', REPORTER, ONLINE, '2025', figure('71', 'Báo cáo năm 2025')),
  {
    ...{ at: '2026-01-12T02:00:00.000Z', who: OFFICE, indicator: ONLINE },
    order: {
      type: 'ReturnMeasurement',
      data: {
        indicatorId: ONLINE,
        measurementId: `${ONLINE}@2025#1`,
        reason: why('two offices counted twice'),
        legalBasis: null,
      },
    },
  },
  {
    ...{ at: '2026-01-14T02:00:00.000Z', who: REPORTER, indicator: ONLINE },
    order: {
      type: 'CorrectMeasurement',
      data: {
        indicatorId: ONLINE,
        measurementId: `${ONLINE}@2025#1`,
        ...figure('59', 'Báo cáo năm 2025, bản sửa'),
        reason: why('the two offices taken out'),
        legalBasis: null,
      },
    },
  },
  accepted('2026-01-15T02:00:00.000Z', `${ONLINE}@2025#1`),
  {
    ...{ at: '2026-02-10T02:00:00.000Z', who: OFFICE, indicator: ONLINE },
    order: {
      type: 'SetTarget',
      data: {
        indicatorId: ONLINE,
        milestone: '2030',
        notation: '≥ 90',
        effectiveOn: '2026-01-01',
        reason: why('raised to the national target'),
        legalBasis: basis('245/QĐ-UBND', '2026-01-28'),
      },
    },
  },
  {
    ...{ at: '2026-03-02T02:00:00.000Z', who: OFFICE, indicator: TFP },
    order: {
      type: 'RecordBenchmark',
      data: {
        indicatorId: TFP,
        benchmark: 'national-average',
        value: '31.5',
        period: '2025',
        source: ILLUSTRATIVE,
        effectiveOn: '2026-03-01',
      },
    },
  },
  {
    ...{ at: '2026-03-05T02:00:00.000Z', who: OFFICE, indicator: SKILLS },
    order: {
      type: 'ReadCriterion',
      data: {
        indicatorId: SKILLS,
        milestone: 'yearly',
        criterion: { kind: 'growth', low: '1', high: '2' },
        reason: why('read as relative growth per year'),
      },
    },
  },
  reported('2026-07-07T02:00:00.000Z', REPORTER, ONLINE, '2026-Q2', figure('63', 'Báo cáo quý II/2026')),
  {
    ...{ at: '2026-07-20T02:00:00.000Z', who: OFFICE, task: 'kh-484-2025/t/10' },
    order: {
      type: 'ReportTaskProgress',
      data: {
        taskId: 'kh-484-2025/t/10',
        effectiveOn: '2026-07-20',
        agencyId: null,
        note: `${ILLUSTRATIVE}: Dự thảo đã lấy ý kiến`,
        evidence: null,
      },
    },
  },
];

/**
 * Writes the five documents and an illustrative year into an empty data folder, each event at its own time in the past.
 * A folder that has events already is left as it is. A stop leaves the beginning of it.
 */
export const writeDemo = async ({ dataDir, load: folder }: Config, stopping: AbortSignal): Promise<void> => {
  if (folder === null) throw new Impossible('The demo needs the documents: SO_CAI_LOAD is empty.');
  const clock = new StoryClock();
  const ledger = await openLedger(dataDir, clock, say);
  try {
    if ((await ledger.events.head()) !== null) return;
    const files = await readFolder(folder);
    const moments = [
      ...ENTERED.map(([planId, at], index) => ({ at, tell: () => enter(files, index, planId) })),
      ...STORY.map((step) => ({ at: step.at, tell: () => take(step) })),
      ...DECREES.map((decree) => ({
        at: `${decree.effectiveOn}T01:00:00.000Z`,
        tell: () => reorganize(decree),
      })),
    ].sort((a, b) => (a.at < b.at ? -1 : 1));
    const { events, states, ids, firstOf } = ledger;
    const writing = { events, states, clock, ids, firstOf };
    const enter = async (all: Files, index: number, planId: string) => {
      const { problems } = await load(
        writing,
        only(
          all,
          ENTERED.slice(0, index + 1).map(([id]) => id),
        ),
        OFFICE,
        { dryRun: false },
      );
      if (problems.length > 0) throw new Impossible(`${planId} cannot be loaded: ${problems[0]?.message}`);
    };
    const asked = (actor: Actor): Request => ({
      actor,
      correlationId: ledger.ids.next(),
      repeatable: null,
      ifMatch: null,
    });
    const [indicators, tasks] = [new IndicatorHandler(writing), new TaskHandler(writing)];
    const take = async (step: Step) => {
      const request = asked(step.who);
      if ('indicator' in step)
        await indicators.execute(new OrderIndicator(step.indicator, step.order, request));
      else await tasks.execute(new OrderTask(step.task, step.order, request));
    };
    const agencies = new AgencyHandler(writing, holdingsOf(writing, ledger.questions));
    const decrees = new ReorganizationHandler(writing, ledger.questions);
    const reorganizer = new Reorganizer(writing, ledger.questions);
    const reorganize = async (decree: Decree) => {
      for (const unnamed of UNNAMED) {
        const data = { ...unnamed, establishedOn: null };
        await agencies.execute(
          new OrderAgency(unnamed.agencyId, { type: 'EstablishAgency', data }, asked(OFFICE)),
        );
      }
      const order = { type: 'DecreeReorganization', data: decree } as const;
      await decrees.execute(new OrderReorganization(decree.reorganizationId, order, asked(OFFICE)));
      await reorganizer.sweep();
    };
    for (const { at, tell } of moments) {
      if (stopping.aborted)
        return say(`${dataDir} holds the beginning of the demo: delete it to begin anew.`);
      clock.at(at);
      await tell();
    }
    say(`wrote the documents and an illustrative year into ${dataDir}`);
  } finally {
    await ledger.close();
  }
};

/** The tables with only some of the plans. */
const only = (files: Files, planIds: readonly string[]): Files => {
  const [header = '', ...rows] = (files.get(PLANS) ?? '').split('\n');
  const kept = rows.filter((row) => planIds.some((id) => row.startsWith(`${id},`)));
  const theirs = [...files].filter(
    ([file]) => !file.includes('/') || planIds.some((id) => file.startsWith(`${id}/`)),
  );
  return new Map([...theirs, [PLANS, [header, ...kept, ''].join('\n')]]);
};
