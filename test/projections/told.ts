import { expect } from '@jest/globals';
import { auditTrail, type TrailRow } from '../../projections/audit-trail.js';
import type { Row } from '../../projections/projection.js';
import type { Facts } from '../../src/application/facts.js';
import { type AuditEntry, entriesOf } from '../../src/application/trail/entries.js';
import type { DomainEvent } from '../../src/domain/events.js';
import type { Metadata, Recorded } from '../../src/domain/message.js';
import { AUDITOR } from '../support/ledger.js';
import { folded, logOf } from './support.js';

export type Told = DomainEvent | { readonly event: DomainEvent; readonly metadata: Partial<Metadata> };

export const on = (day: string, event: DomainEvent): Told => ({
  event,
  metadata: { recordedAt: `${day}T02:00:00.000Z` },
});

/** The trail that some events leave. */
export const trail = async (...events: Told[]): Promise<AuditEntry[]> => {
  const log = logOf(events);
  const { rows, faults } = await folded(auditTrail, [log]);
  expect(faults).toEqual([]);
  const trailed = log.map(({ position }) => rows.get(position) as unknown as Row<TrailRow>);
  return entriesOf(trailed, AUDITOR, ledgerOf(log, trailed), { known: undefined });
};

/** What entries are told from: the streams of a log, and the rows of its trail. */
const ledgerOf = (log: readonly Recorded[], rows: readonly Row<TrailRow>[]) => ({
  events: {
    readMany: async (streams: readonly { readonly stream: string }[]) =>
      streams.map(({ stream }) => log.filter((event) => event.stream === stream)),
  },
  facts: {
    trail: async ({ parent }: { parent: { equals: string } }) =>
      rows.filter((row) => row.parent === parent.equals),
    held: async () => [],
  } as unknown as Facts,
});

export const last = async (...events: Told[]): Promise<AuditEntry> =>
  (await trail(...events)).at(-1) as AuditEntry;
