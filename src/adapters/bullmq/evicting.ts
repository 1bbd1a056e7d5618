/** A server that may throw jobs away to make room: the queue refuses to work with it. */
export class EvictingServer extends Error {
  override readonly name = 'EvictingServer';
}
