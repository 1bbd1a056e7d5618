import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { planOverview } from '../../../projections/plan-overview.js';
import { holdersAt } from '../../domain/assignment.js';
import type { AssignmentRole } from '../../domain/indicator/events.js';
import type { JudgedIndicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import type { Plan } from '../../domain/plan/plan.js';
import { heldOn } from '../../domain/status/ended.js';
import { type Judged, judge } from '../../domain/status/judge.js';
import { type Held as HeldRow, responsibleAt } from '../../domain/status/responsibility.js';
import { type Assessment, STATUSES, type Status } from '../../domain/status/verdict.js';
import { valueAt } from '../../domain/timeline.js';
import { NotFound } from '../errors.js';
import type { Facts } from '../facts.js';
import { type IndicatorRow, OF_INDICATORS } from '../indicator-rows.js';
import type { Placed } from '../moment.js';
import { Questions } from '../questions.js';
import { type AgencyRef, Names, OF_NAMES } from './names.js';
import { matches, type Page, type Paging, paged } from './paging.js';
import { visibleFigures } from './visibility.js';

/** The projections that a board is read from. */
export const OF_BOARDS: readonly string[] = [...OF_INDICATORS, planOverview.name, ...OF_NAMES];

/** Who held it on the asked day, or who answers for it now. */
export type Reading = 'assigned' | 'inherited';

export interface StatusAsked {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly as: Reading;
  readonly figures: 'all' | 'accepted';
  readonly status?: Status | undefined;
  readonly agency?: string | undefined;
  readonly section?: string | undefined;
  readonly milestone?: string | undefined;
  readonly q?: string | undefined;
  readonly sort: 'order' | 'status' | 'code' | 'title';
  readonly descending: boolean;
  readonly after?: string | undefined;
}

/** One indicator's status, as the office and the auditor read it. */
export interface StatusItem {
  readonly id: string;
  readonly planId: string;
  readonly code: string;
  readonly order: number;
  readonly title: string;
  readonly unit: string | null;
  readonly section: string | null;
  readonly parent: string | null;
  readonly lead: { readonly agencies: readonly AgencyRef[]; readonly from: 'own' | 'parent' | 'unassigned' };
  readonly coordinating: readonly AgencyRef[];
  /** Null where nothing is asked of it: a group whose children have no target, or a row without one. */
  readonly status: Status | null;
  readonly verdict: Assessment | null;
  /** Of a group: its children's counts and the worst of them. */
  readonly children: Judged['children'];
  readonly dropped: string | null;
  readonly supersededBy: string | null;
  /** Position of an event that cannot be read: what it and later ones say may be missing. Null for an item that is whole. */
  readonly staleSince: string | null;
}

/** Who holds an indicator. */
type Held = Pick<StatusItem, 'lead' | 'coordinating'>;

export class PlanStatusQuery extends Query<Page<StatusItem>> {
  constructor(
    readonly planId: string,
    readonly asked: StatusAsked,
    readonly paging: Paging,
    readonly actor: Actor,
  ) {
    super();
  }
}

@QueryHandler(PlanStatusQuery)
export class PlanStatusHandler implements IQueryHandler<PlanStatusQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ planId, asked, paging, actor }: PlanStatusQuery): Promise<Page<StatusItem>> {
    const moment = await this.questions.moment(asked, OF_BOARDS, asked.after);
    const board = await Board.of(this.questions.facts, planId, moment, { ...asked, actor });
    const items = board.items().filter((item) => wanted(item, asked));
    const sorting = {
      by: SORTS[asked.sort],
      key: (item: StatusItem) => item.id,
      descending: asked.descending,
      alphabetical: asked.sort === 'code' || asked.sort === 'title',
    };
    return paged(items, sorting, paging, moment);
  }
}

const SORTS: Record<StatusAsked['sort'], (item: StatusItem) => string | number | null> = {
  order: (item) => item.order,
  status: (item) => (item.status ? STATUSES.indexOf(item.status) : STATUSES.length),
  code: (item) => item.code,
  title: (item) => item.title,
};

const wanted = (item: StatusItem, asked: StatusAsked): boolean =>
  (asked.status === undefined || item.status === asked.status) &&
  (asked.agency === undefined || item.lead.agencies.some(({ id }) => id === asked.agency)) &&
  (asked.section === undefined || item.section === asked.section) &&
  (asked.milestone === undefined || item.verdict?.milestone === asked.milestone) &&
  matches(asked.q, item.title, item.code);

interface BoardAsked {
  readonly as: Reading;
  readonly figures: 'all' | 'accepted';
  readonly milestone?: string | undefined;
  readonly actor: Actor;
}

/** A plan's indicators on a day, judged and named. */
export class Board {
  private readonly byId: ReadonlyMap<string, IndicatorRow>;
  private readonly childrenById = new Map<string, IndicatorRow[]>();

