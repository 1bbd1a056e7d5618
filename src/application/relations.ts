import { holdersAt } from '../domain/assignment.js';
import { absenceOn } from '../domain/given.js';
import { noSuchFigure } from '../domain/indicator/decider.js';
import type { Measurement } from '../domain/indicator/measurement.js';
import type { Actor } from '../domain/message.js';
import type { Plan } from '../domain/plan/plan.js';
import { heldOn } from '../domain/status/ended.js';
import { type Held, type Responsibility, responsibleAt } from '../domain/status/responsibility.js';
import { Forbidden } from './errors.js';
import { Heirs, type Lives } from './heirs.js';
import { type Relations, seesUnaccepted } from './policy.js';
import { isAmong } from './reader.js';
import type { Ownership, Standing } from './rights.js';

/** `state` is null for a figure that is being reported. */
type Figure = Pick<Measurement, 'agencyId'> & { readonly state: Measurement['state'] | null };

/** What an agency's standing is read from: the subject as it is at the revision that is written to. */
export interface Subject {
  readonly noun: 'indicator' | 'task';
  readonly held: Held;
  /** The figure that the command is about, if it is about one: it need not be there. */
  readonly figure: Figure | 'missing' | null;
}

/** Where the plan and the rows above a subject are found, agencies and decrees: in their own streams, or in rows. */
export interface Above extends Lives {
  indicator(id: string): Promise<Held | null | undefined>;
  plan(id: string): Promise<Pick<Plan, 'closed'> | null | undefined>;
}

/** How an actor's agency stands to a subject on a day. */
export class AgencyRelations implements Relations {
  constructor(
    private readonly above: Above,
    private readonly actor: Actor,
    private readonly subject: Subject,
    private readonly today: string,
  ) {}

  /** Whether the actor's agency leads the subject on the day. */
  async leads(): Promise<boolean> {
    const agencyId = await this.speaking();
    return agencyId !== null && this.answers(agencyId, await this.leaders());
  }

  async standing(): Promise<Standing> {
    const agencyId = await this.speaking();
    if (agencyId === null) return this.actor.agencyId === null ? 'other' : 'collective';
    if (await this.leads()) return 'lead';
    const { assignments } = this.subject.held;
    const coordinating = holdersAt(assignments, 'coordinating', await this.heldOn());
    if (await this.answers(agencyId, coordinating)) return 'coordinating';
    const rows = await this.rows();
    const led = [];
    for (const day of await this.turns(rows))
      if (await isAmong(this.above, agencyId, this.leadsOn(day, rows), day)) led.push(day);
    if (led.some((day) => day > this.today)) return 'future lead';
    return led.length > 0 ? 'former lead' : 'other';
  }

  /**
   * Whose a figure is: each agency's that answers its own. What one left that answers no more goes to those of the leads
   * that came after it; where none of them did, to whoever leads now, but for those who led beside it in a collective.
   * @throws Rejected for a figure that is not there
   */
  async ownership(): Promise<Ownership | null> {
    const { figure } = this.subject;
    const { agencyId } = this.actor;
    if (figure === null) return null;
    if (figure === 'missing') throw noSuchFigure();
    if (figure.agencyId === null || agencyId === null) return 'of others';
    if (figure.agencyId === agencyId) return 'own';
    const leads = await this.leaders();
    if (await this.answers(figure.agencyId, leads)) return 'of others';
    const after = await this.after([figure.agencyId], this.subject.held);
    const answering: string[] = [];
    for (const one of after) if (await this.answers(one, leads)) answering.push(one);
    if (answering.length > 0)
      return (await isAmong(this.above, agencyId, answering, this.today)) ? 'left' : 'of others';
    return (await this.wereTogether(figure.agencyId, leads)) ? 'of others' : 'left';
  }

