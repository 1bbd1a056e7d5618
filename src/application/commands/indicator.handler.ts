import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejected } from '../../domain/decider.js';
import { streamOf } from '../../domain/events.js';
import type { IndicatorCommand } from '../../domain/indicator/commands.js';
import { indicatorDecider } from '../../domain/indicator/decider.js';
import type { Indicator } from '../../domain/indicator/indicator.js';
import type { Actor } from '../../domain/message.js';
import { responsibleAt } from '../../domain/status/responsibility.js';
import { dayOf } from '../../domain/time.js';
import { traceIndicator } from '../../domain/trail.js';
import { Forbidden } from '../errors.js';
import { handle, type Writing } from '../handle.js';
import { mayOrder } from '../policy.js';
import { Reader } from '../reader.js';
import type { Answer } from '../request.js';
import { WRITING } from '../tokens.js';
import { planIdOf } from './ids.js';
import { type Ordered, OrderIndicator } from './orders.js';

@CommandHandler(OrderIndicator)
export class IndicatorHandler implements ICommandHandler<OrderIndicator, Answer> {
  private readonly reader: Reader;

  constructor(@Inject(WRITING) private readonly writing: Writing) {
    this.reader = new Reader(writing.events);
  }

  async execute({ indicatorId, order, request }: OrderIndicator): Promise<Answer> {
    const onlyLed = mayOrder(request.actor, order.type);
    const planId = planIdOf(indicatorId);
    return handle(
      this.writing,
      {
        decider: indicatorDecider,
        trace: traceIndicator,
        stream: streamOf('indicator', indicatorId),
        planId,
        prepare: async (state, now) => {
          if (onlyLed) await this.answersFor(request.actor, order, state, dayOf(now));
          if (order.type === 'AdoptIndicator') await this.hasParent(order.data.parent);
          const given = await this.reader.given(now, request.actor.subject, planId, agenciesOf(order));
          return { ...order, given } as IndicatorCommand;
        },
      },
      request,
    );
  }

  private async hasParent(parent: string | null): Promise<void> {
    if (parent !== null && (await this.reader.indicator(parent)) === null)
      throw new Rejected('NoSuchParent', `There is no indicator ${parent} to stand under.`, 'parent');
  }

  /** Authority is tested on the day the command arrives, never on a period or an effectiveOn. */
  private async answersFor(
    actor: Actor,
    order: Ordered<IndicatorCommand>,
    state: Indicator | null,
    today: string,
  ): Promise<void> {
    if (state === null)
      throw new Rejected('UnknownIndicator', 'This indicator does not exist.', 'indicatorId');
    const above = new Map<string, Indicator>();
    for (let at: Indicator | null = state; at?.parent; ) {
      at = await this.reader.indicator(at.parent);
      if (at) above.set(at.id, at);
    }
    const { agencies } = responsibleAt(state, 'lead', today, (id) => above.get(id));
    if (actor.agencyId === null || !(await this.reader.isAmong(actor.agencyId, agencies, today)))
      throw new Forbidden(`${actor.agencyId ?? 'Your agency'} does not lead this indicator today.`);
    const of = agencyOf(order, state);
    if (of === undefined || of === actor.agencyId) return;
    // What an agency reported that answers no more is for its successors; who still answers does so for itself.
    if (order.type === 'ReportMeasurement' || of === null || (await this.reader.isAmong(of, agencies, today)))
      throw new Forbidden(
        `This figure is ${of === null ? 'the office’s' : `of ${of}`}: each answers for its own.`,
      );
  }
}

/** Whose figure an order is about (null: the office's); undefined when it is about none that exists. */
const agencyOf = (
  order: Ordered<IndicatorCommand>,
  { measurements }: Indicator,
): string | null | undefined => {
  if (order.type === 'ReportMeasurement') return order.data.agencyId;
  if (!('measurementId' in order.data)) return undefined;
  const { measurementId } = order.data;
  return measurements.find(({ id }) => id === measurementId)?.agencyId;
};

const agenciesOf = (order: Ordered<IndicatorCommand>): string[] => {
  if (order.type === 'AssignIndicator') return [...order.data.agencies];
  if (order.type === 'TransferIndicator') return order.data.moves.map(({ to }) => to);
  return [];
};
