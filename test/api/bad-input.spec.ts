import { beforeAll, describe, expect, it } from '@jest/globals';
import { Bodies, type Field, type OpenApi, type Operation, operationsOf } from '../support/openapi.js';
import { ADMIN, AUDITOR, at, expectProblem, konTumServer, OFFICE, type Problem } from '../support/server.js';

const server = konTumServer();

/** What is there for each operation to be asked about. */
const THERE: Readonly<Record<string, string>> = {
  planId: 'kh-1570-2025',
  '/indicators': 'kh-1570-2025/7.1',
  '/tasks': 'kh-484-2025/t/10',
  '/agencies': 'so-khcn',
  '/reorganizations': 'sap-xep-2025-03',
  mid: 'kh-419-2024/2.1@2023#1',
  name: 'plan-overview.v2',
};

/** Ids that nothing has; some are such as no id can be. */
const ABSENT = ['khong-co', 'kh-1570-2025/999', 'kh-0/1@2025#1', '\u0000', 'Đắk Glei 😀', 'x'.repeat(300)];

const withId = (path: string, id: string): string => path.replace(/\{\w+\}/, at(id));
const there = (path: string): string => {
  const noun = Object.keys(THERE).find((key) => path.startsWith(key) || path.includes(`{${key}}`));
  return withId(path, THERE[noun ?? ''] ?? '');
};

let document: OpenApi;
let bodies: Bodies;
let operations: Operation[];
beforeAll(async () => {
  document = await server.get<OpenApi>('/docs/openapi.json');
  bodies = new Bodies(document);
  operations = operationsOf(document);
});

const writers = () => operations.filter(({ method, body }) => method === 'POST' && body);

/** Each body is refused, naming its field; the log stands where it stood. */
const allRefused = async (
  bad: readonly { readonly path: string; readonly body: unknown; readonly field: string | null }[],
): Promise<void> => {
  const before = await server.head();
  const faults: string[] = [];
  for (const { path, body, field } of bad) {
    const reply = await server.send<Problem>('POST', path, { who: OFFICE, body });
    const named = reply.body?.errors?.map((error) => error.field) ?? [];
    const right =
      [400, 404, 422].includes(reply.status) &&
      (field === null || named.some((one) => one === field || field.startsWith(`${one}[`)));
    if (!right) faults.push(`${path} ${JSON.stringify(body)?.slice(0, 300)}: ${reply.text.slice(0, 300)}`);
    else expectProblem(reply, reply.status);
  }
  expect(faults).toEqual([]);
  expect(await server.head()).toBe(before);
};

const everyField = (faulty: (field: Field) => readonly unknown[]) =>
  writers().flatMap(({ path, body }) =>
    bodies
      .fields(body ?? {})
      .flatMap((field) =>
        faulty(field).map((value) => ({ path: there(path), body: field.with(value), field: field.path })),
      ),
  );

const isText = ({ schema, value }: Field) => schema.type === 'string' && typeof value === 'string';
const isDay = ({ value }: Field) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
/** Text that is one of few, or has a form: a day, a code, an id. */
const isWords = (field: Field) => isText(field) && !isDay(field) && field.schema.enum === undefined;

describe('a body that is not as it must be is refused by every operation, and the field is named', () => {
  it('takes a body wherever it writes', () => {
    const without = operations.filter(({ method, body }) => method === 'POST' && !body);
    expect(without.map(({ path }) => path)).toEqual(['/projections/{name}/rebuild']);
    expect(writers().length).toBeGreaterThan(30);
  });

  it('with a required field left out, or null', async () => {
    // Whether there is a legal basis is for the rules to say, in their turn: openapi.spec holds the document to that.
    const bad = everyField(({ required, path }) =>
      required && path !== 'legalBasis' ? [undefined, null] : [],
    );
    expect(bad.length).toBeGreaterThan(150);
    await allRefused(bad);
  });

  it('with a field that there is not', async () => {
    const bad = writers().map(({ path, body }) => ({
      path: there(path),
      body: { ...(bodies.sample(body ?? {}) as object), ghiChuThem: 'x' },
      field: 'ghiChuThem',
    }));
    await allRefused(bad);
  });

  it('with a value of another type', async () => {
    const others = [17, true, {}, ['x'], 'một'];
    const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
    const bad = everyField(({ path, schema, value }) =>
      path === 'files' || path === 'criterion'
        ? [17, true, ['x'], 'một']
        : others.filter((other) => typeOf(other) !== typeOf(value) && typeOf(other) !== schema.type),
    );
    await allRefused(bad);
  });

  it('with a day that does not exist, or is none', async () => {
    const bad = everyField((field) =>
      isDay(field) ? ['2025-02-30', '2025-13-01', '01/07/2025', '', ' '] : [],
    );
    expect(bad.length).toBeGreaterThan(100);
    await allRefused(bad);
  });

  it('with a figure that is no decimal', async () => {
    const bad = everyField((field) =>
      /(^|\.)value$/.test(field.path) ? ['1,5', '1e5', 'NaN', '', '1.', '--1', '0x10', '9'.repeat(500)] : [],
    );
    expect(bad.length).toBeGreaterThan(20);
    await allRefused(bad);
  });

  it('with text that is too long, blank where it is needed, or holds what no text holds', async () => {
    const bad = everyField((field) => [
      ...(isText(field) ? ['x'.repeat(30_000), 'a\u0000b', 'a\ud800b'] : []),
      ...(isWords(field) && field.required ? ['', ' \n'] : []),
    ]);
    await allRefused(bad);
  });

  it('with a choice that is none', async () => {
    const bad = everyField(({ schema }) => (schema.enum ? ['khac'] : []));
    await allRefused(bad);
  });

  it('with a list longer than any there is', async () => {
    const bad = everyField(({ value }) => (Array.isArray(value) ? [Array(5_100).fill(value[0])] : []));
    await allRefused(bad);
  });

  it('that is no object at all', async () => {
    const bad = writers().flatMap(({ path }) =>
      ['[]', '"text"', '17', 'null', '{', ''].map((body) => ({ path: there(path), body, field: null })),
    );
    await allRefused(bad.filter(({ path, body }) => !(path.endsWith('/acceptance') && body === 'null')));
  });

  it('that goes deeper than anything has a reason to', async () => {
    const open = '{"kind":"all","parts":[{"name":null,"criterion":';
    const depth = 15_000;
    const criterion = `${open.repeat(depth)}{}${'}]}'.repeat(depth)}`;
    const body = `{"milestone":"2030","reason":"x","criterion":${criterion}}`;
    const path = `/indicators/${at('kh-1570-2025/7.1')}/targets/reading`;
    const problem = await server.refused(400, path, body, OFFICE, { 'idempotency-key': 'deep' });
    expect(problem.errors).toEqual([{ field: 'body', message: 'This is nested deeper than anything here.' }]);
  });
});

