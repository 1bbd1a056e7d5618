import type {
  ApplyReorganization,
  DecreeReorganization,
  ReorganizationCommand,
  RevokeReorganization,
  TurnBackReorganization,
} from '../../../src/domain/reorganization/commands.js';
import type { Allocation, ReorganizationEvent } from '../../../src/domain/reorganization/events.js';
import { alive, knowing, WHY } from '../../support/decider.js';

/** Short ways to ask something of one reorganization; each command is in order unless it is said otherwise. */
const ID = 'sap-xep-2025';
const given = knowing({
  plan: null,
  agencies: { ...knowing().agencies, 'so-cu': alive, 'so-nnptnt': alive },
});

export const all = (predecessor: string, successor: string): Allocation => ({
  predecessor,
  successor,
  scope: { kind: 'all' },
  role: null,
});

/** Sở cũ goes into Sở KH&CN, from April 2026 on. */
export const decree = (
  over: Partial<DecreeReorganization['data']> = {},
  { affected = [], nowhere = [] }: Partial<Pick<DecreeReorganization, 'affected' | 'nowhere'>> = {},
): DecreeReorganization => ({
  type: 'DecreeReorganization',
  data: {
    reorganizationId: ID,
    kind: 'merge',
    predecessors: ['so-cu', 'so-khcn'],
    successors: ['so-khcn'],
    establishes: [],
    renaming: null,
    allocations: [all('so-cu', 'so-khcn')],
    effectiveOn: '2026-04-01',
    ...WHY,
    ...over,
  },
  given,
  affected,
  nowhere,
});

export const apply = (): ApplyReorganization => ({
  type: 'ApplyReorganization',
  data: { reorganizationId: ID, effectiveOn: '2026-04-01', indicators: 2, tasks: 1 },
  given,
});

export const revoke = (over: Partial<RevokeReorganization['data']> = {}): RevokeReorganization => ({
  type: 'RevokeReorganization',
  data: { reorganizationId: ID, effectiveOn: '2026-05-01', ...WHY, ...over },
  given,
});

export const turnBack = (): TurnBackReorganization => ({
  type: 'TurnBackReorganization',
  data: { reorganizationId: ID, effectiveOn: '2026-05-01', indicators: 2, tasks: 1 },
  given,
});

/** For every event of a reorganization, commands that lead to it, the last of them yielding it. */
export const REORGANIZATION_STORIES: Readonly<
  Record<ReorganizationEvent['type'], readonly ReorganizationCommand[]>
> = {
  ReorganizationDecreed: [decree()],
  ReorganizationApplied: [decree(), apply()],
  ReorganizationRevoked: [decree(), apply(), revoke()],
  ReorganizationTurnedBack: [decree(), apply(), revoke(), turnBack()],
};
