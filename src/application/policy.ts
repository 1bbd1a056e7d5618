import type { Actor, ActorRole } from '../domain/message.js';
import { Forbidden } from './errors.js';

/** What a role may write: everything, nothing, or the reports of the subjects its agency leads. */
const WRITES: Readonly<Record<ActorRole, 'all' | 'reports' | 'nothing'>> = {
  admin: 'all',
  office: 'all',
  system: 'all',
  auditor: 'nothing',
  reporter: 'reports',
};

const REPORTS: ReadonlySet<string> = new Set([
  'ReportMeasurement',
  'CorrectMeasurement',
  'RetractMeasurement',
  'ReportTaskProgress',
]);

/**
 * Whether the actor may give an order of this type at all; deny by default.
 * @returns true when the actor may only do so for what its agency leads on the day of the command
 * @throws Forbidden
 */
export const mayOrder = (actor: Actor, type: string): boolean => {
  const writes = WRITES[actor.role];
  if (writes === 'all') return false;
  if (writes === 'reports' && REPORTS.has(type)) return true;
  throw new Forbidden(`The role ${actor.role} may not do this.`);
};

/** Whether the actor may see what was reported and not yet accepted, of any agency. */
export const seesUnaccepted = (actor: Actor, agencyId: string | null): boolean =>
  actor.role !== 'reporter' || (agencyId !== null && agencyId === actor.agencyId);
