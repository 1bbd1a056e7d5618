import { describe, expect, it } from '@jest/globals';
import type { IndicatorAnswer } from '../../src/application/queries/indicators.js';
import type { TaskAnswer } from '../../src/application/queries/tasks.js';
import { ADMIN, at, COLLEAGUE, konTumServer, type Listed, OFFICE, type Written } from '../support/server.js';

const server = konTumServer();

const ONLINE = `/indicators/${at('kh-1570-2025/7.1')}`;
const basis = { number: '245/QĐ-UBND', date: '2025-05-28' };
const target = (notation: string) => ({
  ...{ milestone: '2030', notation, effectiveOn: '2025-06-01', reason: 'Nâng lên', legalBasis: basis },
});
const progress = (note: string) => ({ effectiveOn: '2025-06-01', note });
const etag = async (path: string) =>
  (await server.send('GET', path, { who: OFFICE })).headers.get('etag') ?? '';

describe('If-Match', () => {
  it('lets through who has seen the last revision, and no other', async () => {
    const seen = await etag(ONLINE);
    expect(seen).toBe(`"${(await server.get<IndicatorAnswer>(ONLINE)).revision}"`);
    const { revision } = await server.write(`${ONLINE}/targets`, target('≥ 85'), OFFICE, {
      'if-match': seen,
    });
    expect(await etag(`${ONLINE}?after=${await server.head()}`)).toBe(`"${revision}"`);
    const { type, detail } = await server.refused(412, `${ONLINE}/targets`, target('≥ 86'), COLLEAGUE, {
      'if-match': seen,
    });
    expect(type).toBe('urn:so-cai:problem:stale');
    expect(detail).toContain(`revision ${revision}`);
  });

  it('takes the ETag of whatever was read: a plan, an agency, a figure', async () => {
    const { measurementId = '' } = await server.write(`${ONLINE}/measurements`, {
      period: '2025-04',
      value: '70',
    });
    const figure = `/measurements/${encodeURIComponent(measurementId ?? '')}`;
    const why = { effectiveOn: '2025-06-02', reason: 'Điều chỉnh', legalBasis: basis };
    for (const [path, change, body] of [
      ['/plans/kh-1570-2025', '/amendments', { title: 'Các chỉ tiêu năm 2025', ...why }],
      ['/agencies/so-khcn', '/aliases', { alias: 'Sở Khoa học' }],
      [figure, '/return', { reason: 'Thiếu minh chứng' }],
    ] as const) {
      const seen = await etag(`${path}?after=${await server.head()}`);
      expect([path, seen]).toEqual([path, expect.stringMatching(/^"\d+"$/)]);
      const { revision } = await server.write(`${path}${change}`, body, OFFICE, { 'if-match': seen });
      expect(`"${revision}"`).not.toBe(seen);
      await server.refused(412, `${path}${change}`, body, COLLEAGUE, { 'if-match': seen });
    }
  });

  it('answers 412 with the ETag of now, also when nothing would change, and for what is not there yet', async () => {
    const stale = await server.post(`${ONLINE}/targets`, target('≥ 85'), OFFICE, { 'if-match': '"0"' });
    expect([stale.status, stale.headers.get('etag')]).toEqual([412, await etag(ONLINE)]);
    const plan = {
      ...{
        planId: 'chua-co',
        title: 'x',
        issuer: 'x',
        milestones: [],
        sections: [],
        effectiveOn: '2025-06-01',
      },
    };
    await server.refused(412, '/plans', plan, OFFICE, { 'if-match': '"0"' });
  });

  it('is honoured by every noun', async () => {
    const task = `/tasks/${at('kh-484-2025/t/10')}`;
    const seen = await etag(task);
    expect(seen).toBe(`"${(await server.get<TaskAnswer>(task)).revision}"`);
    await server.write(`${task}/progress`, progress('một'), OFFICE, { 'if-match': seen });
    await server.refused(412, `${task}/progress`, progress('hai'), OFFICE, { 'if-match': seen });
    const alias = (n: number) => ({ alias: `Bí danh ${n}` });
    const { revision } = await server.write('/agencies/so-y-te/aliases', alias(1));
    await server.refused(412, '/agencies/so-y-te/aliases', alias(2), OFFICE, {
      'if-match': `"${revision - 1}"`,
    });
    await server.write('/agencies/so-y-te/aliases', alias(2), OFFICE, { 'if-match': `"${revision}"` });
    const closure = { effectiveOn: '2025-06-01', reason: 'x' };
    await server.refused(412, '/plans/kh-4465-2022/closure', closure, OFFICE, { 'if-match': '"0"' });
  });

  it.each(['1', 'W/"1"', '"x"', '*', '"1", "2"', '"01"', '""'])('that reads %s is 400', async (text) => {
    const problem = await server.refused(400, `${ONLINE}/targets`, target('≥ 87'), OFFICE, {
      'if-match': text,
    });
    expect(problem.errors?.[0]?.field).toBe('If-Match');
  });

  it('of many writers at once lets one through', async () => {
    const seen = await etag(`${ONLINE}?after=${await server.head()}`);
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        server.post(`${ONLINE}/targets`, target(`≥ 8${n},5`), OFFICE, { 'if-match': seen }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412]);
  });
});