describe('what is not there', () => {
  it('is 404 wherever the address names it', async () => {
    const before = await server.head();
    const wrong: string[] = [];
    for (const { method, path, body } of operations.filter((one) => one.path.includes('{'))) {
      for (const id of ABSENT) {
        const reply = await server.send(method, withId(path, id), {
          who: ADMIN,
          ...(method === 'POST' ? { body: body ? bodies.sample(body) : {} } : {}),
        });
        if (reply.status !== 404 && !(id.length === 300 && reply.status === 422))
          wrong.push(`${method} ${path} ${id.slice(0, 20)}: ${reply.text.slice(0, 200)}`);
        else expectProblem(reply, reply.status);
      }
    }
    expect(wrong).toEqual([]);
    expect(await server.head()).toBe(before);
  });

  it('is 422 where the body names it', async () => {
    const path = `/indicators/${at('kh-1570-2025/7.1')}/assignments`;
    const assignment = { action: 'assign', role: 'lead', agencies: ['khong-co'], effectiveOn: '2025-07-01' };
    expect((await server.refused(422, path, assignment)).errors).toEqual([
      { field: 'agencies', message: 'There is no agency khong-co.' },
    ]);
    const problem = await server.refused(422, '/plans/kh-1570-2025/supersession', {
      ...{ by: 'khong-co', effectiveOn: '2025-07-01', reason: 'x' },
      legalBasis: { number: '1/QĐ-UBND' },
    });
    expect(problem.errors?.[0]?.field).toBe('by');
    const orphan = {
      code: '99',
      title: 'x',
      order: 99,
      effectiveOn: '2025-07-01',
      parent: 'kh-1570-2025/98',
    };
    expect((await server.refused(422, '/plans/kh-1570-2025/indicators', orphan)).errors?.[0]?.field).toBe(
      'parent',
    );
  });
});

describe('a question that is not as it must be', () => {
  const BAD: Readonly<Record<string, readonly string[]>> = {
    asOf: ['2025-02-30', 'hom-qua', ''],
    from: ['2025-02-30'],
    to: ['x'],
    knownAt: ['hom-qua', '@12', '2025-01-01T00:00:00', `@${'9'.repeat(21)}`],
    after: ['x', '12', '-1'],
    limit: ['0', '-1', '501', 'abc', '1.5', ''],
    cursor: ['abc', 'WQE_ciYq', '💥', 'x'.repeat(2_000)],
    agency: ['Sở KH&CN'],
    period: ['2026-Q5'],
    milestone: ['nam-sau'],
    q: ['x'.repeat(300)],
  };

  it('is 400 and names the parameter', async () => {
    const wrong: string[] = [];
    for (const { path, query } of operations.filter((one) => one.method === 'GET' && one.query.length > 0)) {
      for (const { name, schema } of query) {
        for (const value of BAD[name] ?? (schema.enum ? ['khac'] : [])) {
          const reply = await server.send<Problem>('GET', `${there(path)}?${name}=${at(value)}`, {
            who: AUDITOR,
          });
          if (reply.status !== 400 || reply.body.errors?.[0]?.field !== name)
            wrong.push(`${path} ${name}=${value.slice(0, 30)}: ${reply.text.slice(0, 200)}`);
          else expectProblem(reply, 400);
        }
      }
      const [first] = query;
      const twice = `${first?.name}=2025-01-01&${first?.name}=2025-01-02`;
      const doubled = await server.send('GET', `${there(path)}?${twice}`, { who: AUDITOR });
      if (doubled.status !== 400) wrong.push(`${path} takes ${twice}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is 400 with a parameter that there is not, whatever is asked, and nothing is done', async () => {
    const before = await server.head();
    const wrong: string[] = [];
    for (const { method, path, body } of operations) {
      const reply = await server.send<Problem>(method, `${there(path)}?sapXep=1`, {
        who: ADMIN,
        ...(method === 'POST' ? { body: body ? bodies.sample(body) : {} } : {}),
      });
      if (reply.status !== 400 || reply.body.errors?.[0]?.field !== 'sapXep')
        wrong.push(`${method} ${path}: ${reply.text.slice(0, 200)}`);
      else expectProblem(reply, 400);
    }
    expect(wrong).toEqual([]);
    expect(await server.head()).toBe(before);
  });

  it('is 400 where the log is asked to go on after what it does not hold', async () => {
    for (const after of ['9'.repeat(20), `${'0'.repeat(15)}99999`])
      expect((await server.refusedQuestion(400, `/events?after=${after}`)).errors?.[0]?.field).toBe('after');
  });
});
