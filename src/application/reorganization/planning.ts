import { streamOf } from '../../domain/events.js';
import type { Given } from '../../domain/given.js';
import { type PlannedTransfer, plannedTransfers } from '../../domain/reorganization/allocation.js';
import type { Allocation, Decree, Scope } from '../../domain/reorganization/events.js';
import { isMeant, placingsIn } from '../../domain/reorganization/places.js';
import { ending } from '../../domain/reorganization/reorganization.js';
import { chunksOf } from '../chunks.js';
import type { Heirs } from '../heirs.js';
import type { Questions } from '../questions.js';
import type { Reader } from '../reader.js';
import type { Affected } from './affected.js';
import { everyDecree, othersThan } from './decreed.js';

/** Subjects whose histories are read together. */
const READ_AT_ONCE = 1_000;

/** One subject, and what a decree would move of it. */
export interface Planned {
  readonly of: Affected;
  readonly transfers: readonly PlannedTransfer[];
}

/** What a decree would move if it were made now. @throws Rejected where it could not be done */
export const planned = async (
  decree: Decree,
  affected: readonly Affected[],
  known: Given,
  heirs: Heirs,
  questions: Questions,
): Promise<readonly Planned[]> => {
  const given = { ...known, agencies: { ...known.agencies, ...established(decree) } };
  const decrees = await everyDecree(questions);
  const later = decrees.filter(({ state }) => state.decree.effectiveOn > decree.effectiveOn);
  const others = othersThan(later, decrees);
  const livesOn = decree.predecessors.length > ending(decree).length;
  const plans: Planned[] = [];
  for (const together of chunksOf(affected, READ_AT_ONCE)) {
    const streams = together.map(({ subject: { kind, id } }) => ({ stream: streamOf(kind, id) }));
    // Only of a predecessor that lives on does it matter how it came to what it holds.
    const histories = livesOn ? await questions.events.readMany(streams) : [];
    together.forEach((of, index) => {
      const placings = placingsIn(histories[index] ?? []);
      const transfers = plannedTransfers(decree, of, given, {
        heirs: heirs.of.bind(heirs),
        movable: (...place) => isMeant({ decree, event: null }, others, placings, place),
        until: null,
      });
      plans.push({ of, transfers });
    });
  }
  return plans;
};

const established = ({ establishes, effectiveOn }: Decree): Given['agencies'] =>
  Object.fromEntries(
    establishes.map(({ agencyId, name }) => [
      agencyId,
      { name, kind: 'agency', establishedOn: effectiveOn, dissolutions: [] },
    ]),
  );

/** The allocations, by their index, whose scope names nothing that there is. */
export const nowhere = async (
  allocations: readonly Allocation[],
  reader: Reader,
): Promise<readonly number[]> => {
  const found = await Promise.all(allocations.map(({ scope }) => exists(scope, reader)));
  return found.flatMap((is, index) => (is ? [] : [index]));
};

const exists = async (scope: Scope, reader: Reader): Promise<boolean> => {
  switch (scope.kind) {
    case 'all':
      return true;
    case 'plan':
      return (await reader.plan(scope.planId)) !== null;
    case 'section': {
      const plan = await reader.plan(scope.planId);
      return !!plan?.details.some(({ value }) => value.sections.some(({ code }) => code === scope.section));
    }
    case 'indicator':
      return (await reader.indicator(scope.id)) !== null;
    case 'task':
      return (await reader.task(scope.id)) !== null;
  }
};