describe('Idempotency-Key', () => {
  const key = (name: string) => ({ 'idempotency-key': name });
  const path = `/indicators/${at('kh-1570-2025/7.3')}/measurements`;
  const body = { period: '2025-Q1', value: '120' };

  it('answers a repeat as the first time, also after the server was closed and opened again', async () => {
    const first = await server.post(path, body, OFFICE, key('one'));
    expect(first).toMatchObject({ status: 201, body: { warnings: ['a percentage over 100'] } });
    const head = await server.head();
    const again = async () => {
      const reply = await server.post(path, body, OFFICE, key('one'));
      expect([reply.status, reply.body, reply.headers.get('etag')]).toEqual([
        201,
        first.body,
        first.headers.get('etag'),
      ]);
    };
    await again();
    await server.write(`${path}`, { ...body, period: '2025-04' });
    await again();
    await server.restart();
    await again();
    expect(Number(await server.head())).toBe(Number(head) + 1);
  });

  it('answers a repeat as the first time although the revision that it named has passed', async () => {
    const seen = { 'if-match': await etag(ONLINE), ...key('seen') };
    const first = await server.post(`${ONLINE}/targets`, target('≥ 88'), OFFICE, seen);
    const again = await server.post(`${ONLINE}/targets`, target('≥ 88'), OFFICE, seen);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  });

  it('with another body is refused', async () => {
    const { type } = await server.refused(422, path, { ...body, value: '121' }, OFFICE, key('one'));
    expect(type).toBe('urn:so-cai:problem:key-reused');
  });

  it('belongs to its caller and its address', async () => {
    const others = await server.write(path, { period: '2025-Q2', value: '71' }, COLLEAGUE, key('one'));
    expect(others.measurementId).toBe('kh-1570-2025/7.3@2025-Q2#1');
    const elsewhere = `/indicators/${at('kh-1570-2025/7.7')}/measurements`;
    const { measurementId } = await server.write(elsewhere, body, OFFICE, key('one'));
    expect(measurementId).toBe('kh-1570-2025/7.7@2025-Q1#1');
  });

  it('holds for what is created', async () => {
    const agency = { agencyId: 'so-thu', name: 'Sở Thử', level: 'province' };
    const first = await server.post('/agencies', agency, ADMIN, key('three'));
    const again = await server.post('/agencies', agency, ADMIN, key('three'));
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(first.body).toMatchObject({ id: 'so-thu', revision: 0 });
    await server.refused(422, '/agencies', { ...agency, name: 'Sở khác' }, ADMIN, key('three'));
  });

  it('that cannot be is 400', async () => {
    for (const bad of ['', 'x'.repeat(256)])
      expect((await server.refused(400, path, body, OFFICE, key(bad))).errors?.[0]?.field).toBe(
        'Idempotency-Key',
      );
  });
});

