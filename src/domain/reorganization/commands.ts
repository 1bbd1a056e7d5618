import type { Command } from '../given.js';
import type { LegalBasis } from '../message.js';
import type { Place } from './allocation.js';
import type { Decree, ReorganizationApplied, ReorganizationTurnedBack } from './events.js';

/**
 * `affected` is what the predecessors that end and are not allocated as a whole hold on the day or take up later;
 * `nowhere` are the allocations, by their index, whose scope names nothing that there is.
 */
export type DecreeReorganization = Command<
  'DecreeReorganization',
  Omit<Decree, 'legalBasis'> & { readonly legalBasis: LegalBasis | null }
> & { readonly affected: readonly Place[]; readonly nowhere: readonly number[] };
export type ApplyReorganization = Command<'ApplyReorganization', ReorganizationApplied['data']>;
export type RevokeReorganization = Command<
  'RevokeReorganization',
  {
    readonly reorganizationId: string;
    readonly effectiveOn: string;
    readonly reason: string;
    readonly legalBasis: LegalBasis | null;
  }
>;

export type TurnBackReorganization = Command<'TurnBackReorganization', ReorganizationTurnedBack['data']>;

export type ReorganizationCommand =
  | DecreeReorganization
  | ApplyReorganization
  | RevokeReorganization
  | TurnBackReorganization;
