import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { files, folders, list, PLANS, rawTable, table } from './support.js';

const agencies = table('agencies');
const aliases = table('agency-aliases');
const groups = table('agency-groups');
const plans = table('plans');
const rows = PLANS.flatMap((plan) => table('indicators', plan).map((row) => ({ plan, ...row })));
const tasks = table('tasks', 'kh-484-2025');
const assigned = [...rows, ...tasks.map((row) => ({ plan: 'kh-484-2025', ...row }))];
const targets = PLANS.flatMap((plan) => table('targets', plan).map((row) => ({ plan, ...row })));

const duplicates = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);
const tally = (values: readonly string[]) =>
  Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((v) => v === value).length]));

/** Every spelling of every agency, the longest first, so that a name within a name is not mistaken for it. */
const spellings = [
  ...agencies.map(({ id, name }) => ({ agency: id, text: name })),
  ...agencies.map(({ id, short_name }) => ({ agency: id, text: short_name })),
  ...aliases.map(({ agency, alias }) => ({ agency, text: alias })),
]
  .filter(({ text }) => text !== '')
  .sort((a, b) => b.text.length - a.text.length);

/** What stands in an agency cell and names nobody. Bracketed names are members of the collective before them. */
const REMARKS = /\([^)]*\)| phụ trách đảm bảo kỹ thuật kết nối$|^Sau khi có hướng dẫn của Trung ương$/g;

/** The agencies that a notation names, in its order; throws at the first word that names none. */
const read = (notation: string): string[] => {
  let rest = notation.replace(REMARKS, '').replace(/^[\s;,-]+/, '');
  const found = new Set<string>();
  while (rest !== '') {
    const next = spellings.find(({ text }) => rest.startsWith(text));
    if (next === undefined) throw new Error(`nobody is called "${rest}" in "${notation}"`);
    found.add(next.agency);
    rest = rest.slice(next.text.length).replace(/^[\s;,-]+/, '');
  }
  return [...found];
};

describe('tables', () => {
  it.each(files)('%s is NFC text with LF line ends and no markup', (file) => {
    const text = rawTable(file);
    expect(text.endsWith('\n')).toBe(true);
    const odd = (line: string) => line !== line.normalize('NFC') || /[\r\uFEFF$\\]|<\/?[a-z]/.test(line);
    expect(text.split('\n').filter(odd)).toEqual([]);
    const cells = (parse(text) as string[][]).flat().flatMap((cell) => cell.split('\n'));
    expect(cells.filter((line) => line !== line.trim() || line.includes('  '))).toEqual([]);
  });

  it('have one folder a plan', () => {
    expect(plans.map(({ id }) => id)).toEqual(PLANS);
    expect([...folders].sort()).toEqual([...PLANS].sort());
  });

  it('hold what the documents hold', () => {
    expect(tally(rows.map(({ plan }) => plan))).toEqual({
      'kh-4465-2022': 31,
      'kh-419-2024': 128,
      'kh-484-2025': 13,
      'kh-1570-2025': 36,
      'lo-trinh-2025-2045': 52,
    });
    expect(tally(targets.map(({ plan }) => plan))).toEqual({
      'kh-4465-2022': 31,
      'kh-419-2024': 94,
      'kh-484-2025': 12,
      'kh-1570-2025': 34,
      'lo-trinh-2025-2045': 260,
    });
    expect(PLANS.map((plan) => table('sections', plan).length)).toEqual([0, 0, 9, 2, 5]);
    expect(tasks.map(({ code }) => code)).toEqual(Array.from({ length: 43 }, (_, i) => String(i + 1)));
  });

  it('number the indicators as the documents do', () => {
    const codes = (plan: string) => rows.filter((row) => row.plan === plan).map(({ code }) => code);
    const upTo = (last: number) => Array.from({ length: last }, (_, i) => String(i + 1));
    const tops = (plan: string) => codes(plan).filter((code) => !code.includes('.'));

    expect(tops('kh-4465-2022')).toEqual(upTo(31));
    expect(tops('kh-419-2024')).toEqual(upTo(8));
    expect(Math.max(...codes('kh-419-2024').map((code) => code.split('.').length))).toBe(4);
    expect(codes('kh-484-2025')).toEqual(
      ['1', '2', '3', '4', '5', '5.-', '6', '6.1', '6.2', '7', '8', '9'].concat('II.1'),
    );
    expect(tops('kh-1570-2025')).toEqual(upTo(25));
    expect(codes('kh-1570-2025').filter((code) => code.includes('.'))).toEqual([
      ...upTo(9).map((n) => `7.${n}`),
      '15.1',
      '15.2',
    ]);
    expect(tops('lo-trinh-2025-2045')).toEqual(upTo(52));
    const roadmap = rows.filter(({ plan }) => plan === 'lo-trinh-2025-2045');
    expect(tally(roadmap.map(({ section }) => section))).toEqual({ I: 3, II: 9, III: 15, IV: 9, V: 16 });
  });
});

