import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Row } from '../../../projections/projection.js';
import { type ReorganizationRow, reorganizations } from '../../../projections/reorganizations.js';
import { holdersAt } from '../../domain/assignment.js';
import { streamOf } from '../../domain/events.js';
import type { AssignmentRole, Move } from '../../domain/indicator/events.js';
import type { Actor, LegalBasis, SubjectKind, SubjectRef } from '../../domain/message.js';
import { allocationOf } from '../../domain/reorganization/allocation.js';
import { reorganizationDecider, reorganizationExists } from '../../domain/reorganization/decider.js';
import type { Decree } from '../../domain/reorganization/events.js';
import { ending, turnsBackOn } from '../../domain/reorganization/reorganization.js';
import { valueAt } from '../../domain/timeline.js';
import type { Clock } from '../../ports/clock.js';
import { NotFound } from '../errors.js';
import type { Writing } from '../handle.js';
import type { When } from '../moment.js';
import { authorise } from '../policy.js';
import { MAX_WAIT_MS, Questions } from '../questions.js';
import { Reader } from '../reader.js';
import { type Affected, affectedBy, givenTo, placesOf } from '../reorganization/affected.js';
import { AsDecreed, type Regrouping } from '../reorganization/collectives.js';
import { carriedOut } from '../reorganization/earlier.js';
import { changesIn, type Lead } from '../reorganization/leaders.js';
import { nowhere, planned } from '../reorganization/planning.js';
import { WRITING } from '../tokens.js';
import { type AuditEntry, entriesOf, OF_ENTRIES } from '../trail/entries.js';
import { type Page, type Paging, paged } from './paging.js';

type State = 'applying' | 'applied' | 'revoking' | 'revoked';

/** A decree and how far it has come; `revoking` until everything that its revocation gives back has been recorded. */
export type ReorganizationItem = Decree & { readonly id: string; readonly state: State };

export type ReorganizationAnswer = ReorganizationItem & {
  readonly applied: ReorganizationRow['applied'];
  readonly revoked: ReorganizationRow['revoked'];
  readonly turnedBack: ReorganizationRow['turnedBack'];
  /** Everything that was done because of the decree, in order: transfers, agencies, collectives. */
  readonly caused: readonly Row<AuditEntry>[];
  /** What a revocation gave back. */
  readonly givenBack: readonly Row<AuditEntry>[];
  /**
   * Of a revoked decree: what it changed and nothing gave back, since it was stated anew or has ended. Null while that is
   * not known, for more may be given back yet.
   */
  readonly leftAlone: readonly LeftAlone[] | null;
  readonly revision: number;
  readonly position: string | null;
};

export interface LeftAlone {
  readonly subject: { readonly kind: SubjectKind | 'agency'; readonly id: string };
  /** Null for the members or the name of an agency. */
  readonly role: AssignmentRole | null;
  /** The day of the entry that the decree made. */
  readonly effectiveOn: string;
}

export class ReorganizationsQuery extends Query<Page<ReorganizationItem>> {
  constructor(
    readonly asked: When & { readonly after?: string | undefined },
    readonly paging: Paging,
  ) {
    super();
  }
}

export class ReorganizationQuery extends Query<ReorganizationAnswer> {
  constructor(
    readonly id: string,
    readonly after: string | undefined,
    readonly actor: Actor,
  ) {
    super();
  }
}

/** The list reads the trail's checkpoint too: what is given back stands in the trail, and both say the same. */
const READ = [reorganizations.name, ...OF_ENTRIES];

const itemOf = (row: ReorganizationRow): ReorganizationItem => ({
  id: row.id,
  ...row.decree,
  state: stateOf(row),
});

const stateOf = ({ revoked, turnedBack, applied }: ReorganizationRow): State => {
  if (revoked) return turnedBack ? 'revoked' : 'revoking';
  return applied ? 'applied' : 'applying';
};

@QueryHandler(ReorganizationsQuery)
export class ReorganizationsHandler implements IQueryHandler<ReorganizationsQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ asked, paging }: ReorganizationsQuery): Promise<Page<ReorganizationItem>> {
    const moment = await this.questions.moment(asked, READ, asked.after);
    const rows = await this.questions.facts.reorganizations(moment);
    const items = rows.map(itemOf);
    const sorting = {
      by: (item: ReorganizationItem) => item.effectiveOn,
      key: (item: ReorganizationItem) => item.id,
      descending: false,
    };
    return paged(items, sorting, paging, moment);
  }
}

