import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { agencyPortfolio } from '../../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../../projections/agency-registry.js';
import type { Row } from '../../../projections/projection.js';
import { type Agency, dissolutionAt, membersAt, nameAt } from '../../domain/agency/agency.js';
import type { AgencyLevel } from '../../domain/agency/events.js';
import type { Actor } from '../../domain/message.js';
import { entriesUntil } from '../../domain/timeline.js';
import { NotFound } from '../errors.js';
import type { Facts } from '../facts.js';
import { Heirs } from '../heirs.js';
import type { Moment, Placed, When } from '../moment.js';
import { Questions } from '../questions.js';
import { matches, type Page, type Paging, paged } from './paging.js';
import { Board, OF_BOARDS, type Reading, type StatusItem } from './plan-status.js';
import { OF_TASKS, type TaskItem, taskItems } from './tasks.js';

export interface AgencyItem {
  readonly id: string;
  readonly kind: 'agency' | 'group';
  readonly name: string;
  readonly shortName: string | null;
  readonly level: AgencyLevel;
  readonly aliases: readonly string[];
  readonly members: readonly string[];
  readonly establishedOn: string | null;
  readonly dissolvedOn: string | null;
  readonly successors: readonly string[];
}

export type AgenciesAsked = When & { readonly q?: string | undefined; readonly after?: string | undefined };

export class AgenciesQuery extends Query<Page<AgencyItem>> {
  constructor(
    readonly asked: AgenciesAsked,
    readonly paging: Paging,
  ) {
    super();
  }
}

export type AgencyAnswer = AgencyItem & {
  readonly facts: Agency;
  readonly revision: number;
  readonly asOf: string;
  readonly knownAt: string | null;
  readonly position: string | null;
};

export class AgencyQuery extends Query<AgencyAnswer> {
  constructor(
    readonly id: string,
    readonly asked: AgenciesAsked,
  ) {
    super();
  }
}

@QueryHandler(AgenciesQuery)
export class AgenciesHandler implements IQueryHandler<AgenciesQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, paging }: AgenciesQuery): Promise<Page<AgencyItem>> {
    const moment = await this.questions.moment(asked, [agencyRegistry.name], asked.after);
    const items = (await this.questions.facts.agencies(moment))
      .filter((agency) => matches(asked.q, agency.id, ...agency.aliases, ...namesUntil(agency, moment)))
      .map((agency) => itemOf(agency, moment));
    return paged(items, { by: (item) => item.id, key: (item) => item.id, descending: false }, paging, moment);
  }
}

@QueryHandler(AgencyQuery)
export class AgencyQueryHandler implements IQueryHandler<AgencyQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, asked }: AgencyQuery): Promise<AgencyAnswer> {
    const moment = await this.questions.moment(asked, [agencyRegistry.name], asked.after);
    const row = await this.questions.facts.agency(id, moment);
    if (!row) throw new NotFound(`There is no agency ${id}.`);
    const { position: _, revision, ...facts } = row;
    return {
      ...itemOf(facts, moment),
      facts,
      revision,
      asOf: moment.asOf,
      knownAt: moment.knownAt,
      position: moment.position,
    };
  }
}

/** What it is called on the day, and was called before: older documents go on naming it so. */
const namesUntil = (agency: Agency, { asOf }: Pick<Moment, 'asOf'>): (string | null)[] =>
  [nameAt(agency, asOf), ...entriesUntil(agency.names, asOf).map(({ value }) => value)].flatMap(
    ({ name, shortName }) => [name, shortName],
  );

const itemOf = (agency: Agency, { asOf }: Pick<Moment, 'asOf'>): AgencyItem => {
  const { id, kind, level, aliases, establishedOn } = agency;
  const dissolved = dissolutionAt(agency, asOf);
  return {
    ...{ id, kind, level, aliases, establishedOn },
    ...nameAt(agency, asOf),
    members: membersAt(agency, asOf),
    dissolvedOn: dissolved?.effectiveOn ?? null,
    successors: dissolved?.successors ?? [],
  };
};

/** One subject that an agency holds; `via` names the collective or the row above through which it does. */
export type PortfolioItem = {
  readonly role: 'lead' | 'coordinating';
  readonly via: string | null;
} & (
  | {
      readonly subject: { readonly kind: 'indicator'; readonly id: string };
      readonly indicator: StatusItem;
      readonly task: null;
    }
  | {
      readonly subject: { readonly kind: 'task'; readonly id: string };
      readonly indicator: null;
      readonly task: TaskItem;
    }
);

export type PortfolioAsked = When & {
  readonly as: Reading;
  readonly role?: 'lead' | 'coordinating' | undefined;
  readonly status?: string | undefined;
  readonly after?: string | undefined;
};

export type PortfolioAnswer = Page<PortfolioItem> & {
  readonly agency: AgencyItem;
  /** How many subjects stand at each status; nothing is due any more in a plan that another took the place of. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many of them stand still, since an event of theirs cannot be read. */
  readonly standingStill: number;
};