describe('reading one’s own write', () => {
  it('waits until every answer holds it', async () => {
    for (let n = 0; n < 20; n += 1) {
      const note = `lần ${n}`;
      const { position } = await server.write(`/tasks/${at('kh-484-2025/t/31')}/progress`, progress(note));
      const task = await server.get<TaskAnswer>(`/tasks/${at('kh-484-2025/t/31')}?after=${position}`);
      expect(task.facts.progress.at(-1)?.note).toBe(note);
      expect((task.position ?? '') >= position).toBe(true);
    }
    for (let month = 1; month <= 6; month += 1) {
      const figure = { period: `2024-0${month}`, value: '70' };
      const { position, measurementId = '' } = await server.write(
        `/indicators/${at('kh-1570-2025/7.4')}/measurements`,
        figure,
      );
      const after = `after=${position}`;
      const one = await server.get<{ period: string }>(`/measurements/${at(measurementId)}?${after}`);
      expect(one.period).toBe(figure.period);
      const list = await server.get<Listed<{ id: string }>>(`/measurements?limit=1&${after}`);
      expect(list.items[0]?.id).toBe(measurementId);
      const audit = await server.get<Listed<{ measurementId: string }>>(
        `/plans/kh-1570-2025/audit?subject=${at('kh-1570-2025/7.4')}&limit=100&${after}`,
      );
      expect(audit.items.at(-1)?.measurementId).toBe(measurementId);
    }
  });

  it('of what nobody has written yet is refused at once', async () => {
    const far = String(Number(await server.head()) + 1).padStart(20, '0');
    for (const path of [
      '/plans',
      '/plans/kh-1570-2025/status',
      '/measurements',
      '/plans/kh-1570-2025/events',
    ]) {
      const { errors } = await server.refusedQuestion(400, `${path}?after=${far}`);
      expect(errors).toEqual([{ field: 'after', message: expect.stringContaining('has not come to') }]);
    }
  });

  it('of a write is never refused, whoever writes at the same time', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.7')}/measurements`;
    const writing = ['2024-01', '2024-02', '2024-03', '2024-04'].map(async (period) => {
      const { position } = await server.write(path, { period, value: '70' });
      await server.get(`/plans?after=${position}`);
    });
    await Promise.all(writing);
  });
});

describe('an answer', () => {
  it('to a figure reported again without a key names the figure that stands', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.7')}/measurements`;
    const figure = { period: '2024-Q4', value: '61' };
    const { measurementId } = await server.write(path, figure);
    expect((await server.post(path, figure)).body).toMatchObject({ eventIds: [], measurementId });
    const retraction = `/measurements/${at(measurementId ?? '')}/retraction`;
    await server.write(retraction, { reason: 'nhầm' });
    const again = await server.post(retraction, { reason: 'nhầm' });
    expect(again.body).toMatchObject({ eventIds: [], measurementId });
  });

  it('lists later entries that a change does not undo', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.5')}/targets`;
    await server.write(path, { ...target('≥ 90'), effectiveOn: '2026-01-01' });
    const { laterEntries } = await server.write(path, { ...target('≥ 85'), effectiveOn: '2025-06-01' });
    expect(laterEntries).toEqual(['2026-01-01']);
  });

  it('comes without a body where none is needed', async () => {
    const { measurementId = '' } = await server.write(
      `/indicators/${at('kh-1570-2025/7.6')}/measurements`,
      { period: '2025-Q1', value: '70' },
      COLLEAGUE,
    );
    const reply = await server.send<Written>('POST', `/measurements/${at(measurementId)}/acceptance`, {
      who: OFFICE,
    });
    expect([reply.status, reply.body.measurementId]).toEqual([201, measurementId]);
  });
});
