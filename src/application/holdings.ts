import { type Timeline, valuesFrom } from '../domain/timeline.js';
import type { Holdings } from './commands/agency.handler.js';
import type { Writing } from './handle.js';
import type { Questions } from './questions.js';
import { collectivesOf } from './reorganization/collectives.js';
import { carriedOut, carryOutEarlier } from './reorganization/earlier.js';

/**
 * The assignments that an agency holds on a day or takes up later, and the collectives that it is a member of then, once
 * every event until now is in and earlier decrees are carried out. Only what is asked before an agency is dissolved;
 * whoever assigns to it meanwhile is refused, or found afterwards.
 */
export const holdingsOf =
  (writing: Writing, questions: Questions): Holdings =>
  async (agencyId, day) => {
    await carryOutEarlier(writing, questions);
    await carriedOut(questions, [agencyId]);
    const rows = await questions.facts.portfolio(agencyId, { known: undefined });
    const holds = (timeline: Timeline<boolean>) => valuesFrom(timeline, day).includes(true);
    const holdings = rows.reduce(
      (count, { lead, coordinating }) => count + Number(holds(lead)) + Number(holds(coordinating)),
      0,
    );
    return { holdings, memberOf: await collectivesOf(questions, agencyId, day) };
  };
