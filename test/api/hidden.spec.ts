import { beforeAll, describe, expect, it } from '@jest/globals';
import { AUDITOR, konTumServer, reporterOf, type TestServer, type Who } from '../support/server.js';
import {
  COORDINATING,
  FORMER,
  FUTURE,
  foundAgencies,
  foundWorld,
  indicator,
  LEAD,
  OTHER,
  READS,
} from '../support/small-province.js';

const without = konTumServer({ load: false });
const withFigures = konTumServer({ load: false });

const WORLD = 'x';
/** What no reporter of another agency may learn: values, and words that a person wrote beside them. */
const SECRETS = ['93.173', '12.345', '91.919', 'chưa công bố'];
const basis = { number: '45/QĐ-UBND', date: '2025-05-28' };
const later = { effectiveOn: '2025-06-02', reason: 'nâng lên', legalBasis: basis };

/** What everybody may know, done in both ledgers; in between, in one of them, what is hidden. */
const live = async (server: TestServer, hidden: () => Promise<void>): Promise<void> => {
  await foundAgencies(server);
  await foundWorld(server, WORLD);
  const group = { code: '8', title: 'Nhóm', order: 8, effectiveOn: '2025-02-01' };
  await server.write(`/plans/kh-${WORLD}/indicators`, group);
  const child = { code: '8.1', title: 'Con', order: 9, unit: '%', parent: `kh-${WORLD}/8` };
  await server.write(`/plans/kh-${WORLD}/indicators`, { ...child, effectiveOn: '2025-02-01' });
  const leads = {
    action: 'assign',
    role: 'lead',
    agencies: ['so-chu-tri', 'so-a-x'],
    effectiveOn: '2025-02-01',
  };
  await server.write(`${indicator(WORLD, '8.1')}/assignments`, leads);
  await server.write(`${indicator(WORLD, '8.1')}/targets`, { milestone: '2025', notation: '≥ 90', ...later });
  await hidden();
  await server.write(`${indicator(WORLD)}/targets`, { milestone: '2030', notation: '≥ 95', ...later });
  await server.write(`${indicator(WORLD, '8.1')}/targets`, { milestone: '2025', notation: '≥ 92', ...later });
  const moves = [{ from: 'so-chu-tri', to: 'so-b-x' }];
  const handing = { action: 'transfer', role: 'lead', moves, ...later };
  await server.write(`${indicator(WORLD, '8.1')}/assignments`, handing);
  await server.ledger.progress.reached(server.ledger.progress.names(), await server.head(), 20_000);
};

beforeAll(async () => {
  await live(without, async () => undefined);
  await live(withFigures, async () => {
    const figures = { period: '2025-05', value: '93.173', note: 'chưa công bố' };
    await withFigures.write(`${indicator(WORLD)}/measurements`, figures, LEAD);
    await withFigures.write(`${indicator(WORLD, '8.1')}/measurements`, figures, LEAD);
    await withFigures.write(`${indicator(WORLD, '8.1')}/measurements`, {
      period: '2025-04',
      value: '12.345',
    });
    const returned = `/measurements/${encodeURIComponent(`kh-${WORLD}/1@2025-05#1`)}`;
    await withFigures.write(`${returned}/return`, { reason: 'sai kỳ, chưa công bố' });
    await withFigures.write(`${returned}/correction`, { value: '91.919', reason: 'chưa công bố' }, LEAD);
  });
});

/** What tells only that something was written, not what: ids that are drawn, places in the log and in a stream. */
const comparable = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{20}/g, '<position>')
    .replace(/"(revision|version)":\d+/g, '"$1":"<n>"');

const QUESTIONS = Object.entries(READS).filter(([route]) => !/^\/(stream|metrics|health)/.test(route));

const answersTo = async (server: TestServer, who: Who, route: string, accept: string) => {
  const path = (READS[route] as (world: string) => string)(WORLD);
  const asked = [path, `${path}${path.includes('?') ? '&' : '?'}knownAt=2025-06-02T02:00:00.000Z`];
  const texts = [];
  for (const one of asked) {
    const { status, text } = await server.send('GET', one, { who, headers: { accept } });
    texts.push(`${status} ${comparable(text)}`);
  }
  return texts;
};

describe('figures that are not accepted', () => {
  it.each(QUESTIONS.map(([route]) => route))(
    'change nothing that %s tells reporters of other agencies',
    async (route) => {
      for (const who of [COORDINATING, FORMER, FUTURE, OTHER])
        for (const accept of ['application/json', 'text/csv']) {
          const told = await answersTo(withFigures, who, route, accept);
          expect({ who: who.subject, accept, told }).toEqual({
            ...{ who: who.subject, accept, told: await answersTo(without, who, route, accept) },
          });
          for (const secret of SECRETS) expect(told.join()).not.toContain(secret);
        }
    },
  );

  it.each([
    '/plans/{planId}/status',
    '/plans/{planId}/audit',
    '/indicators/{id}',
    '/measurements',
    '/status',
  ])('are told by %s to who may see them', async (route) => {
    for (const who of [LEAD, AUDITOR])
      expect(await answersTo(withFigures, who, route, 'application/json')).not.toEqual(
        await answersTo(without, who, route, 'application/json'),
      );
  });
});

describe('a figure that its agency left behind', () => {
  const MID = `kh-${WORLD}/8.1@2025-05#1`;
  const OF_OFFICE = `kh-${WORLD}/8.1@2025-04#1`;
  const idsFor = async (who: Who) =>
    (await withFigures.all<{ id: string }>(`/measurements?indicator=kh-${WORLD}/8.1`, 500, who)).map(
      ({ id }) => id,
    );

  it('is seen by the successors, who may correct it, and the office’s is not', async () => {
    for (const successor of [reporterOf('so-b-x'), reporterOf('so-a-x')]) {
      expect(await idsFor(successor)).toEqual([MID]);
      await withFigures.get(`/measurements/${encodeURIComponent(MID)}`, successor);
      await withFigures.refusedQuestion(404, `/measurements/${encodeURIComponent(OF_OFFICE)}`, successor);
    }
    expect(await idsFor(LEAD)).toEqual([MID]);
    expect(await idsFor(OTHER)).toEqual([]);
    const correction = { value: '93.2', reason: 'đếm lại' };
    const path = `/measurements/${encodeURIComponent(MID)}/correction`;
    await withFigures.refused(403, path, correction, LEAD);
    await withFigures.write(path, correction, reporterOf('so-b-x'));
  });

  it('is where it is hidden refused as one that is not there, whatever If-Match says', async () => {
    const who = reporterOf('so-b-x');
    const current = (await withFigures.send('GET', indicator(WORLD, '8.1'), { who })).headers.get('etag');
    const told = async (mid: string, action: string, ifMatch: string) => {
      const path = `/measurements/${encodeURIComponent(mid)}/${action}`;
      const headers = { 'if-match': ifMatch };
      const body = { reason: 'đếm lại', ...(action === 'correction' ? { value: '1' } : {}) };
      const { status, text } = await withFigures.send('POST', path, { who, headers, body });
      return `${status} ${comparable(text)}`;
    };
    for (const action of ['correction', 'retraction'])
      for (const ifMatch of ['"0"', current ?? '"5"', '"999"']) {
        const hidden = await told(OF_OFFICE, action, ifMatch);
        expect(hidden).toMatch(/^404 /);
        expect(await told(`kh-${WORLD}/8.1@2025-04#9`, action, ifMatch)).toBe(hidden);
      }
  });
});
