import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { AdoptIndicator, IndicatorCommand } from '../../domain/indicator/commands.js';
import { indicatorDecider } from '../../domain/indicator/decider.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import { dayOf } from '../../domain/time.js';
import { traceIndicator } from '../../domain/trail.js';
import { handle, type Writing } from '../handle.js';
import { Reader } from '../reader.js';
import { AgencyRelations, type Subject } from '../relations.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { planIdOf } from './ids.js';
import { type Ordered, OrderIndicator } from './orders.js';

@CommandHandler(OrderIndicator)
export class IndicatorHandler implements ICommandHandler<OrderIndicator, Answer> {
  private readonly reader: Reader;

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.states);
  }

  async execute({ indicatorId, order, request }: OrderIndicator): Promise<Answer> {
    const planId = planIdOf(indicatorId);
    return handle(
      this.writing,
      {
        decider: indicatorDecider,
        trace: traceIndicator,
        stream: streamOf('indicator', indicatorId),
        planId,
        begins: order.type === 'AdoptIndicator',
        action: order.type,
        relations: (state, now) => {
          if (state === null)
            throw new Rejected('UnknownIndicator', 'This indicator does not exist.', 'indicatorId');
          const subject = { noun: 'indicator', held: state, figure: figureOf(order, state) } as const;
          return new AgencyRelations(this.reader, request.actor, subject, dayOf(now));
        },
        figure: (state) => state && standing(order, state),
        prepare: async (_state, now) => {
          if (order.type === 'AdoptIndicator') await this.hasParent(order.data);
          const given = await this.reader.given(now, request.actor.subject, planId, agenciesOf(order));
          return { ...order, given } as IndicatorCommand;
        },
      },
      request,
    );
  }

  private async hasParent({ parent, effectiveOn }: Ordered<AdoptIndicator>['data']): Promise<void> {
    if (parent === null) return;
    const above = await this.reader.indicator(parent);
    if (above === null)
      throw new Rejected('NoSuchParent', `There is no indicator ${parent} to stand under.`, 'parent');
    if (effectiveOn < above.adoptedOn)
      throw new Rejected('NoSuchParent', `${parent} holds only from ${above.adoptedOn}.`, 'parent');
    if (above.dropped && effectiveOn >= above.dropped.effectiveOn)
      throw new Rejected('NoSuchParent', `${parent} was dropped on ${above.dropped.effectiveOn}.`, 'parent');
  }
}

/** The figure that an order is about: one that should be there, or the one that is reported; null for none. */
const figureOf = (order: Ordered<IndicatorCommand>, { measurements }: Indicator): Subject['figure'] => {
  if (order.type === 'ReportMeasurement') return { agencyId: order.data.agencyId, state: null };
  if (!('measurementId' in order.data)) return null;
  const { measurementId } = order.data;
  return measurements.find(({ id }) => id === measurementId) ?? 'missing';
};

/** Id of the figure that an order names, or that stands where it reports the same again; null for none. */
const standing = (order: Ordered<IndicatorCommand>, { measurements }: Indicator): string | null => {
  if ('measurementId' in order.data) return order.data.measurementId;
  if (order.type !== 'ReportMeasurement') return null;
  const { period, agencyId } = order.data;
  const same = measurements.find(
    (figure) => figure.period === period && figure.agencyId === agencyId && figure.state !== 'retracted',
  );
  return same?.id ?? null;
};

const agenciesOf = (order: Ordered<IndicatorCommand>): string[] => {
  if (order.type === 'AssignIndicator') return [...order.data.agencies];
  if (order.type === 'TransferIndicator') return order.data.moves.map(({ to }) => to);
  return [];
};
