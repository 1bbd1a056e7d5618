import type { HistoryAnswer, IndicatorAnswer } from '../../application/queries/indicators.js';
import type { OneMeasurement } from '../../application/queries/measurements.js';
import type { MeasurementAnswer, MeasurementStep } from '../../application/trail/steps.js';
import type { Figure, Formula, Wording } from '../../domain/indicator/events.js';
import type { Baseline, Benchmark, Indicator, Target } from '../../domain/indicator/indicator.js';
import { MEASUREMENT_STATES, type Measurement } from '../../domain/indicator/measurement.js';
import {
  ASSIGNMENTS,
  ASSUMPTIONS,
  END,
  LEGAL_BASIS,
  pageOf,
  REVISION,
  SOURCE,
  STALE,
  type Stale,
  timelineOf,
  WHEN,
} from './common.js';
import {
  day,
  decimal,
  described,
  flag,
  instant,
  integer,
  listOf,
  named,
  nullable,
  objectOf,
  oneOf,
  type Properties,
  position,
  text,
  uuid,
} from './schema.js';
import { COMPONENTS, CRITERION, JUDGEMENT, MILESTONE, STATUS_ITEM } from './status.js';
import { ENTRY_OF_HISTORY } from './trail.js';

const FIGURE: Properties<Figure> = {
  value: nullable(decimal),
  met: nullable(JUDGEMENT),
  components: nullable(COMPONENTS),
  qualifier: nullable(text),
  source: nullable(text),
  evidence: nullable(text),
  note: nullable(text),
};

const REPORTED = {
  id: text,
  period: text,
  agencyId: described('Null for the provincial office’s own', nullable(text)),
  state: oneOf(...MEASUREMENT_STATES),
  reportedBy: text,
  warnings: listOf(text),
};

const WORDING = objectOf<Wording>({
  title: text,
  unit: nullable(text),
  direction: oneOf('higher-is-better', 'lower-is-better'),
  guidance: nullable(text),
  formula: nullable(objectOf<Formula>({ numerator: listOf(text), denominator: listOf(text) })),
});

const BASELINE = objectOf<Baseline>({
  notation: text,
  value: nullable(decimal),
  unit: nullable(text),
  qualifier: nullable(text),
  period: text,
});

const TARGET = nullable(objectOf<Target>({ notation: text, criterion: CRITERION }));

const FACTS = objectOf<Indicator & Stale>({
  id: text,
  planId: text,
  code: text,
  parent: nullable(text),
  section: nullable(text),
  order: integer,
  deadline: described('Verbatim', nullable(text)),
  adoptedOn: day,
  source: nullable(SOURCE),
  assumed: ASSUMPTIONS,
  wording: timelineOf(WORDING),
  baseline: timelineOf(BASELINE),
  targets: listOf(
    objectOf<Indicator['targets'][number]>({
      milestone: MILESTONE,
      timeline: described('A null value is a withdrawn target', timelineOf(TARGET)),
    }),
  ),
  assignments: ASSIGNMENTS,
  benchmarks: timelineOf(
    objectOf<Benchmark>({ benchmark: text, value: decimal, period: text, source: text }),
  ),
  measurements: listOf(
    objectOf<Measurement>({
      ...{ ...FIGURE, ...REPORTED, corrected: flag, sequence: integer },
      authors: described('Who reported it and who corrected it: none of them accepts it', listOf(text)),
    }),
  ),
  dropped: nullable(END),
  version: described('How many events were folded', integer),
  ...STALE,
});

export const INDICATOR = named(
  'Indicator',
  objectOf<IndicatorAnswer>({
    ...STATUS_ITEM,
    facts: FACTS,
    revision: REVISION,
    ...WHEN,
  }),
);

export const HISTORY = named(
  'History',
  objectOf<HistoryAnswer>({ items: listOf(ENTRY_OF_HISTORY), ...WHEN }),
);

const STEP = objectOf<MeasurementStep>({
  event: text,
  eventId: uuid,
  position,
  recordedAt: instant,
  by: objectOf<MeasurementStep['by']>({ subject: text, name: text, agencyId: nullable(text) }),
  figure: nullable(objectOf<Figure>(FIGURE)),
  reason: nullable(text),
  legalBasis: nullable(LEGAL_BASIS),
});

const MEASUREMENT_ITEM: Properties<MeasurementAnswer> = {
  ...FIGURE,
  ...REPORTED,
  indicatorId: text,
  planId: text,
  history: listOf(STEP),
  position,
  ...STALE,
};

export const ONE_MEASUREMENT = named(
  'Measurement',
  objectOf<OneMeasurement>({
    ...MEASUREMENT_ITEM,
    position: described('Read at', position),
    revision: described("The indicator's, the same as in ETag", integer),
  }),
);

export const MEASUREMENT_PAGE = objectOf(
  pageOf(named('MeasurementItem', objectOf<MeasurementAnswer>(MEASUREMENT_ITEM))),
);
