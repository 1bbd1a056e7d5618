import type { Actor, ActorRole } from '../domain/message.js';
import { Forbidden } from './errors.js';
import { type Action, type Ownership, RIGHTS, type Right, type Standing } from './rights.js';

/** How an actor's agency stands to what a command is about; asked only where the right depends on it. */
export interface Relations {
  standing(): Promise<Standing>;
  /** Whose the figure is that the command is about; null when it is about none. @throws when there is no such figure */
  ownership(): Promise<Ownership | null>;
  /** The refusal to one who stands so. */
  refusal(standing: Standing, ownership: Ownership | null): Error;
}

const rightOf = (role: ActorRole, action: string): Right | null => {
  const rights: Readonly<Partial<Record<ActorRole, Right>>> | undefined = Object.hasOwn(RIGHTS, action)
    ? RIGHTS[action as Action]
    : undefined;
  return rights?.[role] ?? null;
};

/**
 * Lets a role through that may take at least one of the actions, be it under a condition.
 * @throws Forbidden
 */
export const mayAtAll = ({ role }: Pick<Actor, 'role'>, actions: readonly string[]): void => {
  if (!actions.some((action) => rightOf(role, action) !== null))
    throw new Forbidden(`The role ${role} may not do this.`);
};

/**
 * Lets an actor through who may take the action, as it stands to its subject now. What the table does not name is denied.
 * @throws Forbidden, or what the relations refuse with: also that there is no such figure
 */
export const authorise = async (
  actor: Pick<Actor, 'role'>,
  action: string,
  relationsOf: (() => Relations) | null,
): Promise<void> => {
  mayAtAll(actor, [action]);
  const right = rightOf(actor.role, action);
  if (right === null || right === 'always') return;
  if (relationsOf === null) throw new Forbidden(`The role ${actor.role} may not do this.`);
  const relations = relationsOf();
  const standing = await relations.standing();
  if (!right.standing.includes(standing)) throw relations.refusal(standing, null);
  const ownership = right.figures ? await relations.ownership() : null;
  if (ownership !== null && !right.figures?.includes(ownership)) throw relations.refusal(standing, ownership);
};

const UNACCEPTED: Action = 'ReadUnacceptedFigures';

/** Whether the actor may see every figure that was reported and is not accepted. */
export const seesEveryFigure = ({ role }: Pick<Actor, 'role'>): boolean =>
  rightOf(role, UNACCEPTED) === 'always';

/** Whether a role may see a figure that was reported and is not accepted, by whose it is. */
export const seesUnaccepted = ({ role }: Pick<Actor, 'role'>, ownership: Ownership): boolean => {
  const right = rightOf(role, UNACCEPTED);
  if (right === null || right === 'always') return right !== null;
  return right.figures?.includes(ownership) ?? true;
};
