import type { Allocation } from '../../src/domain/reorganization/events.js';

/** Every day that a random history speaks of, in order. Between them nothing changes. */
export const DAYS = [
  '2025-01-01',
  '2025-03-01',
  '2025-07-01',
  '2026-01-01',
  '2026-07-01',
  '2027-01-01',
  '2028-01-01',
] as const;
export type Day = (typeof DAYS)[number];

/** A decree as far as leads are concerned. */
export interface NaiveDecree {
  readonly id: string;
  readonly from: Day;
  readonly ends: readonly string[];
  readonly allocations: readonly Allocation[];
}

type Decreed = NaiveDecree & { readonly step: number; undoneFrom: number | null };

/** A place among the leads: whose it is, by which decrees it came there and from whom, and which step put it there. */
interface Place {
  readonly agency: string;
  readonly by: readonly { readonly decree: string; readonly from: string }[];
  readonly step: number;
}

/** One change that was made: which places went, who came, by which decree (null: by a person), at which step. */
interface Change {
  readonly subject: string;
  readonly day: number;
  readonly gone: readonly Place[];
  readonly come: string | null;
  readonly decree: string | null;
  readonly step: number;
}

/** A day from which a revocation stated who leads: a change made after it for an earlier day ends there, too. */
interface Return {
  readonly subject: string;
  readonly day: number;
  /** How many changes had been made by then. */
  readonly after: number;
}

/** Who leads what, written out: a list of places for each subject and day. */
class Table {
  private readonly cells = new Map<string, Place[][]>();
  /** The days on which something was stated: a change for an earlier day ends there. */
  private readonly stated = new Map<string, Set<number>>();

  constructor(
    changes: readonly Change[],
    private readonly without: ReadonlySet<string>,
    private readonly returns: readonly Return[],
  ) {
    for (const [index, change] of changes.entries())
      if (!without.has(change.decree ?? '')) this.make(change, index);
  }

  at(subject: string, day: number): readonly Place[] {
    return this.cells.get(subject)?.[day] ?? [];
  }

  days(subject: string): readonly number[] {
    return [...(this.stated.get(subject) ?? [])];
  }

  private make(change: Change, index: number): void {
    const { subject, day: first, gone } = change;
    const names = new Set(gone.map((place) => this.nameHere(place)));
    const stated = this.stated.get(subject) ?? new Set();
    const cells = this.cells.get(subject) ?? DAYS.map((): Place[] => []);
    const returned = this.returns.filter((one) => one.subject === subject && one.after <= index);
    const ends = (day: number) => stated.has(day) || returned.some((one) => one.day === day);
    for (let day = first; day < DAYS.length && (day === first || !ends(day)); day += 1) {
      const cell = cells[day] as Place[];
      const stay = cell.filter(({ agency }) => !names.has(agency));
      const left = cell.filter(({ agency }) => names.has(agency));
      cells[day] = [...stay, ...this.arriving(change, left, stay)];
    }
    this.cells.set(subject, cells);
    this.stated.set(subject, stated.add(first));
  }

  /** Whose a place was that somebody saw, in a table where some decrees were never made. */
  private nameHere({ agency, by }: Place): string {
    return by.find(({ decree }) => this.without.has(decree))?.from ?? agency;
  }

  private arriving({ come, decree, step }: Change, left: readonly Place[], stay: readonly Place[]): Place[] {
    if (come === null) return [];
    if (decree === null || left.length === 0)
      return stay.some(({ agency }) => agency === come) && left.length === 0
        ? []
        : [{ agency: come, by: [], step }];
    return left.map(({ agency, by }) => ({ agency: come, by: [...by, { decree, from: agency }], step }));
  }
}

/**
 * Who leads what, day by day. A revoked decree is one that was never made, from the day on that undoes it; whoever acted
 * on what it moved has acted on what would have been there instead. It knows of no events, timelines or streams.
 */
export class NaiveLeads {
  private readonly changes: Change[] = [];
  private readonly decrees: Decreed[] = [];
  private readonly returns: Return[] = [];
  private readonly recordedOn: string[] = [];

  constructor(private readonly subjects: readonly string[]) {}

  /** Begins the next step. */
  step(recordedOn: string): void {
    this.recordedOn.push(recordedOn);
  }

  assign(subject: string, agency: string, from: Day): void {
    const day = DAYS.indexOf(from);
    if (!this.named(subject, day).includes(agency)) this.change(subject, day, [], agency, null);
  }

  release(subject: string, agency: string, from: Day): void {
    this.handOn(subject, DAYS.indexOf(from), agency, null);
  }

  transfer(subject: string, agency: string, to: string, from: Day): void {
    this.handOn(subject, DAYS.indexOf(from), agency, to);
  }

  decree(decree: NaiveDecree): void {
    this.decrees.push({ ...decree, step: this.now, undoneFrom: null });
  }

