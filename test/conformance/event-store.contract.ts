import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from '../../src/domain/canonical.js';
import {
  type Appended,
  AppendTooLarge,
  collect,
  type EventStore,
  type ExpectedRevision,
  eventAt,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  MAX_METADATA_BYTES,
  MAX_NAME_LENGTH,
  MAX_PAGE_EVENTS,
  type NewEvent,
  NotStorable,
  type Position,
  type RecordedEvent,
  RevisionConflict,
  StoreUnavailable,
} from '../../src/ports/event-store.js';
import { newEvent, newEvents, plainMetadata } from '../support/new-events.js';
import { logAfter, stores } from '../support/places.js';
import { storableObject } from '../support/storable.js';
import { UNSTORABLE } from '../support/unstorable.js';

/**
 * What every event store keeps. An adapter enrols with a way to open the store of a place: the same place opened again
 * after closing is the same store (a restart). A store may already hold other events, so a test looks only at what is
 * after its own beginning.
 */
export const describeEventStore = (adapter: string, open: (place: string) => Promise<EventStore>): void =>
  describe(`${adapter}: event store contract`, () => {
    const { openAt, close, begin, restart } = stores(open);
    const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

    describe('append and read', () => {
      it('counts revisions from 0, and positions that order as strings', async () => {
        const { store, stream } = await begin();
        const events = newEvents(12);
        const answers: Appended[] = [];
        for (const [index, event] of events.entries()) {
          answers.push(await store.append(stream, [event], index === 0 ? 'none' : index - 1));
        }
        expect(answers.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
        const positions = answers.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort());
        expect(await collect(store.read(stream))).toEqual(
          events.map((event, index) => ({ ...event, stream, revision: index, position: positions[index] })),
        );
      });

      it('answers with the last of several events', async () => {
        const { store, start, stream } = await begin();
        const answer = await store.append(stream, newEvents(3), 'none');
        const written = await logAfter(store, start);
        expect(answer).toEqual({ revision: 2, position: written[2]?.position });
        expect(await store.append(stream, newEvents(2), 2)).toMatchObject({ revision: 4 });
      });

      it('reads a stream from a revision; past its end, and where there is none, nothing', async () => {
        const { store, stream } = await begin();
        const events = newEvents(5);
        await store.append(stream, events, 'none');
        expect(ids(await collect(store.read(stream, 3)))).toEqual(ids(events.slice(3)));
        expect(await collect(store.read(stream, 5))).toEqual([]);
        expect(await collect(store.read(`${stream}/missing`))).toEqual([]);
        await expect(collect(store.read(stream, -1))).rejects.toThrow(RangeError);
      });

      it('reads no more of a stream than it is asked for', async () => {
        const { store, stream } = await begin();
        const events = newEvents(5);
        await store.append(stream, events, 'none');
        for (const [from, limit] of [
          [0, 0],
          [0, 1],
          [3, 1],
          [3, 2],
          [3, 9],
          [5, 1],
        ] as const)
          expect(ids(await collect(store.read(stream, from, limit)))).toEqual(
            ids(events.slice(from, from + limit)),
          );
        expect(await eventAt(store, { stream, revision: 4 })).toMatchObject({ id: events[4]?.id });
        expect(await eventAt(store, { stream, revision: 5 })).toBeUndefined();
        await expect(collect(store.read(stream, 0, -1))).rejects.toThrow(RangeError);
      });

      it('stores metadata that appends share, and what it says by the time of each', async () => {
        const { store, stream } = await begin();
        const [frozen, changing] = [Object.freeze({ ...plainMetadata }), { ...plainMetadata, planId: 'a' }];
        const [one, two, three, four] = newEvents(4) as [NewEvent, NewEvent, NewEvent, NewEvent];
        await store.append(stream, [{ ...one, metadata: frozen }], 'none');
        await store.append(stream, [{ ...two, metadata: frozen }], 0);
        await store.append(stream, [{ ...three, metadata: changing }], 1);
        changing.planId = 'b';
        await store.append(stream, [{ ...four, metadata: changing }], 2);
        const read = await collect(store.read(stream));
        expect(read.slice(0, 2).map(({ metadata }) => metadata)).toEqual([frozen, frozen]);
        expect(read.slice(2).map(({ metadata }) => metadata.planId)).toEqual(['a', 'b']);
      });

      it('stores metadata whose parts can still change as they are each time', async () => {
        const { store, stream } = await begin();
        const actor = { ...plainMetadata.actor };
        const metadata = Object.freeze({ ...plainMetadata, actor });
        const [one, two] = newEvents(2) as [NewEvent, NewEvent];
        await store.append(stream, [{ ...one, metadata }], 'none');
        actor.name = 'Tên mới';
        await store.append(stream, [{ ...two, metadata }], 0);
        const names = (await collect(store.read(stream))).map(({ metadata: read }) => read.actor.name);
        expect(names).toEqual([plainMetadata.actor.name, 'Tên mới']);
      });

      it('reads many streams at once, in the order asked, each from its revision to its end', async () => {
        const { store, stream } = await begin();
        const [first, second] = [newEvents(3), newEvents(MAX_APPEND_EVENTS)];
        const more = newEvents(2);
        await store.append(`${stream}/a`, first, 'none');
        await store.append(`${stream}/b`, second, 'none');
        await store.append(`${stream}/b`, more, MAX_APPEND_EVENTS - 1);
        const asked = [
          { stream: `${stream}/b`, from: 1 },
          { stream: `${stream}/missing` },
          { stream: `${stream}/a` },
          { stream: `${stream}/a`, from: 2 },
          { stream: `${stream}/a`, from: 3 },
          { stream: `${stream}/a`, from: 9 },
          { stream: `${stream}/a` },
        ];
        const found = await store.readMany(asked);
        expect(found.map(ids)).toEqual(
          [[...second, ...more].slice(1), [], first, first.slice(2), [], [], first].map(ids),
        );
        for (const [index, { stream: one, from }] of asked.entries())
          expect(found[index]).toEqual(await collect(store.read(one, from)));
        expect(await store.readMany([])).toEqual([]);
        const halves = ['c', 'd', 'e'].map((name) => ({
          stream: `${stream}/${name}`,
          events: newEvents(600),
        }));
        for (const half of halves) await store.append(half.stream, half.events, 'none');
        expect((await store.readMany(halves)).map(ids)).toEqual(halves.map(({ events }) => ids(events)));
        await expect(store.readMany([{ stream: `${stream}/a` }, { stream, from: -1 }])).rejects.toThrow(
          RangeError,
        );
      });

      it('reads a stream longer than a page', async () => {
        const { store, stream } = await begin();
        const first = newEvents(MAX_APPEND_EVENTS);
        const second = newEvents(MAX_APPEND_EVENTS);
        await store.append(stream, first, 'none');
        await store.append(stream, second, MAX_APPEND_EVENTS - 1);
        const all = [...first, ...second];
        expect(ids(await collect(store.read(stream, 1)))).toEqual(ids(all.slice(1)));
        for (const limit of [MAX_PAGE_EVENTS, MAX_PAGE_EVENTS + 1])
          expect(ids(await collect(store.read(stream, 1, limit)))).toEqual(ids(all.slice(1, limit + 1)));
      });

      it('stores what the event was when append was called', async () => {
        const { store, stream } = await begin();
        const data = { value: 'before' };
        const appended = store.append(stream, [newEvent(data)], 'none');
        data.value = 'after';
        await appended;
        expect((await collect(store.read(stream)))[0]?.data).toEqual({ value: 'before' });
      });

      it('has everything after a restart, and goes on', async () => {
        const { place, store, start, stream } = await begin();
        const events = newEvents(3);
        const { position } = await store.append(stream, events, 'none');
        const before = await logAfter(store, start);
        const again = await restart(store, place);
        expect(await again.head()).toBe(position);
        expect(await logAfter(again, start)).toEqual(before);
        const next = await again.append(stream, [newEvent()], 2);
        expect(next.revision).toBe(3);
        expect(next.position > position).toBe(true);
      });
    });

    describe('expected revision', () => {
      const wrong: readonly [string, number, ExpectedRevision, ExpectedRevision][] = [
        ['none, of a stream that exists', 2, 'none', 1],
        ['an earlier one', 3, 1, 2],
        ['a later one', 2, 2, 1],
        ['one, of a missing stream', 0, 0, 'none'],
      ];
      it.each(wrong)('is a conflict when it is %s', async (_, existing, expected, actual) => {
        const { store, start, stream } = await begin();
        if (existing > 0) await store.append(stream, newEvents(existing), 'none');
        const refusal = await store.append(stream, newEvents(2), expected).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(RevisionConflict);
        expect(refusal).toMatchObject({ stream, expected, actual });
        expect(await logAfter(store, start)).toHaveLength(existing);
      });

      it.each([-1, 0.5, Number.NaN, 2 ** 53])('cannot be %s', async (expected) => {
        const { store, start, stream } = await begin();
        await expect(store.append(stream, newEvents(1), expected)).rejects.toThrow(RangeError);
        expect(await store.head()).toBe(start);
      });

      it('has one winner among racing writers, and nothing torn', async () => {
        const { store, start, stream } = await begin();
        const attempts = Array.from({ length: 20 }, () => newEvents(3));
        const outcomes = await Promise.allSettled(
          attempts.map((events) => store.append(stream, events, 'none')),
        );
        const winners = attempts.filter((_, index) => outcomes[index]?.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          expect(outcome.reason).toBeInstanceOf(RevisionConflict);
          expect(outcome.reason).toMatchObject({ stream, expected: 'none', actual: 2 });
        }
        expect(ids(await logAfter(store, start))).toEqual(winners.flatMap(ids));
      });

      it('refuses of racing writers those alone that are at another revision, whichever wins', async () => {
        const writer = fc.record({
          stream: fc.constantFrom('a', 'b', 'c'),
          expected: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 6 })),
          count: fc.integer({ min: 1, max: 3 }),
        });
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.array(writer, { maxLength: 12 }), { maxLength: 4 }),
            async (rounds) => {
              const { store, start, stream } = await begin();
              const revisions = new Map<string, number>();
              const written: string[] = [];
              for (const round of rounds) {
                const stood = new Map(revisions);
                const attempts = round.map((one) => ({ ...one, events: newEvents(one.count) }));
                const outcomes = await Promise.allSettled(
                  attempts.map((one) => store.append(`${stream}/${one.stream}`, one.events, one.expected)),
                );
                const won = attempts.flatMap((one, index) => {
                  const outcome = outcomes[index];
                  if (outcome?.status === 'fulfilled') return [{ ...one, revision: outcome.value.revision }];
                  expect(outcome?.reason).toBeInstanceOf(RevisionConflict);
                  return [];
                });
                for (const one of won.sort((x, y) => x.revision - y.revision)) {
                  const before = revisions.get(one.stream) ?? -1;
                  expect([one.expected, one.revision]).toEqual([
                    before < 0 ? 'none' : before,
                    before + one.count,
                  ]);
                  revisions.set(one.stream, one.revision);
                  written.push(...ids(one.events));
                }
                // Of those that stood where a stream had ended, one was taken.
                for (const { stream: of, expected } of attempts)
                  if (expected === (stood.get(of) ?? 'none'))
                    expect(won.map((one) => one.stream)).toContain(of);
              }
              expect(ids(await logAfter(store, start)).sort()).toEqual(written.sort());
            },
          ),
          { numRuns: 25 },
        );
      });
    });

    describe('an append again', () => {
      const grown = async () => {
        const begun = await begin();
        const first = newEvents(2);
        const again = newEvents(3);
        await begun.store.append(begun.stream, first, 'none');
        const answer = await begun.store.append(begun.stream, again, 1);
        return { ...begun, first, again, answer };
      };

      it('answers as the first time', async () => {
        const { store, start, stream, again, answer } = await grown();
        expect(await store.append(stream, again, 1)).toEqual(answer);
        expect(await logAfter(store, start)).toHaveLength(5);
      });

      it('answers as the first time when the stream has grown, and after a restart', async () => {
        const { place, store, start, stream, first, again, answer } = await grown();
        await store.append(stream, newEvents(2), 4);
        expect(await store.append(stream, again, 1)).toEqual(answer);
        const restarted = await restart(store, place);
        expect(await restarted.append(stream, again, 1)).toEqual(answer);
        expect(await restarted.append(stream, first, 'none')).toMatchObject({ revision: 1 });
        expect(await logAfter(restarted, start)).toHaveLength(7);
      });

      it('answers for the first of its events alone', async () => {
        const { store, start, stream, again } = await grown();
        const written = await logAfter(store, start);
        expect(await store.append(stream, again.slice(0, 2), 1)).toEqual({
          revision: 3,
          position: written[3]?.position,
        });
        expect(await logAfter(store, start)).toHaveLength(5);
      });

      it('is a conflict with one event more, with old and new ones, or in another order', async () => {
        const { store, start, stream, again } = await grown();
        const [one, two, three] = again;
        if (!one || !two || !three) throw new Error('three events');
        for (const mixed of [
          [...again, newEvent()],
          [one, newEvent()],
          [newEvent(), two],
          [two, one, three],
        ]) {
          const refusal = store.append(stream, mixed, 1);
          await expect(refusal).rejects.toThrow(RevisionConflict);
          await expect(refusal).rejects.toMatchObject({ expected: 1, actual: 4 });
        }
        expect(await logAfter(store, start)).toHaveLength(5);
      });

      it('is a conflict at another revision that has passed', async () => {
        const { store, start, stream, again } = await grown();
        await expect(store.append(stream, again, 0)).rejects.toThrow(RevisionConflict);
        await expect(store.append(stream, again, 'none')).rejects.toThrow(RevisionConflict);
        expect(await logAfter(store, start)).toHaveLength(5);
      });

      it('is not noticed at the head of the stream, or in another one: it is written again', async () => {
        const { store, start, stream, again } = await grown();
        expect(await store.append(stream, again, 4)).toMatchObject({ revision: 7 });
        expect(await store.append(`${stream}/other`, again, 'none')).toMatchObject({ revision: 2 });
        expect(await logAfter(store, start)).toHaveLength(11);
      });

      it('does not compare the data: what was written first stays', async () => {
        const { store, stream, again, answer } = await grown();
        const other = again.map((event) => ({ ...event, data: { other: true } }));
        expect(await store.append(stream, other, 1)).toEqual(answer);
        expect((await collect(store.read(stream, 2))).map(({ data }) => data)).toEqual(
          again.map(({ data }) => data),
        );
      });

      it('answers every copy that is sent at the same time', async () => {
        const { store, start, stream } = await begin();
        const events = newEvents(2);
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => store.append(stream, events, 'none')),
        );
        const written = await logAfter(store, start);
        expect(ids(written)).toEqual(ids(events));
        for (const answer of answers) expect(answer).toEqual({ revision: 1, position: written[1]?.position });
      });
    });

    describe('limits', () => {
      const dataOf = (bytes: number) => ({ text: 'a'.repeat(bytes - '{"text":""}'.length) });

      it('takes 1,000 events, and not one more', async () => {
        const { store, start, stream } = await begin();
        const refused = store.append(stream, newEvents(MAX_APPEND_EVENTS + 1), 'none');
        await expect(refused).rejects.toThrow(AppendTooLarge);
        expect(await store.head()).toBe(start);
        const events = newEvents(MAX_APPEND_EVENTS);
        const answer = await store.append(stream, events, 'none');
        expect(answer.revision).toBe(MAX_APPEND_EVENTS - 1);
        expect(ids(await logAfter(store, start))).toEqual(ids(events));
      });

      it('takes 1 MiB of data, and not one byte more', async () => {
        const { store, start, stream } = await begin();
        const half = MAX_APPEND_BYTES / 2;
        const over = [newEvent(dataOf(half)), newEvent(dataOf(half + 1))];
        await expect(store.append(stream, over, 'none')).rejects.toThrow(AppendTooLarge);
        expect(await store.head()).toBe(start);
        const events = [newEvent(dataOf(half)), newEvent(dataOf(half))];
        await store.append(stream, events, 'none');
        await store.append(stream, [newEvent(dataOf(MAX_APPEND_BYTES))], 1);
        const written = await collect(store.read(stream));
        expect(written.map(({ data }) => canonicalText(data).length)).toEqual([half, half, MAX_APPEND_BYTES]);
      });

      it('counts bytes, not characters', async () => {
        const { store, start, stream } = await begin();
        const event = newEvent({ text: 'đ'.repeat(MAX_APPEND_BYTES / 2) });
        await expect(store.append(stream, [event], 'none')).rejects.toThrow(AppendTooLarge);
        expect(await store.head()).toBe(start);
      });

      it('bounds the metadata of each event', async () => {
        const { store, start, stream } = await begin();
        const spare = MAX_METADATA_BYTES - Buffer.byteLength(canonicalText({ ...plainMetadata, planId: '' }));
        const over = newEvent({}, { planId: 'a'.repeat(spare + 1) });
        await expect(store.append(stream, [newEvent(), over], 'none')).rejects.toThrow(AppendTooLarge);
        expect(await store.head()).toBe(start);
        const full = newEvent({}, { planId: 'a'.repeat(spare) });
        await store.append(stream, [full], 'none');
        expect((await collect(store.read(stream)))[0]?.metadata).toEqual(full.metadata);
      });

      it('refuses an append of nothing', async () => {
        const { store, start, stream } = await begin();
        await expect(store.append(stream, [], 'none')).rejects.toThrow(RangeError);
        expect(await store.head()).toBe(start);
      });
    });

    describe('text', () => {
      const texts = {
        null: null,
        empty: '',
        vietnamese: 'Tỷ lệ hồ sơ thủ tục hành chính được số hóa',
        decomposed: 'Tỷ lệ'.normalize('NFD'),
        emoji: '👩‍👩‍👧 🇻🇳',
        astral: '\u{1F600}\u{10FFFF}𠮷',
        private: '\uE000\uFFFD\uFFFF\uFEFF',
        rightToLeft: '\u202Eعربي',
        separators: '\u2028\u2029\u0085',
        escapes: '"\\/\b\f\n\r\t\u0001\u001F\u007F',
        long: 'Kế hoạch '.repeat(20_000),
        keys: { '': 0, ' ': 1, 'a.b': 2, $set: 3, '😀': 4, toJSON: 5, constructor: 6, '"': 7 },
        lists: [[], {}, [null, [false, [0]]]],
        numbers: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1],
      };

      it('comes back as it was given, from data and from metadata', async () => {
        const { place, store, start, stream } = await begin();
        const event = newEvent(
          texts,
          { actor: { subject: '😀', name: texts.decomposed, role: 'system', agencyId: null } },
          'Đã ghi 😀',
        );
        await store.append(stream, [event], 'none');
        const before = await logAfter(store, start);
        expect(before).toEqual([{ ...event, stream, revision: 0, position: before[0]?.position }]);
        expect(canonicalText(before[0]?.data)).toBe(canonicalText(event.data));
        expect(await logAfter(await restart(store, place), start)).toEqual(before);
      });

      it('comes back as it was given, whatever it is', async () => {
        const { store, stream } = await begin();
        let revision: ExpectedRevision = 'none';
        await fc.assert(
          fc.asyncProperty(fc.array(storableObject, { minLength: 1, maxLength: 20 }), async (all) => {
            const from: number = revision === 'none' ? 0 : revision + 1;
            const events = all.map((data) => newEvent(data));
            ({ revision } = await store.append(stream, events, revision));
            const read = await collect(store.read(stream, from));
            expect(read.map(({ data }) => data)).toEqual(all);
            expect(read.map(({ data }) => canonicalText(data))).toEqual(all.map(canonicalText));
          }),
          { numRuns: 30 },
        );
      });

      it('names streams as it likes, and keeps them apart', async () => {
        const { store, place } = await begin();
        const names = [
          'plan/kh-1570-2025/7.1@2026-Q2#1',
          'plan%2Fkh',
          'plan kh ',
          'plan kh',
          ' plan kh',
          'PLAN KH',
          'kế hoạch'.normalize('NFC'),
          'kế hoạch'.normalize('NFD'),
          '😀🇻🇳',
          'tab\there',
          'quote\'"`;--',
          '\uFEFFplan',
          'a'.repeat(MAX_NAME_LENGTH - place.length),
        ].map((name) => `${place}${name}`);
        for (const name of names) await store.append(name, [newEvent({ name })], 'none');
        for (const name of names) {
          expect(await collect(store.read(name))).toMatchObject([
            { stream: name, revision: 0, data: { name } },
          ]);
        }
      });
    });

    describe('what cannot be stored', () => {
      it.each([...UNSTORABLE, ['an integer-like key', { 2030: 1 }] as const])(
        'is refused, and nothing is written: %s',
        async (_, value) => {
          const { store, start, stream } = await begin();
          const bad = newEvent({ list: [{ value }] });
          await expect(store.append(stream, [newEvent(), bad], 'none')).rejects.toThrow(NotStorable);
          const badMetadata = newEvent({}, { planId: value as string });
          await expect(store.append(stream, [newEvent(), badMetadata], 'none')).rejects.toThrow(NotStorable);
          expect(await store.head()).toBe(start);
          expect(await store.append(stream, [newEvent()], 'none')).toMatchObject({ revision: 0 });
        },
      );

      const good = newEvent();
      const oddEvents: readonly [string, NewEvent][] = [
        ['data that is an array', { ...good, data: [] }],
        ['data that is null', { ...good, data: null as unknown as object }],
        ['an id that is no UUID', { ...good, id: 'one' }],
        ['the nil id', { ...good, id: '00000000-0000-0000-0000-000000000000' }],
        ['an id in upper case', { ...good, id: 'ABCDEF00-0000-4000-8000-000000000000' }],
        ['an empty type', { ...good, type: '' }],
        ['a type of the server', { ...good, type: '$deleted' }],
        ['a type with a lone surrogate', { ...good, type: '\uD83D' }],
        ['a type that is too long', { ...good, type: 'a'.repeat(MAX_NAME_LENGTH + 1) }],
        ['a recordedAt that is no instant', newEvent({}, { recordedAt: '2025-03-01' })],
        ['a recordedAt without milliseconds', newEvent({}, { recordedAt: '2025-03-01T00:00:00Z' })],
      ];
      it.each(oddEvents)('is refused, and nothing is written: %s', async (_, event) => {
        const { store, start, stream } = await begin();
        await expect(store.append(stream, [newEvent(), event], 'none')).rejects.toThrow(NotStorable);
        expect(await store.head()).toBe(start);
      });

      it('is one id twice in one append', async () => {
        const { store, start, stream } = await begin();
        const event = newEvent();
        await expect(store.append(stream, [event, event], 'none')).rejects.toThrow(NotStorable);
        expect(await store.head()).toBe(start);
      });

      it.each([
        ['nothing', ''],
        ['as the server names its own', '$all'],
        ['with NUL', 'a\0b'],
        ['with a lone surrogate', '\uD83D'],
        ['at too great a length', 'a'.repeat(MAX_NAME_LENGTH + 1)],
      ])('is a stream named %s', async (_, name) => {
        const { store, start } = await begin();
        await expect(store.append(name, [newEvent()], 'none')).rejects.toThrow(NotStorable);
        expect(await store.head()).toBe(start);
      });
    });

    describe('the log', () => {
      it('is read after a position, up to a limit', async () => {
        const { store, start, stream } = await begin();
        const events = newEvents(5);
        await store.append(stream, events.slice(0, 3), 'none');
        await store.append(`${stream}/other`, events.slice(3), 'none');
        const all = await logAfter(store, start);
        expect(ids(all)).toEqual(ids(events));
        for (const [index, { position }] of all.entries()) {
          expect(ids(await logAfter(store, position))).toEqual(ids(events.slice(index + 1)));
        }
        for (const limit of [0, 1, 4, 5, 6]) {
          const page = (await collect(store.readAll(start, limit))).flat();
          expect(ids(page)).toEqual(ids(events.slice(0, limit)));
        }
        await expect(collect(store.readAll(start, -1))).rejects.toThrow(RangeError);
      });

      it.each(['', 'nonsense', '1', '-0000000000000000001', '08999999999999999999'])(
        'is not read after %j, which is no position of it',
        async (position) => {
          const { store, stream } = await begin();
          await store.append(stream, newEvents(2), 'none');
          await expect(collect(store.readAll(position))).rejects.toThrow(RangeError);
          const { signal } = new AbortController();
          await expect(collect(store.subscribeAll(position, signal))).rejects.toThrow(RangeError);
        },
      );

      it('comes in pages, none of them empty or too large', async () => {
        const { store, start, stream } = await begin();
        const events = newEvents(2 * MAX_APPEND_EVENTS + 500);
        for (let from = 0; from < events.length; from += MAX_APPEND_EVENTS) {
          const part = events.slice(from, from + MAX_APPEND_EVENTS);
          await store.append(stream, part, from === 0 ? 'none' : from - 1);
        }
        const limit = MAX_PAGE_EVENTS + 200;
        for (const [pages, count] of [
          [await collect(store.readAll(start)), events.length],
          [await collect(store.readAll(start, limit)), limit],
        ] as const) {
          expect(ids(pages.flat())).toEqual(ids(events.slice(0, count)));
          for (const { length } of pages) {
            expect(length).toBeGreaterThan(0);
            expect(length).toBeLessThanOrEqual(MAX_PAGE_EVENTS);
          }
        }
        const head = await store.head();
        expect(await collect(store.readAll(head))).toEqual([]);
      });

      it('has a head: the position of the last event', async () => {
        const { store, stream } = await begin();
        for (const expected of ['none', 0, 1] as const) {
          const { position } = await store.append(stream, [newEvent()], expected);
          expect(await store.head()).toBe(position);
        }
      });

      it('gives the event at a position, and nothing where none of it stands', async () => {
        const { store, start, stream } = await begin();
        await store.append(stream, newEvents(2), 'none');
        await store.append(stream, newEvents(2), 1);
        const log = await logAfter(store, start);
        for (const event of log) expect(await store.at(event.position)).toEqual(event);
        const last = log.at(-1)?.position ?? '';
        const beyond = (BigInt(last) + 1n).toString().padStart(last.length, '0');
        for (const nowhere of [
          beyond,
          '00000000000000000000',
          '09223372036854775808',
          '1',
          '',
          `${last}0`,
          'head',
        ])
          expect(await store.at(nowhere)).toBeUndefined();
      });

      it('has no gap, whoever wrote at the same time', async () => {
        const { store, start, stream } = await begin();
        const streams = Array.from({ length: 32 }, (_, number) => `${stream}/${number}`);
        const batches = 10;
        const given = new Map<string, string[]>();
        await Promise.all(
          streams.map(async (name) => {
            let revision: ExpectedRevision = 'none';
            for (let batch = 0; batch < batches; batch++) {
              const events = newEvents(1 + (batch % 3));
              given.set(name, [...(given.get(name) ?? []), ...ids(events)]);
              ({ revision } = await store.append(name, events, revision));
            }
          }),
        );
        const log = await logAfter(store, start);
        expectOrdered(log);
        for (const name of streams) {
          const own = log.filter((event) => event.stream === name);
          expect(ids(own)).toEqual(given.get(name));
          expect(own.map(({ revision }) => revision)).toEqual(own.map((_, index) => index));
          expect(await collect(store.read(name))).toEqual(own);
        }
        expect(log).toHaveLength([...given.values()].flat().length);
      });
    });

    const expectOrdered = (events: readonly RecordedEvent[]): void => {
      const positions = events.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort());
    };

    describe('a subscription', () => {
      /** Collects until so many events have come, then aborts. */
      const take = async (store: EventStore, after: Position | null, count: number, slowMs = 0) => {
        const abort = new AbortController();
        const events: RecordedEvent[] = [];
        let caughtUpAt: number | undefined;
        for await (const page of store.subscribeAll(after, abort.signal)) {
          expect(page.length).toBeLessThanOrEqual(MAX_PAGE_EVENTS);
          if (page.length === 0) caughtUpAt ??= events.length;
          events.push(...page);
          if (slowMs > 0) await pause(slowMs);
          if (events.length >= count && caughtUpAt !== undefined) abort.abort();
        }
        return { events, caughtUpAt };
      };

      /** Follows a log; resolves when it has come to its end and waits. `given` resolves when it has ended. */
      const waiting = async (store: EventStore, after: Position | null, signal: AbortSignal) => {
        const events: RecordedEvent[] = [];
        let resolve = (): void => undefined;
        const caughtUp = new Promise<void>((done) => {
          resolve = done;
        });
        const follow = async () => {
          for await (const page of store.subscribeAll(after, signal)) {
            events.push(...page);
            if (page.length === 0) resolve();
          }
          return events;
        };
        const given = follow();
        await Promise.race([caughtUp, given]);
        return { given };
      };

      const write = async (store: EventStore, stream: string, appends: number): Promise<void> => {
        for (let count = 0; count < appends; count++) {
          await store.append(stream, [newEvent()], count === 0 ? 'none' : count - 1);
        }
      };

      it('gives what is there, says so, and goes on, without gap or repeat while writers race', async () => {
        const { store, start, stream } = await begin();
        await store.append(stream, newEvents(MAX_APPEND_EVENTS), 'none');
        const total = MAX_APPEND_EVENTS + 8 * 25;
        const taken = take(store, start, total);
        await Promise.all(Array.from({ length: 8 }, (_, number) => write(store, `${stream}/${number}`, 25)));
        const { events, caughtUpAt } = await taken;
        expect(caughtUpAt).toBeGreaterThanOrEqual(MAX_APPEND_EVENTS);
        expect(events).toEqual(await logAfter(store, start));
        expect(events).toHaveLength(total);
        expectOrdered(events);
      });

      it('says caught up at once where there is nothing more', async () => {
        const { store, stream } = await begin();
        const { position } = await store.append(stream, newEvents(1), 'none');
        expect(await take(store, position, 0)).toEqual({ events: [], caughtUpAt: 0 });
      });

      it('begins after its position', async () => {
        const { store, start, stream } = await begin();
        await store.append(stream, newEvents(5), 'none');
        const all = await logAfter(store, start);
        const { events } = await take(store, all[1]?.position ?? null, 3);
        expect(events).toEqual(all.slice(2));
      });

      it('gives two subscribers one order', async () => {
        const { store, start, stream } = await begin();
        const subscribers = [take(store, start, 120), take(store, start, 120), take(store, start, 120)];
        await Promise.all(Array.from({ length: 6 }, (_, number) => write(store, `${stream}/${number}`, 20)));
        const log = await logAfter(store, start);
        for (const { events } of await Promise.all(subscribers)) expect(events).toEqual(log);
      });

      it('waits for a slow subscriber, who misses nothing', async () => {
        const { store, start, stream } = await begin();
        const taken = take(store, start, 3 * MAX_APPEND_EVENTS, 20);
        for (const expected of ['none', MAX_APPEND_EVENTS - 1, 2 * MAX_APPEND_EVENTS - 1] as const) {
          await store.append(stream, newEvents(MAX_APPEND_EVENTS), expected);
          await pause(10);
        }
        expect((await taken).events).toEqual(await logAfter(store, start));
      });

      it('ends when it is aborted: before it begins, while it waits, while it works', async () => {
        const { store, start, stream } = await begin();
        await store.append(stream, newEvents(1), 'none');
        expect(await collect(store.subscribeAll(start, AbortSignal.abort()))).toEqual([]);

        const following = new AbortController();
        const { given } = await waiting(store, start, following.signal);
        following.abort();
        expect(await given).toHaveLength(1);

        const working = new AbortController();
        let seen = 0;
        for await (const _ of store.subscribeAll(start, working.signal)) {
          seen++;
          working.abort();
          await store.append(`${stream}/${seen}`, newEvents(1), 'none');
        }
        expect(seen).toBe(1);
      });

      it('ends when the store closes', async () => {
        const { store, start, stream } = await begin();
        await store.append(stream, newEvents(1), 'none');
        const { given } = await waiting(store, start, new AbortController().signal);
        await close(store);
        expect(await given).toHaveLength(1);
      });
    });

    describe('closing', () => {
      it('finishes the appends that wait, then refuses', async () => {
        const { place, store, start, stream } = await begin();
        const waiting = Array.from({ length: 5 }, (_, number) =>
          store.append(`${stream}/${number}`, newEvents(1), 'none'),
        );
        await close(store);
        const answers = await Promise.all(waiting);
        await expect(store.append(stream, newEvents(1), 'none')).rejects.toThrow(StoreUnavailable);
        await expect(collect(store.read(stream))).rejects.toThrow(StoreUnavailable);
        await expect(collect(store.readAll(start))).rejects.toThrow(StoreUnavailable);
        await expect(store.head()).rejects.toThrow(StoreUnavailable);
        await expect(store.at('00000000000000000001')).rejects.toThrow(StoreUnavailable);
        await store.close();
        const log = await logAfter(await openAt(place), start);
        expect(log.map(({ position }) => position)).toEqual(answers.map(({ position }) => position));
      });
    });
  });
