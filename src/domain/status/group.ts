import { type Assessment, STATUSES, type Status, worst } from './verdict.js';

/** How a group stands, and how many of its children stand where. */
export interface GroupVerdict {
  /** Null when neither the group nor anything in it has a target. */
  readonly status: Status | null;
  /** Whether its own target decides, or its children do. */
  readonly judgedBy: 'target' | 'children';
  /** Children by status; those without a target are left out. */
  readonly counts: Readonly<Record<Status, number>>;
}

/**
 * A group with a target of its own is judged by it, another takes the worst of its children; the counts of its
 * children stand beside either. A child without a target is null, and left out.
 */
export const assessGroup = (
  own: Pick<Assessment, 'status'> | null,
  children: readonly (Status | null)[],
): GroupVerdict => {
  const counts = noneYet();
  for (const status of children) if (status !== null) counts[status] += 1;
  return own === null
    ? { status: worst(children), judgedBy: 'children', counts }
    : { status: own.status, judgedBy: 'target', counts };
};

const noneYet = (): Record<Status, number> =>
  Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