@QueryHandler(ReorganizationQuery)
export class ReorganizationQueryHandler implements IQueryHandler<ReorganizationQuery> {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  async execute({ id, after, actor }: ReorganizationQuery): Promise<ReorganizationAnswer> {
    const moment = await this.questions.moment({}, READ, after);
    const row = await this.questions.facts.reorganization(id, moment);
    if (!row) throw new NotFound(`There is no reorganization ${id}.`);
    const own = await this.questions.facts.history(streamOf('reorganization', id), moment);
    const causedBy = async (type: string) => {
      const event = own.find((one) => one.type === type);
      const rows = event
        ? await this.questions.facts.trail({
            causationId: { equals: event.id },
            position: { to: moment.position ?? '' },
          })
        : [];
      return entriesOf(rows, actor, this.questions, moment);
    };
    const caused = await causedBy('ReorganizationDecreed');
    const back = row.revoked ? await causedBy('ReorganizationRevoked') : [];
    const givenBack = back.filter(({ type }) => type !== 'ReorganizationTurnedBack');
    return {
      ...itemOf(row),
      applied: row.applied,
      revoked: row.revoked,
      turnedBack: row.turnedBack,
      caused,
      givenBack,
      leftAlone: row.revoked
        ? row.turnedBack && standing(caused, givenBack, turnsBackOn(row.decree, row.revoked))
        : [],
      revision: own.length - 1,
      position: moment.position,
    };
  }
}

/** What a decree states of assignments, members and names, and its revocation gave back. */
const STATED: ReadonlySet<string> = new Set(['AssignmentTransferred', 'AgencyGroupChanged', 'AgencyRenamed']);

/** What a decree changed, by subject and role, and its revocation gave back on none of its days. */
const standing = (
  caused: readonly AuditEntry[],
  givenBack: readonly AuditEntry[],
  day: string,
): readonly LeftAlone[] => {
  const key = ({ about, type, role, effectiveOn }: AuditEntry) =>
    [about, type, role, [effectiveOn ?? day, day].sort()[1]].join('|');
  const returned = new Set(givenBack.map(key));
  const left = new Map<string, LeftAlone>();
  for (const entry of caused) {
    const { type, subject, role, effectiveOn } = entry;
    if (!STATED.has(type) || effectiveOn === null) continue;
    if (!returned.has(key(entry)))
      left.set(key(entry), { subject: subject as LeftAlone['subject'], role, effectiveOn });
  }
  return [...left.values()];
};

export interface PreviewMove {
  readonly subject: SubjectRef;
  readonly title: string;
  readonly role: AssignmentRole;
  readonly effectiveOn: string;
  readonly moves: readonly Move[];
  readonly allocation: string | null;
}

/** Who leaves a collective, and who comes into it, from a day on. */
export interface PreviewRegrouping {
  readonly group: string;
  readonly effectiveOn: string;
  readonly leaves: readonly string[];
  readonly joins: readonly string[];
  /** How many indicators and tasks the collective leads on that day. */
  readonly leads: number;
}

/** What a decree would do. Who takes over a lead may report from its day on, and who hands over may not any more. */
export interface PreviewAnswer {
  readonly plans: readonly { readonly planId: string; readonly moves: readonly PreviewMove[] }[];
  readonly unallocated: readonly {
    readonly subject: SubjectRef;
    readonly role: AssignmentRole;
    readonly agency: string;
  }[];
  readonly ending: readonly string[];
  readonly collectives: readonly PreviewRegrouping[];
  /**
   * How many leads each agency gains and hands over, itself or through a collective, and from which day its reporters
   * may, or may no longer, report.
   */
  readonly reporting: readonly {
    readonly agency: string;
    readonly gains: number;
    readonly handsOver: number;
    readonly from: string;
  }[];
}

export class PreviewQuery extends Query<PreviewAnswer> {
  constructor(
    readonly decree: Omit<Decree, 'legalBasis'> & { readonly legalBasis: LegalBasis | null },
    readonly actor: Actor,
  ) {
    super();
  }
}