  revoke(id: string, from: Day): void {
    const decree = this.decrees.find((one) => one.id === id);
    if (!decree) return;
    const first = Math.max(DAYS.indexOf(from), DAYS.indexOf(decree.from));
    const days = DAYS.map((_, day) => day).filter((day) => day >= first);
    const leads = (subject: string, day: number) => this.named(subject, day).sort().join();
    const before = new Map(
      this.subjects.map((subject) => [subject, days.map((day) => leads(subject, day))] as const),
    );
    decree.undoneFrom = first;
    for (const subject of this.subjects) {
      const stated = new Set([first, ...this.statedDays(subject, new Table(this.changes, new Set(), []))]);
      for (const [index, day] of days.entries())
        if (stated.has(day) && leads(subject, day) !== before.get(subject)?.[index])
          this.returns.push({ subject, day, after: this.changes.length });
    }
  }

  private statedDays(subject: string, table: Table): readonly number[] {
    const returned = this.returns.filter((one) => one.subject === subject).map(({ day }) => day);
    return [...table.days(subject), ...returned];
  }

  /** Does what follows from every decree, until nothing more does. */
  settle(): void {
    for (let before = -1; before !== this.changes.length; ) {
      before = this.changes.length;
      for (const decree of [...this.decrees].sort(inOrder))
        for (const subject of this.subjects) this.move(subject, decree);
    }
  }

  leads(subject: string, day: Day): string[] {
    return this.named(subject, DAYS.indexOf(day)).sort();
  }

  private get now(): number {
    return this.recordedOn.length - 1;
  }

  private on(day: number): Table {
    const undone = this.decrees.filter(({ undoneFrom }) => undoneFrom !== null && undoneFrom <= day);
    return new Table(this.changes, new Set(undone.map(({ id }) => id)), this.returns);
  }

  private named(subject: string, day: number): string[] {
    const found = this.on(day).at(subject, day);
    return [...new Set(found.map(({ agency }) => this.heir(agency, subject, day)))];
  }

  private handOn(subject: string, day: number, agency: string, to: string | null): void {
    const gone = this.on(day)
      .at(subject, day)
      .filter((place) => place.agency === agency);
    if (gone.length > 0) this.change(subject, day, gone, to, null);
  }

  private change(
    subject: string,
    day: number,
    gone: readonly Place[],
    come: string | null,
    decree: string | null,
  ): void {
    this.changes.push({ subject, day, gone, come, decree, step: this.now });
  }

  private move(subject: string, decree: Decreed): void {
    const first = DAYS.indexOf(decree.from);
    const days = this.statedDays(subject, this.on(DAYS.length - 1));
    const last = decree.undoneFrom ?? DAYS.length;
    const isIts = (day: number) => first <= day && day < last;
    for (const day of new Set([first, ...[...days].sort((a, b) => a - b)].filter(isIts))) {
      const places = this.on(day).at(subject, day);
      for (const agency of new Set(places.map((place) => place.agency))) {
        const mine = places.filter((place) => place.agency === agency);
        const taker = this.taker(decree, subject, agency);
        if (taker === null || !this.isMeant(decree, mine)) continue;
        // A revoked decree moves nothing any more, but from who was not there while it was in force.
        if (decree.undoneFrom !== null && !decree.ends.includes(agency)) continue;
        const to = this.heir(taker, subject, day);
        if (to !== agency) this.change(subject, day, mine, to, decree.id);
      }
    }
  }

  private taker({ allocations }: NaiveDecree, subject: string, agency: string): string | null {
    const mine = allocations.filter(({ predecessor }) => predecessor === agency);
    const own = mine.find(({ scope }) => 'id' in scope && scope.id === subject);
    return (own ?? mine.find(({ scope }) => scope.kind === 'all'))?.successor ?? null;
  }

  private isMeant(decree: Decreed, places: readonly Place[]): boolean {
    if (places.some(({ agency }) => decree.ends.includes(agency))) return true;
    const last = Math.max(...places.map(({ step }) => step));
    const by = this.decrees.find(({ id }) =>
      places.some((one) => one.step === last && one.by.at(-1)?.decree === id),
    );
    if (by && inOrder(decree, by) < 0) return false;
    return last < decree.step || (this.recordedOn[last] as string) < decree.from;
  }

  private heir(agency: string, subject: string, day: number): string {
    const decree = this.decrees.find(
      ({ ends, from, undoneFrom }) =>
        ends.includes(agency) && DAYS.indexOf(from) <= day && (undoneFrom === null || day < undoneFrom),
    );
    const next = decree ? this.taker(decree, subject, agency) : null;
    return next === null ? agency : this.heir(next, subject, day);
  }
}

/** Decrees hold in the order of their days, and of one day in the order they were made in. */
const inOrder = (a: Decreed, b: Decreed): number =>
  a.from === b.from ? a.step - b.step : a.from < b.from ? -1 : 1;