  refusal(standing: Standing, ownership: Ownership | null): Error {
    const agency = this.actor.agencyId ?? 'Your agency';
    if (ownership === null) return new Forbidden(`${agency} ${WHY_NOT[standing](this.subject.noun)}.`);
    const figure = this.subject.figure as Figure;
    const of = figure.agencyId;
    // Whoever may not see a figure is told what would be told if there were none.
    if (figure.state && figure.state !== 'accepted' && !seesUnaccepted(this.actor, ownership))
      return noSuchFigure();
    return new Forbidden(
      `This figure is ${of === null ? 'the office’s' : `of ${of}`}: each answers for its own.`,
    );
  }

  /** The agency that the actor speaks for: none for a collective, each of whose members speaks for itself. */
  private async speaking(): Promise<string | null> {
    const { agencyId } = this.actor;
    const agency = agencyId === null ? null : await this.above.agency(agencyId);
    return agency?.kind === 'group' ? null : agencyId;
  }

  /** Who leads the subject today: those that hold it or, of one that is there no more, those that came after it. */
  private async leaders(): Promise<readonly string[]> {
    const rows = await this.rows();
    const { agencies, row } = this.responsibility(await this.heldOn(), rows);
    return this.after(agencies, row);
  }

  private async heldOn(): Promise<string> {
    const { held } = this.subject;
    return heldOn(this.today, held, await this.above.plan(held.planId));
  }

  /** Who answers today for what agencies hold of a row. */
  private async after(
    agencies: readonly string[],
    { id, planId, section }: Held,
  ): Promise<readonly string[]> {
    const heirs = await Heirs.of(this.above, agencies);
    // Only indicators stand under others, and those are indicators, too.
    const place = { subject: { kind: this.subject.noun, id }, planId, section, role: 'lead' } as const;
    return heirs.ofAll(agencies, place, this.today);
  }

  /** Whether an agency is there today and one of the holders, itself or as a member of a collective. */
  private async answers(agencyId: string, holders: readonly string[]): Promise<boolean> {
    const agency = await this.above.agency(agencyId);
    if (agency && absenceOn(agency, this.today)) return false;
    return isAmong(this.above, agencyId, holders, this.today);
  }

  /** Whether one of the leads is a collective that an agency once was a member of. */
  private async wereTogether(agencyId: string, leads: readonly string[]): Promise<boolean> {
    for (const lead of leads) {
      const group = await this.above.agency(lead);
      if (group?.members.some(({ value }) => value.includes(agencyId))) return true;
    }
    return false;
  }

  private leadsOn(day: string, rows: readonly Held[]): readonly string[] {
    return this.responsibility(day, rows).agencies;
  }

  private responsibility(day: string, rows: readonly Held[]): Responsibility {
    return responsibleAt(this.subject.held, 'lead', day, (id) => rows.find((row) => row.id === id));
  }

  /** The subject, and the rows above it. */
  private async rows(): Promise<readonly Held[]> {
    const rows: Held[] = [this.subject.held];
    for (let parent = this.subject.held.parent; parent !== null; ) {
      const above = await this.above.indicator(parent);
      if (above) rows.push(above);
      parent = above?.parent ?? null;
    }
    return rows;
  }

  /** The days on which another agency may have come to lead, or will. */
  private async turns(rows: readonly Held[]): Promise<ReadonlySet<string>> {
    const entries = rows.flatMap(({ assignments }) => assignments.lead);
    const holders = new Set(entries.flatMap(({ value }) => value.agencies));
    const groups = await Promise.all([...holders].map((id) => this.above.agency(id)));
    const members = groups.flatMap((group) => group?.members ?? []);
    return new Set([...entries, ...members].map(({ effectiveOn }) => effectiveOn));
  }
}

const WHY_NOT: Readonly<Record<Standing, (noun: Subject['noun']) => string>> = {
  lead: (noun) => `leads this ${noun}, which is not enough`,
  coordinating: (noun) => `coordinates this ${noun} and does not lead it`,
  'future lead': (noun) => `does not lead this ${noun} yet`,
  'former lead': (noun) => `does not lead this ${noun} any more`,
  other: (noun) => `does not lead this ${noun} today`,
  collective: () => 'is a collective: each of its members answers for itself',
};
