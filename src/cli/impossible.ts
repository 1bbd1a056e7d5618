/** What a person at the console was not able to do, in words for them. */
export class Impossible extends Error {
  override readonly name = 'Impossible';
}
