import { describe, expect, it } from '@jest/globals';
import { accepted, atLeast, given, idOf, ledBy, parts, reported, returned, target } from './given.js';

const goal = target('2030', atLeast('80'));
const members = ledBy(['so-yt', 'so-gd', 'so-nv']);
const share = (agencyId: string, n: number, a: string, b: string, period = '2025') =>
  reported(period, parts({ a, b }), { agencyId, n });

describe('a collective that leads', () => {
  const two = [goal, share('so-yt', 1, '10', '10'), share('so-gd', 2, '10', '10')] as const;

  it('is not spoken for by one member', () => {
    expect(given(goal, share('so-yt', 1, '10', '10')).on('2026-01-01', members)).toMatchObject({
      status: 'not-reported',
      reason: 'awaiting-members',
      measurement: null,
    });
  });

  it('rests on the summed components once every member reported', () => {
    expect(given(...two).on('2026-01-01', members).status).toBe('not-reported');
    expect(given(...two, share('so-nv', 3, '4', '10')).on('2026-01-01', members)).toMatchObject({
      status: 'achieved',
      provisional: true,
      measurement: {
        id: null,
        summedFrom: [idOf('2025', 3), idOf('2025', 2), idOf('2025', 1)],
        period: '2025',
        value: null,
        components: [
          { name: 'a', value: '24' },
          { name: 'b', value: '30' },
        ],
      },
    });
    expect(given(...two, share('so-nv', 3, '3', '10')).on('2026-01-01', members).status).toBe('in-progress');
  });

  it('is asked of those who are its members on asOf', () => {
    const some = given(...two);
    expect(some.on('2026-01-01', ledBy(['so-yt', 'so-gd'])).status).toBe('achieved');
    expect(some.on('2026-01-01', ledBy(['so-khcn'])).status).toBe('not-reported');
  });

  it('sums one period only', () => {
    const some = given(...two, share('so-nv', 3, '4', '10', '2024'));
    expect(some.on('2026-01-01', members).status).toBe('not-reported');
  });

  it('falls back to the last period that every member reported', () => {
    const before = ['so-yt', 'so-gd', 'so-nv'].map((agency, n) => share(agency, n + 1, '9', '10', '2024'));
    expect(given(...two, ...before).on('2026-01-01', members).measurement?.period).toBe('2024');
  });

  it('is accepted only when every member’s figure is', () => {
    const three = [...two, share('so-nv', 3, '4', '10')] as const;
    const some = given(...three, accepted('2025', 1), accepted('2025', 2));
    expect(some.on('2026-01-01', members).provisional).toBe(true);
    expect(some.on('2026-01-01', { ...members, figures: 'accepted' }).status).toBe('not-reported');
    const every = given(...three, accepted('2025', 1), accepted('2025', 2), accepted('2025', 3));
    expect(every.on('2026-01-01', { ...members, figures: 'accepted' })).toMatchObject({
      status: 'achieved',
      provisional: false,
    });
  });

  it('waits again when a member’s figure is returned', () => {
    const some = given(...two, share('so-nv', 3, '4', '10'), returned('2025', 3));
    expect(some.on('2026-01-01', members).status).toBe('not-reported');
  });

  it('takes of each member its accepted figure, then its last', () => {
    const some = given(
      ...two,
      share('so-nv', 3, '10', '10'),
      accepted('2025', 3),
      share('so-nv', 4, '0', '10'),
      share('so-yt', 5, '9', '10'),
    );
    expect(some.on('2026-01-01', members).measurement?.components?.[0]?.value).toBe('29');
  });

  it('has no sum of plain values, nor of components that differ', () => {
    const plain = ['so-yt', 'so-gd', 'so-nv'].map((agencyId, n) =>
      reported('2025', '90', { agencyId, n: n + 1 }),
    );
    expect(given(goal, ...plain).on('2026-01-01', members)).toMatchObject({
      status: 'not-reported',
      reason: 'not-summable',
      because: expect.stringContaining('every member has reported, but not in components'),
    });
    const odd = reported('2025', parts({ a: '1', c: '2' }), { agencyId: 'so-nv', n: 3 });
    expect(given(...two, odd).on('2026-01-01', members).status).toBe('not-reported');
    const more = reported('2025', parts({ a: '1', b: '2', c: '3' }), { agencyId: 'so-nv', n: 3 });
    expect(given(...two, more).on('2026-01-01', members).status).toBe('not-reported');
    expect(given(more, ...two).on('2026-01-01', members).status).toBe('not-reported');
  });

  it('rests on a figure of the office', () => {
    const office = reported('2025', '85', { agencyId: null, n: 9 });
    expect(given(...two, office).on('2026-01-01', members)).toMatchObject({
      status: 'achieved',
      measurement: { id: idOf('2025', 9), summedFrom: [] },
    });
  });

  it('is not spoken for by an agency that is no longer its member', () => {
    const left = reported('2025', '85', { agencyId: 'huyen-dak-to', n: 9 });
    expect(given(goal, left).on('2026-01-01', members)).toMatchObject({
      status: 'not-reported',
      reason: 'no-figure',
    });
  });

  it('without members has the office alone', () => {
    expect(given(...two).on('2026-01-01', ledBy([])).status).toBe('not-reported');
  });

  it('beside one without members, is not spoken for by the other', () => {
    const three = [...two, share('so-nv', 3, '4', '10')];
    expect(given(...three).on('2026-01-01', ledBy(['so-yt', 'so-gd', 'so-nv'], [])).reason).toBe(
      'awaiting-members',
    );
    const both = given(...three).on('2026-01-01', ledBy(['so-yt', 'so-gd'], ['so-nv']));
    expect([both.status, both.measurement?.summedFrom.length]).toEqual(['achieved', 3]);
  });

  it('tells of the last period that its members reported', () => {
    const plain = ['so-yt', 'so-gd', 'so-nv'].map((agencyId, n) =>
      reported('2024', '90', { agencyId, n: n + 1 }),
    );
    const said = given(goal, ...plain, share('so-yt', 4, '1', '2', '2025')).on('2026-01-01', members);
    expect(said.reason).toBe('awaiting-members');
  });

  it('leaves those to speak for themselves who lead by name beside it, or led before it', () => {
    const bank = reported('2025', '85', { agencyId: 'ngan-hang', n: 9 });
    const beside = given(goal, bank).on('2026-01-01', ledBy(['so-yt', 'so-gd']).and('ngan-hang'));
    expect(beside).toMatchObject({ status: 'achieved', measurement: { id: idOf('2025', 9) } });
    const member = given(...two).on('2026-01-01', ledBy(['so-yt', 'so-gd', 'so-nv']).and('so-yt'));
    expect(member.reason).toBe('awaiting-members');
  });

  it('is asked for one qualifier at a time', () => {
    const of = (agencyId: string, n: number, qualifier: string) =>
      reported('2025', { ...parts({ a: '9', b: '10' }), qualifier }, { agencyId, n });
    const of5G = target('2030', atLeast('80', { qualifier: '5G' }));
    const some = given(of5G, of('so-nv', 3, '6G'), of('so-gd', 2, '5g'), of('so-yt', 1, '5G'));
    expect(some.on('2026-01-01', members).status).toBe('not-reported');
    const same = given(of5G, of('so-yt', 1, '5G'), of('so-gd', 2, '5g'), of('so-nv', 3, '5G'));
    expect(same.on('2026-01-01', members).status).toBe('achieved');
  });
});

describe('agencies that lead by name', () => {
  it('each speak for the whole', () => {
    expect(given(goal, share('so-yt', 1, '10', '10')).on('2026-01-01').status).toBe('achieved');
  });
});
