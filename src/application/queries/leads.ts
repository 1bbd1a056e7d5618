import { holdersAt } from '../../domain/assignment.js';
import { responsibleAt } from '../../domain/status/responsibility.js';
import type { Facts } from '../facts.js';
import type { Moment } from '../moment.js';
import type { AuditEntry } from '../trail/entries.js';
import { type AgencyRef, Names } from './names.js';
import type { Reading } from './plan-status.js';

/** Who answers for an entry's subject; null for what nobody leads, such as a plan. */
export interface Led {
  readonly lead: readonly AgencyRef[] | null;
}

interface Holding {
  readonly section: string | null;
  readonly leads: readonly string[];
}

/** Entries of one plan's trail, each with who led its subject on the day that it holds from, or who answers for it now. */
export const withLeads = async <Entry extends AuditEntry>(
  entries: readonly Entry[],
  planId: string,
  as: Reading,
  facts: Facts,
  moment: Moment,
): Promise<(Entry & Led)[]> => {
  const indicators = new Map((await facts.terms(planId, moment)).map((row) => [row.id, row]));
  const tasks = new Map((await facts.tasks(planId, moment)).map((row) => [row.id, row]));
  const holding = ({ kind, id }: AuditEntry['subject'], day: string): Holding | null => {
    const indicator = kind === 'indicator' ? indicators.get(id) : undefined;
    const task = kind === 'task' ? tasks.get(id) : undefined;
    if (task) return { section: task.section, leads: holdersAt(task.assignments, 'lead', day) };
    if (!indicator) return null;
    const { agencies } = responsibleAt(indicator, 'lead', day, (one) => indicators.get(one));
    return { section: indicator.section, leads: agencies };
  };
  const dayOf = ({ holdsOn }: AuditEntry) => (as === 'inherited' ? moment.today : holdsOn);
  const held = entries.map((entry) => holding(entry.subject, dayOf(entry)));
  const names = await Names.of(
    facts,
    held.flatMap((one) => one?.leads ?? []),
    moment,
  );
  return entries.map((entry, index) => {
    const one = held[index];
    if (!one) return { ...entry, lead: null };
    const day = dayOf(entry);
    const subject = { kind: entry.subject.kind as 'indicator' | 'task', id: entry.subject.id };
    const place = { subject, planId, section: one.section, role: 'lead' } as const;
    const leads = as === 'inherited' ? names.heirs(one.leads, place, day) : one.leads;
    return { ...entry, lead: leads.map((id) => names.ref(id, day)) };
  });
};