describe('registry', () => {
  const ids = agencies.map(({ id }) => id);

  it('has kebab-case ids, known kinds and levels, each agency once', () => {
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(duplicates(ids)).toEqual([]);
    expect(duplicates(agencies.map(({ name }) => name))).toEqual([]);
    for (const { kind, level } of agencies) {
      expect(['agency', 'group']).toContain(kind);
      expect(['central', 'province', 'district', 'commune', 'enterprise', 'other']).toContain(level);
    }
  });

  it('has one agency for every spelling', () => {
    const owners = new Map<string, Set<string>>();
    for (const { agency, text } of spellings) owners.set(text, (owners.get(text) ?? new Set()).add(agency));
    expect([...owners].filter(([, names]) => names.size > 1)).toEqual([]);
    expect(duplicates(aliases.map(({ alias }) => alias))).toEqual([]);
    expect(aliases.filter(({ agency }) => !ids.includes(agency))).toEqual([]);
  });

  it('gives members to groups, and only agencies as members', () => {
    const kindOf = new Map(agencies.map(({ id, kind }) => [id, kind]));
    expect(groups.filter(({ group }) => kindOf.get(group) !== 'group')).toEqual([]);
    expect(groups.filter(({ member }) => kindOf.get(member) !== 'agency')).toEqual([]);
    expect(duplicates(groups.map(({ group, member }) => `${group} ${member}`))).toEqual([]);
    expect(tally(groups.map(({ group }) => group))).toEqual({
      'cac-so-ban-nganh': 14,
      'ubnd-cap-huyen': 10,
      'doanh-nghiep-vien-thong': 3,
    });
    expect(groups.filter(({ effective_on }) => !/^\d{4}-\d\d-\d\d$/.test(effective_on))).toEqual([]);
  });

  it('has nobody that no document and no group names', () => {
    const used = new Set([
      ...assigned.flatMap(({ lead, coordinating }) => [...list(lead), ...list(coordinating)]),
      ...groups.map(({ member }) => member),
    ]);
    expect(ids.filter((id) => !used.has(id))).toEqual([]);
    expect([...used].filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('assignments', () => {
  it.each(assigned)('of $plan $code are the agencies that its cells name', (row) => {
    expect(list(row.lead)).toEqual(read(row.lead_notation));
    expect(list(row.coordinating)).toEqual(read(row.coordinating_notation));
    expect(list(row.coordinating).filter((agency) => list(row.lead).includes(agency))).toEqual([]);
  });

  it('take the bracketed names for members of the collective before them', () => {
    const bracketed = assigned.filter(({ lead_notation }) => lead_notation.includes('('));
    expect(bracketed.map(({ plan, code, lead }) => [plan, code, lead])).toEqual([
      ['kh-419-2024', '8.3', 'doanh-nghiep-vien-thong'],
    ]);
    const members = groups.filter(({ group }) => group === 'doanh-nghiep-vien-thong');
    const names = bracketed[0]?.lead_notation.match(/\((.*)\)/)?.[1] ?? '';
    expect(read(names)).toEqual(members.map(({ member }) => member));
  });

  it('name districts by name once, in plan 1570', () => {
    const byName = assigned.filter(({ lead }) => /ubnd-(tp|huyen)-/.test(lead));
    expect(byName.map(({ plan, code, lead }) => [plan, code, lead])).toEqual([
      ['kh-1570-2025', '16', 'ubnd-tp-kon-tum;ubnd-huyen-kon-plong'],
    ]);
  });
});

describe('indicators', () => {
  it('have unique codes, a parent above them and a section that exists', () => {
    for (const plan of PLANS) {
      const own = rows.filter((row) => row.plan === plan);
      const codes = own.map(({ code }) => code);
      const sections = table('sections', plan).map(({ code }) => code);
      expect(duplicates(codes)).toEqual([]);
      expect(duplicates(sections)).toEqual([]);
      for (const { code, parent, section } of own) {
        // A code that starts with a section's numeral stands at the top.
        const above = sections.includes(code.split('.')[0] ?? '') ? '' : code.replace(/\.?[^.]+$/, '');
        expect([code, parent]).toEqual([code, above]);
        if (parent !== '') expect(codes.indexOf(parent)).toBeLessThan(codes.indexOf(code));
        if (parent !== '') expect(codes).toContain(parent);
        if (section !== '' || sections.length > 0) expect(sections).toContain(section);
      }
    }
  });

  it('are better when lower where the unit is a rank, and only there', () => {
    for (const { unit, direction } of rows)
      expect(direction).toBe(unit === 'Thứ bậc' ? 'lower-is-better' : 'higher-is-better');
    expect(rows.filter(({ unit }) => unit === 'Thứ bậc')).toHaveLength(6);
  });

  it('have the formula that their guidance writes, where it writes exactly one', () => {
    for (const { guidance, formula } of rows) {
      const shares = [...guidance.matchAll(/Tỷ lệ ?= ?([a-f()+]+\/[a-f()+]+)/g)].map((match) => match[1]);
      expect([formula]).toEqual(shares.length === 1 ? shares : ['']);
    }
    expect(rows.filter(({ formula }) => formula !== '')).toHaveLength(56);
  });

  it('have a baseline of 2023 in plan 419 alone', () => {
    for (const { plan, baseline, baseline_period } of rows) {
      expect(baseline_period).toBe(baseline === '' ? '' : '2023');
      if (plan !== 'kh-419-2024') expect(baseline).toBe('');
    }
  });
});

describe('targets', () => {
  it('belong to an indicator, once a milestone, and to a milestone that the plan has', () => {
    for (const { id, milestones } of plans) {
      const own = targets.filter(({ plan }) => plan === id);
      const codes = rows.filter(({ plan }) => plan === id).map(({ code }) => code);
      expect(own.filter(({ code }) => !codes.includes(code))).toEqual([]);
      expect(duplicates(own.map(({ code, milestone }) => `${code} ${milestone}`))).toEqual([]);
      expect([...new Set(own.map(({ milestone }) => milestone))].sort()).toEqual(list(milestones).sort());
      expect(own.filter(({ notation }) => notation === '')).toEqual([]);
    }
  });

  it('stand under the year of their section, or under all five of the roadmap', () => {
    const section = new Map(rows.map((row) => [`${row.plan} ${row.code}`, row.section]));
    for (const { plan, code, milestone } of targets)
      if (plan === 'kh-484-2025' || plan === 'kh-1570-2025')
        expect(milestone).toBe(section.get(`${plan} ${code}`) === 'I' ? '2030' : '2045');
    const roadmap = targets.filter(({ plan }) => plan === 'lo-trinh-2025-2045');
    expect(new Set(Object.values(tally(roadmap.map(({ code }) => code))))).toEqual(new Set([5]));
  });

  it('of plan 4465 are part of the title', () => {
    const own = targets.filter(({ plan }) => plan === 'kh-4465-2022');
    const titles = new Map(table('indicators', 'kh-4465-2022').map(({ code, title }) => [code, title]));
    for (const { code, notation } of own) expect(titles.get(code)).toContain(notation);
    const whole = own.filter(({ code, notation }) => titles.get(code) === notation);
    expect(whole.map(({ code }) => code)).toEqual(['10', '29']);
  });

  it('of groups without one are missing, and the group of plan 484 has its own', () => {
    const has = (plan: string, code: string) => targets.some((row) => row.plan === plan && row.code === code);
    expect(has('kh-484-2025', '5')).toBe(false);
    expect(has('kh-484-2025', '6')).toBe(true);
    expect(has('kh-1570-2025', '7')).toBe(false);
    expect(has('kh-1570-2025', '15')).toBe(false);
  });
});

describe('tasks', () => {
  it('have typed deadlines that say what the verbatim ones say', () => {
    for (const { deadline, deadline_kind, due_on, condition } of tasks) {
      const year = deadline.match(/^(?:12\/|2025- )?(\d{4})/)?.[1];
      const typed =
        year !== undefined
          ? ['date', `${year}-12-31`, '']
          : deadline === 'Hằng năm'
            ? ['yearly', '', '']
            : deadline === 'Thường xuyên'
              ? ['continuous', '', '']
              : ['condition', '', deadline];
      expect([deadline_kind, due_on, condition]).toEqual(typed);
    }
    expect(tally(tasks.map(({ deadline_kind }) => deadline_kind))).toEqual({
      continuous: 9,
      condition: 22,
      date: 10,
      yearly: 2,
    });
  });

  it('stand in the sections of their annex', () => {
    expect(tally(tasks.map(({ section }) => section))).toEqual({
      't/I': 5,
      't/II': 3,
      't/III': 12,
      't/IV': 1,
      't/V': 13,
      't/VI': 7,
      't/VII': 2,
    });
    const codes = table('sections', 'kh-484-2025').map(({ code }) => code);
    expect(tasks.filter(({ section }) => !codes.includes(section))).toEqual([]);
  });
});

describe('assumptions', () => {
  it('are about a plan, a row or an agency that exists, and give a reason', () => {
    const known = new Map<string, Set<string>>([['', new Set(agencies.map(({ id }) => id))]]);
    for (const plan of PLANS) {
      const codes = [...table('indicators', plan), ...table('sections', plan)].map(({ code }) => code);
      known.set(plan, new Set(codes));
    }
    for (const { code } of tasks) known.get('kh-484-2025')?.add(`t/${code}`);
    for (const { plan, row, field, reason } of table('assumptions')) {
      expect(known.has(plan)).toBe(true);
      if (row !== '') expect(known.get(plan)).toContain(row);
      expect(field).not.toBe('');
      expect(reason).toMatch(/\.$|…$/);
    }
  });

  it('cover the groups whose members nobody names', () => {
    const empty = agencies.filter(({ id, kind }) => kind === 'group' && !groups.some((g) => g.group === id));
    const noted = table('assumptions')
      .filter(({ field }) => field === 'members')
      .map(({ row }) => row);
    expect(empty.filter(({ id }) => !noted.includes(id))).toEqual([]);
  });
});
