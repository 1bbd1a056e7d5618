import type { Metadata } from '../../src/domain/message.js';
import type { NewEvent } from '../../src/ports/event-store.js';

/** A UUID that says its number. */
export const numberedId = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

let made = 0;

/** An event with an id that no other event of this test file has. */
export const newEvent = (data: object = {}, metadata: Partial<Metadata> = {}, type = 'Noted'): NewEvent => ({
  id: numberedId(++made),
  type,
  data,
  metadata: { ...plainMetadata, ...metadata },
});

export const newEvents = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => newEvent({ index }));

export const plainMetadata: Metadata = {
  actor: { subject: 'lan', name: 'Nguyễn Thị Lan', role: 'office', agencyId: null },
  recordedAt: '2025-03-01T02:00:00.000Z',
  correlationId: numberedId(0xc0),
  causationId: null,
  commandId: numberedId(0xc1),
  fingerprint: null,
  planId: null,
  schema: 1,
};
