import { indicatorStatus } from '../../../projections/indicator-status.js';
import { planOverview } from '../../../projections/plan-overview.js';
import { taskStatus } from '../../../projections/task-status.js';
import type { Place } from '../../domain/reorganization/allocation.js';
import { heldOn } from '../../domain/status/ended.js';
import { responsibleAt } from '../../domain/status/responsibility.js';
import type { Facts } from '../facts.js';
import type { Placed } from '../moment.js';
import type { AuditEntry } from '../trail/entries.js';
import { type AgencyRef, Names, OF_NAMES } from './names.js';
import type { Reading } from './plan-status.js';

/** Who answers for an entry's subject; null for what nobody leads, such as a plan. */
export interface Led {
  readonly lead: readonly AgencyRef[] | null;
}

/** The projections that it is read from who led a subject. */
export const OF_LEADS: readonly string[] = [
  indicatorStatus.name,
  taskStatus.name,
  planOverview.name,
  ...OF_NAMES,
];

interface Holding {
  readonly place: Omit<Place, 'agency'>;
  readonly leads: readonly string[];
}

/** Entries of one plan's trail, each with who led its subject on the day that it holds from, or who answers for it now. */
export const withLeads = async <Entry extends AuditEntry>(
  entries: readonly Entry[],
  planId: string,
  as: Reading,
  facts: Facts,
  moment: Placed,
): Promise<(Entry & Led)[]> => {
  const indicators = new Map((await facts.terms(planId, moment)).map((row) => [row.id, row]));
  const tasks = new Map((await facts.tasks(planId, moment)).map((row) => [row.id, { ...row, parent: null }]));
  const plan = await facts.plan(planId, moment);
  const holding = ({ kind, id }: AuditEntry['subject'], asked: string): Holding | null => {
    if (kind !== 'indicator' && kind !== 'task') return null;
    const held = kind === 'indicator' ? indicators.get(id) : tasks.get(id);
    if (!held) return null;
    const day = heldOn(asked, held, plan);
    const { agencies, row } = responsibleAt(held, 'lead', day, (one) => indicators.get(one));
    const subject = { kind, id: row.id } as const;
    return { place: { subject, planId, section: row.section, role: 'lead' }, leads: agencies };
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
    const leads = as === 'inherited' ? names.heirs(one.leads, one.place, day) : one.leads;
    return { ...entry, lead: leads.map((id) => names.ref(id, day)) };
  });
};
