import { agencyPortfolio } from '../../projections/agency-portfolio.js';
import { agencyRegistry } from '../../projections/agency-registry.js';
import { absenceOn } from '../domain/given.js';
import { entriesAfter, type Timeline, valueAt } from '../domain/timeline.js';
import type { Holdings } from './commands/agency.handler.js';
import type { Questions } from './questions.js';

/**
 * The assignments that an agency holds on a day or takes up later, and the collectives that it is a member of then, once
 * every event until now is in. Only what is asked before an agency is dissolved; whoever assigns to it meanwhile is
 * refused, or found afterwards.
 */
export const holdingsOf =
  (questions: Questions): Holdings =>
  async (agencyId, day) => {
    await questions.caughtUp([agencyPortfolio.name, agencyRegistry.name]);
    const rows = await questions.facts.portfolio(agencyId, { known: undefined });
    const holds = (timeline: Timeline<boolean>) => valuesFrom(timeline, day).includes(true);
    const holdings = rows.reduce(
      (count, { lead, coordinating }) => count + Number(holds(lead)) + Number(holds(coordinating)),
      0,
    );
    return { holdings, memberOf: await collectivesOf(questions, agencyId, day) };
  };

/** The collectives that live on a day and have an agency among their members then or later, by the rows as they are. */
export const collectivesOf = async (questions: Questions, agencyId: string, day: string): Promise<string[]> =>
  (await questions.facts.groups({ known: undefined }))
    .filter((group) => !absenceOn(group, day))
    .filter((group) => valuesFrom(group.members, day).some((members) => members?.includes(agencyId)))
    .map(({ id }) => id);

/** What holds on a day, and on each later one that has an entry. */
const valuesFrom = <Value>(timeline: Timeline<Value>, day: string): (Value | undefined)[] =>
  [day, ...entriesAfter(timeline, day).map(({ effectiveOn }) => effectiveOn)].map((on) =>
    valueAt(timeline, on),
  );