/** Decides the decree as if it were made, and writes nothing. @throws Rejected, Busy as the decree itself would be */
@QueryHandler(PreviewQuery)
export class PreviewHandler implements IQueryHandler<PreviewQuery> {
  private readonly reader: Reader;
  private readonly clock: Clock;

  constructor(
    @Inject(WRITING) { states, clock }: Writing,
    @Inject(Questions) private readonly questions: Questions,
  ) {
    this.reader = new Reader(states);
    this.clock = clock;
  }

  async execute({ decree: asked, actor }: PreviewQuery): Promise<PreviewAnswer> {
    await authorise(actor, 'PreviewReorganization', null);
    if (await this.reader.decree(asked.reorganizationId)) throw reorganizationExists();
    const named = [...asked.predecessors, ...asked.successors];
    await carriedOut(this.questions, named, MAX_WAIT_MS);
    const { given: known, heirs } = await givenTo(named, this.reader, this.clock.now(), 'preview');
    const [decreed] = reorganizationDecider.decide(
      {
        ...{ type: 'DecreeReorganization', data: asked, given: known, affected: [] },
        nowhere: await nowhere(asked.allocations, this.reader),
      },
      null,
    );
    const decree = decreed?.data as Decree;
    const affected = await affectedBy(decree, this.questions, this.reader);
    const plans = new Map<string, PreviewMove[]>();
    const leads = new Map<string, Lead>();
    for (const { of: one, transfers } of await planned(decree, affected, known, heirs, this.questions)) {
      for (const { role, effectiveOn, facts } of transfers) {
        const [first] = facts;
        if (first?.type !== 'AssignmentTransferred') continue;
        // Who comes to lead leaves the coordinating agencies.
        const moved = facts.map(({ data }) => ({
          ...{ subject: one.subject, title: one.title, role: data.role, effectiveOn, moves: data.moves },
          allocation: 'allocation' in data ? data.allocation : null,
        }));
        plans.set(one.planId, [...(plans.get(one.planId) ?? []), ...moved]);
        if (role !== 'lead' || effectiveOn !== decree.effectiveOn) continue;
        leads.set(keyOf(one), { before: leadersOf(one, effectiveOn), after: first.data.agencies });
      }
    }
    const groups = (await this.questions.facts.groups({ known: undefined })).map(({ id }) => id);
    const { after, regrouped } = await AsDecreed.of(decree, groups, this.reader);
    const led = await this.ledBy(regrouped, decree);
    for (const one of led) {
      const before = leadersOf(one, decree.effectiveOn);
      if (!leads.has(keyOf(one))) leads.set(keyOf(one), { before, after: before });
    }
    const lives = { before: this.reader, after };
    const changes = await changesIn([...leads.values()], lives, decree.effectiveOn);
    const unallocated = placesOf(affected, decree).filter(
      (place) => allocationOf(decree.allocations, place) === null,
    );
    return {
      plans: [...plans].sort(([a], [b]) => (a < b ? -1 : 1)).map(([planId, moves]) => ({ planId, moves })),
      unallocated: unallocated.map(({ subject, role, agency }) => ({ subject, role, agency })),
      ending: ending(decree),
      collectives: regrouped.map((one) => regroupingOf(one, led)),
      reporting: changes.map(([agency, change]) => ({ agency, ...change, from: decree.effectiveOn })),
    };
  }

  /** What the collectives that change hold, in whatever role. */
  private ledBy(regrouped: readonly Regrouping[], { effectiveOn }: Decree): Promise<readonly Affected[]> {
    const predecessors = [...new Set(regrouped.map(({ group }) => group.id))];
    return affectedBy({ predecessors, effectiveOn }, this.questions, this.reader);
  }
}

const keyOf = ({ subject }: Affected): string => streamOf(subject.kind, subject.id);

const leadersOf = ({ assignments }: Affected, day: string): readonly string[] =>
  holdersAt(assignments, 'lead', day);

const regroupingOf = (
  { group: { id: group, members: then }, effectiveOn, members }: Regrouping,
  held: readonly Affected[],
): PreviewRegrouping => {
  const before = valueAt(then, effectiveOn) ?? [];
  return {
    group,
    effectiveOn,
    leaves: before.filter((member) => !members.includes(member)),
    joins: members.filter((member) => !before.includes(member)),
    leads: held.filter((one) => leadersOf(one, effectiveOn).includes(group)).length,
  };
};