export class PortfolioQuery extends Query<PortfolioAnswer> {
  constructor(
    readonly agencyId: string,
    readonly asked: PortfolioAsked,
    readonly paging: Paging,
    readonly actor: Actor,
  ) {
    super();
  }
}

const READ = [agencyPortfolio.name, ...OF_BOARDS, ...OF_TASKS];

/** Everything an agency holds on a day, itself, through a collective it belongs to, or through the row above. */
@QueryHandler(PortfolioQuery)
export class PortfolioHandler implements IQueryHandler<PortfolioQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ agencyId, asked, paging, actor }: PortfolioQuery): Promise<PortfolioAnswer> {
    const moment = await this.questions.moment(asked, READ, asked.after);
    const agency = await this.questions.facts.agency(agencyId, moment);
    if (!agency) throw new NotFound(`There is no agency ${agencyId}.`);
    const held = (await this.held(agencyId, asked.as, moment, actor)).filter(
      (item) => asked.role === undefined || item.role === asked.role,
    );
    const counts: Record<string, number> = {};
    for (const item of held) {
      if ((item.indicator ?? item.task).supersededBy !== null) continue;
      const status = statusOf(item) ?? 'without-target';
      counts[status] = (counts[status] ?? 0) + 1;
    }
    const items = held.filter((item) => asked.status === undefined || statusOf(item) === asked.status);
    const sorting = {
      by: (item: PortfolioItem) =>
        `${(item.indicator ?? item.task).planId} ${String((item.indicator ?? item.task).order).padStart(6, '0')}`,
      key: (item: PortfolioItem) => `${item.subject.kind} ${item.subject.id} ${item.role}`,
      descending: false,
    };
    const standingStill = held.filter((item) => (item.indicator ?? item.task).staleSince !== null).length;
    return {
      ...paged(items, sorting, paging, moment),
      agency: itemOf(agency, moment),
      counts,
      standingStill,
    };
  }

  private async held(agencyId: string, as: Reading, moment: Placed, actor: Actor): Promise<PortfolioItem[]> {
    const { facts } = this.questions;
    const day = as === 'inherited' ? moment.today : moment.asOf;
    const groups = (await facts.groups(moment)).filter((group) => membersAt(group, day).includes(agencyId));
    const holders = [agencyId, ...groups.map(({ id }) => id)];
    // What has ended is still another's, and in the inherited reading answered for by those who came after.
    const named = as === 'inherited' ? (await everyone(facts, moment)).withPredecessors(holders) : holders;
    const plans = await this.plansOf(named, moment);
    const items: PortfolioItem[] = [];
    for (const planId of plans) {
      // Judging many plans would hold up everything else.
      await nextTurn();
      const board = await Board.of(facts, planId, moment, { as, figures: 'all', actor });
      const placed = ({ lead, coordinating }: Pick<StatusItem, 'lead' | 'coordinating'>) =>
        place(holders, lead.agencies, coordinating);
      for (const indicator of board.items((held) => placed(held) !== null)) {
        const found = placed(indicator);
        if (!found || indicator.dropped) continue;
        const via =
          found.via ?? (found.role === 'lead' && indicator.lead.from === 'parent' ? indicator.parent : null);
        items.push({
          role: found.role,
          via,
          subject: { kind: 'indicator', id: indicator.id },
          indicator,
          task: null,
        });
      }
      for (const task of await taskItems(
        planId,
        await facts.tasks(planId, moment),
        moment,
        as,
        this.questions,
      )) {
        const found = place(holders, task.lead, task.coordinating);
        if (found && !task.dropped)
          items.push({ ...found, subject: { kind: 'task', id: task.id }, indicator: null, task });
      }
    }
    return items;
  }

  private async plansOf(holders: readonly string[], moment: Placed): Promise<string[]> {
    const rows: Row<{ planId: string | null }>[][] = await Promise.all(
      holders.map((holder) => this.questions.facts.portfolio(holder, moment)),
    );
    return [...new Set(rows.flat().flatMap(({ planId }) => planId ?? []))];
  }
}

/** Every agency and every decree, as far as was known. */
const everyone = async (facts: Facts, moment: Placed): Promise<Heirs> => {
  const agencies = new Map((await facts.agencies(moment)).map((agency) => [agency.id, agency]));
  const decrees = new Map((await facts.reorganizations(moment)).map(({ id, decree }) => [id, decree]));
  const lives = {
    agency: async (id: string) => agencies.get(id),
    decree: async (id: string) => decrees.get(id),
  };
  return Heirs.of(lives, agencies.keys());
};

const statusOf = (item: PortfolioItem): string | null => (item.indicator ?? item.task).status;

/** In which role, and through which collective, the first of some holders stands among the leads or the coordinating. */
const place = (
  holders: readonly string[],
  lead: readonly { id: string }[],
  coordinating: readonly { id: string }[],
): { role: 'lead' | 'coordinating'; via: string | null } | null => {
  const [own] = holders;
  for (const [role, agencies] of [['lead', lead] as const, ['coordinating', coordinating] as const]) {
    const holder = holders.find((id) => agencies.some((agency) => agency.id === id));
    if (holder) return { role, via: holder === own ? null : holder };
  }
  return null;
};
