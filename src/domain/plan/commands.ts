import type { Command } from '../given.js';
import type { LegalBasis } from '../message.js';
import type { PlanDetails, PlanIssued } from './events.js';

interface Changed {
  readonly planId: string;
  readonly effectiveOn: string;
  readonly reason: string;
  readonly legalBasis: LegalBasis | null;
}

export type IssuePlan = Command<'IssuePlan', PlanIssued['data']>;
export type OpenPlan = Command<'OpenPlan', { readonly planId: string; readonly effectiveOn: string }>;
/** What is left out stays as it is. */
export type AmendPlan = Command<'AmendPlan', Partial<PlanDetails> & Changed>;
export type SupersedePlan = Command<'SupersedePlan', Changed & { readonly by: string }>;
export type ClosePlan = Command<'ClosePlan', Changed>;

export type PlanCommand = IssuePlan | OpenPlan | AmendPlan | SupersedePlan | ClosePlan;
