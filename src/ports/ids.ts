/** Source of new random ids (UUID, lower case). */
export interface Ids {
  next(): string;
}
