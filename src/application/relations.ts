import { holdersAt } from '../domain/assignment.js';
import { noSuchFigure } from '../domain/indicator/decider.js';
import type { Measurement } from '../domain/indicator/measurement.js';
import type { Actor } from '../domain/message.js';
import { type Held, responsibleAt } from '../domain/status/responsibility.js';
import { Forbidden } from './errors.js';
import { type Relations, seesUnaccepted } from './policy.js';
import { type Agencies, isAmong } from './reader.js';
import type { Ownership, Standing } from './rights.js';

/** `state` is null for a figure that is being reported. */
type Figure = Pick<Measurement, 'agencyId'> & { readonly state: Measurement['state'] | null };

/** What an agency's standing is read from: the subject as it is at the revision that is written to. */
export interface Subject {
  readonly noun: 'indicator' | 'task';
  readonly held: Held;
  /** The figure that the command is about; null for none. */
  readonly figure: Figure | null;
}

/** Where the rows above a subject are found, and agencies: in their own streams, or in rows. */
export interface Above extends Agencies {
  indicator(id: string): Promise<Held | null | undefined>;
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
    const { agencyId } = this.actor;
    const leads = this.leadsOn(this.today, await this.rows());
    return agencyId !== null && isAmong(this.above, agencyId, leads, this.today);
  }

  async standing(): Promise<Standing> {
    const { agencyId } = this.actor;
    if (agencyId === null) return 'other';
    if (await this.leads()) return 'lead';
    const { assignments } = this.subject.held;
    const coordinating = holdersAt(assignments, 'coordinating', this.today);
    if (await isAmong(this.above, agencyId, coordinating, this.today)) return 'coordinating';
    const rows = await this.rows();
    const led = [];
    for (const day of await this.turns(rows))
      if (await isAmong(this.above, agencyId, this.leadsOn(day, rows), day)) led.push(day);
    if (led.some((day) => day > this.today)) return 'future lead';
    return led.length > 0 ? 'former lead' : 'other';
  }

  /** What an agency reported that answers no more is left to its successors; who still answers does so for itself. */
  async ownership(): Promise<Ownership | null> {
    const { figure } = this.subject;
    if (figure === null) return null;
    if (figure.agencyId === null) return 'of others';
    if (figure.agencyId === this.actor.agencyId) return 'own';
    const leads = this.leadsOn(this.today, await this.rows());
    return (await isAmong(this.above, figure.agencyId, leads, this.today)) ? 'of others' : 'left';
  }

  refusal(standing: Standing, ownership: Ownership | null): Error {
    const agency = this.actor.agencyId ?? 'Your agency';
    if (ownership === null) return new Forbidden(`${agency} ${WHY_NOT[standing](this.subject.noun)}.`);
    const { figure } = this.subject;
    const of = figure?.agencyId ?? null;
    // Whoever may not see a figure is told what would be told if there were none.
    if (figure?.state && figure.state !== 'accepted' && !seesUnaccepted(this.actor, ownership))
      return noSuchFigure();
    return new Forbidden(
      `This figure is ${of === null ? 'the office’s' : `of ${of}`}: each answers for its own.`,
    );
  }

  private leadsOn(day: string, rows: readonly Held[]): readonly string[] {
    const find = (id: string) => rows.find((row) => row.id === id);
    return responsibleAt(this.subject.held, 'lead', day, find).agencies;
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
};