  private constructor(
    readonly plan: Plan,
    private readonly indicators: readonly IndicatorRow[],
    private readonly names: Names,
    private readonly moment: Placed,
    private readonly asked: BoardAsked,
  ) {
    this.byId = new Map(indicators.map((indicator) => [indicator.id, indicator]));
    for (const indicator of indicators) {
      if (indicator.parent === null) continue;
      const siblings = this.childrenById.get(indicator.parent) ?? [];
      this.childrenById.set(indicator.parent, [...siblings, indicator]);
    }
  }

  /** @throws NotFound */
  static async of(facts: Facts, planId: string, moment: Placed, asked: BoardAsked): Promise<Board> {
    const plan = await facts.plan(planId, moment);
    if (!plan) throw new NotFound(`There is no plan ${planId}.`);
    const indicators = (await facts.indicators(planId, moment)).map((row) =>
      visibleFigures(row, asked.actor),
    );
    // Of every day: what has ended is judged on its last day, which is neither the asked one nor today.
    const named = indicators.flatMap(({ assignments: { lead, coordinating } }) =>
      [...lead, ...coordinating].flatMap(({ value }) => value.agencies),
    );
    return new Board(plan, indicators, await Names.of(facts, named, moment), moment, asked);
  }

  /** @throws NotFound for one that was not there yet */
  find(id: string): IndicatorRow {
    const found = this.byId.get(id);
    if (!found) throw new NotFound(`There is no indicator ${id}.`);
    return found;
  }

  /**
   * Every indicator that stands on the asked day or was dropped before it, in the annex's order; where those of some
   * holders are wanted, the others are not judged.
   */
  items(isWanted: (held: Held) => boolean = () => true): StatusItem[] {
    return this.indicators
      .filter(({ adoptedOn }) => adoptedOn <= this.moment.asOf)
      .map((indicator) => ({ indicator, held: this.held(indicator) }))
      .filter(({ held }) => isWanted(held))
      .map(({ indicator, held }) => this.item(indicator, held));
  }

  item(indicator: IndicatorRow, held = this.held(indicator)): StatusItem {
    const { asOf } = this.moment;
    const wording = valueAt(indicator.wording, asOf);
    const { status, assessment, children } = this.judged(indicator);
    const verdict =
      this.asked.milestone && assessment ? atMilestone(assessment, this.asked.milestone) : assessment;
    const { superseded } = this.plan;
    return {
      id: indicator.id,
      planId: indicator.planId,
      code: indicator.code,
      order: indicator.order,
      title: wording?.title ?? '',
      unit: wording?.unit ?? null,
      section: indicator.section,
      parent: indicator.parent,
      ...held,
      status: verdict === assessment ? status : (verdict?.status ?? null),
      verdict,
      children,
      dropped:
        indicator.dropped && indicator.dropped.effectiveOn <= asOf ? indicator.dropped.effectiveOn : null,
      supersededBy: superseded && superseded.effectiveOn <= asOf ? superseded.by : null,
      staleSince: indicator.staleSince ?? null,
    };
  }

  private held(indicator: JudgedIndicator): Held {
    const day = this.asked.as === 'inherited' ? this.moment.today : this.moment.asOf;
    const on = heldOn(day, indicator, this.plan);
    const lead = responsibleAt(indicator, 'lead', on, (id) => this.byId.get(id));
    const coordinating = holdersAt(indicator.assignments, 'coordinating', on);
    return {
      lead: { agencies: this.refs(lead.row, 'lead', lead.agencies, day), from: lead.from },
      coordinating: this.refs(indicator, 'coordinating', coordinating, day),
    };
  }

  /** Read as inherited, whoever came after a holder that ended answers. */
  private refs(
    { id, planId, section }: HeldRow,
    role: AssignmentRole,
    held: readonly string[],
    day: string,
  ): readonly AgencyRef[] {
    const place = { subject: { kind: 'indicator', id }, planId, section, role } as const;
    const agencies = this.asked.as === 'inherited' ? this.names.heirs(held, place, day) : held;
    return agencies.map((agency) => this.names.ref(agency, day));
  }

  private judged(indicator: JudgedIndicator): Judged {
    return judge(indicator, this.moment.asOf, {
      plan: this.plan,
      figures: this.asked.figures,
      find: (id) => this.byId.get(id),
      members: (agency, day) => this.names.members(agency, day),
      childrenOf: (id) => this.childrenById.get(id) ?? [],
    });
  }
}

const atMilestone = (assessment: Assessment, milestone: string): Assessment | null => {
  const verdict = assessment.milestones.find((one) => one.milestone === milestone);
  return verdict ? { ...verdict, milestones: assessment.milestones } : null;
};
