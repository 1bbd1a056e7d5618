import { agencyPortfolio } from '../../projections/agency-portfolio.js';
import { valueAt } from '../domain/timeline.js';
import type { Holdings } from './commands/agency.handler.js';
import type { Questions } from './questions.js';

/**
 * Counts the assignments that an agency holds on a day or takes up later, once every event until now is in. Only what
 * is asked before an agency is dissolved; whoever assigns to it meanwhile is refused, or found afterwards.
 */
export const holdingsOf =
  (questions: Questions): Holdings =>
  async (agencyId, day) => {
    await questions.caughtUp([agencyPortfolio.name]);
    const rows = await questions.facts.portfolio(agencyId, { known: undefined });
    const holds = (timeline: (typeof rows)[number]['lead']) =>
      valueAt(timeline, day) === true ||
      timeline.some(({ effectiveOn, value }) => effectiveOn > day && value);
    return rows.reduce(
      (count, { lead, coordinating }) => count + Number(holds(lead)) + Number(holds(coordinating)),
      0,
    );
  };
