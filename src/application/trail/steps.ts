import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Figure } from '../../domain/indicator/events.js';
import { saidOf } from '../../domain/indicator/figure.js';
import { isOfFigure, type JudgedFigure, type MeasurementEvent } from '../../domain/indicator/measurement.js';
import type { LegalBasis, Recorded } from '../../domain/message.js';
import type { EventStore } from '../../ports/event-store.js';
import { chunksOf, STREAMS_A_TURN } from '../chunks.js';
import { indicatorIdOf, planIdOf } from '../commands/ids.js';
import type { FoundFigure } from '../indicator-rows.js';

/** One thing that happened to a figure. */
export interface MeasurementStep {
  readonly event: string;
  readonly eventId: string;
  readonly position: string;
  readonly recordedAt: string;
  readonly by: { readonly subject: string; readonly name: string; readonly agencyId: string | null };
  readonly figure: Figure | null;
  readonly reason: string | null;
  readonly legalBasis: LegalBasis | null;
}

/** A figure as it stands, and everything that became of it. */
export interface MeasurementAnswer extends Figure, Omit<JudgedFigure, 'sequence'> {
  readonly indicatorId: string;
  readonly planId: string;
  readonly reportedBy: string;
  readonly warnings: readonly string[];
  readonly history: readonly MeasurementStep[];
  readonly position: string;
  readonly staleSince?: string;
}

/** Figures, each with what its stream says of it up to the event that its row was folded to. */
export const withSteps = async (
  figures: readonly FoundFigure[],
  events: Pick<EventStore, 'readMany'>,
): Promise<MeasurementAnswer[]> => {
  const asked = [...earliest(figures)];
  const steps = new Map<string, Recorded[]>();
  for (const [n, together] of chunksOf(asked, STREAMS_A_TURN).entries()) {
    if (n > 0) await nextTurn();
    const streams = together.map(([id, from]) => ({ stream: `indicator-${id}`, from }));
    for (const event of (await events.readMany(streams)).flat()) {
      if (!isOfFigure(event.type)) continue;
      const { measurementId } = event.data as MeasurementEvent['data'];
      const known = steps.get(measurementId);
      if (known) known.push(event);
      else steps.set(measurementId, [event]);
    }
  }
  return figures.map((figure) => answered(figure, steps.get(figure.key) ?? []));
};

/** Of each indicator, from where its stream has to be read. */
const earliest = (figures: readonly FoundFigure[]): ReadonlyMap<string, number> => {
  const from = new Map<string, number>();
  for (const { key, row } of figures) {
    const id = indicatorIdOf(key);
    const first = row.corrected ? 0 : row.sequence;
    from.set(id, Math.min(first, from.get(id) ?? first));
  }
  return from;
};

const answered = ({ key, row }: FoundFigure, events: readonly Recorded[]): MeasurementAnswer => {
  const { period, agencyId = null, reportedBy, state, position, staleSince } = row;
  const known = events.filter((event) => event.position <= position);
  const last = known.findLast(({ data }) => 'value' in data);
  if (!last) throw new Error(`there is no report of ${key}`);
  const said = last.data as Said;
  return {
    ...{
      id: key,
      indicatorId: indicatorIdOf(key),
      planId: planIdOf(key),
      period,
      agencyId,
      reportedBy,
      state,
      ...saidOf(said),
    },
    ...{ warnings: said.warnings, history: known.map(step), position },
    ...(staleSince === undefined ? {} : { staleSince }),
  };
};

type Said = Extract<MeasurementEvent['data'], Figure>;

const step = (recorded: Recorded): MeasurementStep => {
  const event = recorded as unknown as MeasurementEvent;
  const { subject, name, agencyId } = recorded.metadata.actor;
  const reasoned = 'reason' in event.data ? event.data : null;
  return {
    event: event.type,
    eventId: recorded.id,
    position: recorded.position,
    recordedAt: recorded.metadata.recordedAt,
    by: { subject, name, agencyId },
    figure: 'value' in event.data ? saidOf(event.data) : null,
    reason: reasoned?.reason ?? (event.type === 'MeasurementAccepted' ? event.data.note : null),
    legalBasis: reasoned?.legalBasis ?? null,
  };
};
