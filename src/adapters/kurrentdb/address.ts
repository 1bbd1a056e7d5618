import type { Credentials } from '@eventstore/db-client';

/** What cannot be the address of a KurrentDB server. */
export class BadAddress extends Error {
  override readonly name = 'BadAddress';
}

const ADDRESS = /^esdb(?:\+discover)?:\/\/(?:([^:@/]+):([^@/]+)@)?[^@/?]+/;
/** What a server that runs without security takes as anybody's. */
const ANYBODY: Credentials = { username: 'admin', password: 'changeit' };

/** Whether a text means a KurrentDB server, and not a folder. */
export const isKurrentAddress = (text: string): boolean => /^esdb(?:\+discover)?:\/\//.test(text);

/**
 * The credentials of an address (`esdb://name:password@host:2113`). Every append names them itself: without, the client
 * sends it another way, on which one broken connection fails everybody's appends.
 * @throws BadAddress for what is no address, or has no credentials and does not say tls=false
 */
export const credentialsOf = (address: string): Credentials => {
  const match = ADDRESS.exec(address);
  if (!match) throw new BadAddress('a KurrentDB address looks like esdb://name:password@host:2113');
  const [, username, password] = match;
  if (username !== undefined && password !== undefined)
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  if (/[?&]tls=false\b/i.test(address)) return ANYBODY;
  throw new BadAddress('a KurrentDB address needs a name and a password, unless it says tls=false');
};
