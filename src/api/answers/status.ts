import type { StatusItem } from '../../application/queries/plan-status.js';
import { CODE } from '../../domain/ids.js';
import type { GroupVerdict } from '../../domain/status/group.js';
import { RULE } from '../../domain/status/rules.js';
import {
  type Assessment,
  type Line,
  STATUSES,
  type Verdict,
  type VerdictMeasurement,
  type VerdictPart,
  type VerdictTarget,
} from '../../domain/status/verdict.js';
import { type Criterion, type CriterionPart, MAX_PARTS } from '../../domain/target/criterion.js';
import { MAX_TEXT_LENGTH } from '../../domain/target/well-formed.js';
import { AGENCY_REF, pageOf, STALE_ITEM } from './common.js';
import {
  counts,
  day,
  decimal,
  described,
  flag,
  integer,
  kindOf,
  known,
  listOf,
  named,
  nullable,
  objectOf,
  oneOf,
  type Properties,
  type Schema,
  text,
} from './schema.js';

export const MILESTONE = described('A year, `yearly` or `open`', text);
export const STATUS = oneOf(...STATUSES);

const RELATION = oneOf('>=', '>', '<=', '<');
// It stands in itself: what goes round has a name everywhere, as the makers of clients need it.
const criterion: Schema<Criterion> = known('Criterion');
// They are asked for as they are answered, and so each says what it is held to.
const words: Schema<string> = { type: 'string', maxLength: MAX_TEXT_LENGTH };
const code: Schema<string> = { type: 'string', pattern: CODE.source };
const PART = named('CriterionPart', objectOf<CriterionPart>({ name: nullable(words), criterion }));
const ofNumber = { unit: nullable(words), qualifier: nullable(words) };

export const CRITERION = named(
  'Criterion',
  kindOf<Criterion>('Criterion', {
    threshold: { relation: RELATION, value: decimal, ...ofNumber },
    between: { low: decimal, high: decimal, ...ofNumber },
    rank: { within: decimal },
    comparative: { relation: RELATION, benchmark: code },
    state: { text: words },
    maintain: { text: words },
    growth: { low: decimal, high: nullable(decimal) },
    rising: {},
    all: { parts: { ...listOf(PART), maxItems: MAX_PARTS } },
    none: {},
    unread: { reason: words },
  }),
);

export const COMPONENTS = listOf(
  objectOf<{ readonly name: string; readonly value: string }>({ name: text, value: decimal }),
);
const KIND = oneOf<Criterion['kind']>(
  ...(['threshold', 'between', 'rank', 'comparative', 'state', 'maintain', 'growth', 'rising'] as const),
  ...(['all', 'none', 'unread'] as const),
);

export const JUDGEMENT = oneOf('met', 'partly', 'not-met');

const TARGET = objectOf<VerdictTarget>({
  milestone: MILESTONE,
  notation: text,
  criterion: CRITERION,
  effectiveOn: day,
});

const FIGURE = objectOf<VerdictMeasurement>({
  id: described('Null for the sum of a collective’s figures', nullable(text)),
  summedFrom: listOf(text),
  period: text,
  state: oneOf('reported', 'accepted'),
  value: nullable(decimal),
  met: nullable(JUDGEMENT),
  components: nullable(COMPONENTS),
  qualifier: nullable(text),
});

const LINE = objectOf<Line>({
  from: objectOf<Line['from']>({ value: decimal, on: day, source: oneOf('baseline', 'milestone') }),
  to: objectOf<Line['to']>({ value: decimal, on: day }),
  at: described(
    'What the line expects at the end of the figure’s period',
    objectOf<Line['at']>({ value: decimal, on: day }),
  ),
  ratio: decimal,
});

const REASON = described('Why the status is what it is, as a stable code', nullable(text));

const VERDICT: Properties<Verdict> = {
  status: STATUS,
  reason: REASON as Schema<Verdict['reason']>,
  overdue: flag,
  provisional: described('The figure used has not been accepted', flag),
  stale: described('The figure used is of a period that ended over 18 months ago', flag),
  aboveRange: flag,
  reachedLater: flag,
  milestone: MILESTONE,
  target: TARGET,
  measurement: nullable(FIGURE),
  line: nullable(LINE),
  parts: listOf(objectOf<VerdictPart>({ name: nullable(text), kind: KIND, status: STATUS, reason: REASON })),
  rule: oneOf(RULE),
  because: described('One plain sentence with the numbers used', text),
};

const ASSESSMENT = named(
  'Assessment',
  objectOf<Assessment>({ ...VERDICT, milestones: listOf(named('Verdict', objectOf<Verdict>(VERDICT))) }),
);

export const STATUS_ITEM: Properties<StatusItem> = {
  id: text,
  planId: text,
  code: text,
  order: integer,
  title: text,
  unit: nullable(text),
  section: nullable(text),
  parent: nullable(text),
  lead: objectOf<StatusItem['lead']>({
    agencies: listOf(AGENCY_REF),
    from: oneOf('own', 'parent', 'unassigned'),
  }),
  coordinating: listOf(AGENCY_REF),
  status: described('Null where nothing is asked of it', nullable(STATUS)),
  verdict: nullable(ASSESSMENT),
  children: described(
    'Of a group',
    nullable(
      objectOf<GroupVerdict>({
        status: nullable(STATUS),
        judgedBy: oneOf('target', 'children'),
        counts,
      }),
    ),
  ),
  dropped: nullable(day),
  supersededBy: nullable(text),
  ...STALE_ITEM,
};

export const STATUS_OF_ONE = named('IndicatorItem', objectOf<StatusItem>(STATUS_ITEM));

export const STATUS_PAGE = objectOf(pageOf(STATUS_OF_ONE));
