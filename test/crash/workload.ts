import { Random } from './random.js';

export const PLAN = 'kh-nho-2025';

/** A command as a client sends it, and may send it again. */
export interface Command {
  /** Its Idempotency-Key. */
  readonly key: string;
  /** Below the API's address. */
  readonly path: string;
  readonly body: object;
  /** Who reported a figure does not accept it. */
  readonly who: 'office' | 'colleague';
}

const LEGAL_BASIS = { number: '2/QĐ-UBND', date: '2026-01-05', clause: null };
const REASON = { reason: 'Điều chỉnh để thử', legalBasis: LEGAL_BASIS };
/** What everybody writes to at the same time. */
const SHARED_INDICATORS = ['1', '1.1', '2'];
const SHARED_AGENCIES = ['so-a', 'so-b'];
/** One in so many commands goes to a shared subject. */
const SHARED_EVERY = 4;

/** The commands of one client in one round, without end: the lives of indicators of its own, and shared ones between. */
export function* commandsOf(seed: number, round: number, client: number): Generator<Command, never> {
  const random = new Random(seed, round, client);
  let made = 0;
  const command = (path: string, body: object, who: Command['who'] = 'office'): Command => ({
    ...{ path, body, who },
    key: `r${round}-c${client}-${++made}`,
  });
  for (let n = 1; ; n++) {
    for (const step of life(`r${round}.c${client}.${n}`, random, command)) {
      yield step;
      if (random.int(1, SHARED_EVERY) === 1) yield shared(random, command, `${round}.${client}.${made}`);
    }
  }
}

type Make = (path: string, body: object, who?: Command['who']) => Command;

const percent = (random: Random): string => `${random.int(0, 99)}.${random.int(1, 4)}`;
/** Never one that was reported: a command that changes nothing has no answer to keep. */
const corrected = (random: Random): string => `${random.int(0, 99)}.${random.int(5, 9)}`;

function* life(code: string, random: Random, command: Make): Generator<Command, void> {
  const id = `${PLAN}/${code}`;
  const of = (what: string) => `/indicators/${encodeURIComponent(id)}/${what}`;
  const figure = (what: string) => `/measurements/${encodeURIComponent(`${id}@2026-Q1#1`)}/${what}`;
  const effectiveOn = '2026-01-05';
  const title = `Tỷ lệ ${code} “đúng hạn”`;
  yield command(`/plans/${PLAN}/indicators`, {
    ...{ code, title, unit: '%', section: 'I', effectiveOn },
    order: random.int(10, 9_999),
  });
  yield command(of('assignments'), { action: 'assign', role: 'lead', agencies: ['so-a'], effectiveOn });
  yield command(of('baseline'), { notation: percent(random), period: '2024', effectiveOn });
  yield command(of('targets'), { milestone: '2030', notation: `≥ ${random.int(50, 99)}`, effectiveOn });
  yield command(of('measurements'), { period: '2026-Q1', value: percent(random) });
  if (random.int(0, 1) === 0)
    yield command(figure('correction'), { value: corrected(random), reason: 'Nhập nhầm' });
  yield command(figure('acceptance'), {}, 'colleague');
  yield command(of('targets'), {
    ...{ milestone: '2030', notation: '≥ 40,5', effectiveOn: '2026-03-01' },
    ...REASON,
  });
  yield command(of('rewording'), { title: `${title} 👍`, effectiveOn: '2026-02-01', ...REASON });
}

const shared = (random: Random, command: Make, unique: string): Command =>
  random.int(0, 1) === 0
    ? command(`/agencies/${random.pick(SHARED_AGENCIES)}/aliases`, { alias: `Bí danh ${unique}` })
    : command(`/indicators/${encodeURIComponent(`${PLAN}/${random.pick(SHARED_INDICATORS)}`)}/rewording`, {
        title: `Tỷ lệ ${unique}`,
        effectiveOn: '2026-01-05',
        ...REASON,
      });
