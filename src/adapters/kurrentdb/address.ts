import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { BadAddress } from '../bad-address.js';

const ADDRESS = /^esdb(?:\+discover)?:\/\/(?:([^:@/?]+):([^@/?]+)@)?([^@/?]+)\/?(?:\?([^@?]*))?$/;
const HOST = /^[\w.-]+(?::(\d{1,5}))?$/;
const MAX_PORT = 65_535;
/** What a server that runs without security takes as anybody's. */
const ANYBODY: Credentials = { username: 'admin', password: 'changeit' };

const WHOLE = 'a whole number';
const COUNT = { is: /^\d+$/, told: WHOLE };
/** Of a time that -1 turns off. */
const MILLISECONDS = { is: /^(?:-1|\d+)$/, told: WHOLE };
const EITHER = { is: /^(?:true|false)$/, told: 'true or false' };
const TEXT = { is: /./, told: 'not empty' };
const NODES = 'leader, follower, read_only_replica or random';

/** What the client knows, and what it takes: of anything else it prints the whole address, and goes on without it. */
const OPTIONS = new Map<string, { readonly is: RegExp; readonly told: string }>(
  Object.entries({
    tls: EITHER,
    tlscafile: TEXT,
    // The client cannot leave certificates unchecked.
    tlsverifycert: { is: /^true$/, told: 'true' },
    usercertfile: TEXT,
    userkeyfile: TEXT,
    nodepreference: { is: /^(?:leader|follower|read[_-]?only[_-]?replica|random)$/i, told: NODES },
    maxdiscoverattempts: COUNT,
    discoveryinterval: COUNT,
    gossiptimeout: COUNT,
    keepaliveinterval: MILLISECONDS,
    keepalivetimeout: MILLISECONDS,
    defaultdeadline: { is: /^[1-9]\d*$/, told: WHOLE },
    throwonappendfailure: EITHER,
    connectionname: TEXT,
  }),
);

/** Whether a text means a KurrentDB server, and not a folder. */
export const isKurrentAddress = (text: string): boolean => /^esdb(?:\+discover)?:\/\//.test(text);

/**
 * The credentials of an address (`esdb://name:password@host:2113`). Every append names them itself: without, the client
 * sends it another way, on which one broken connection fails everybody's appends.
 * @throws BadAddress for what is no address, or has no credentials and does not say tls=false
 */
export const credentialsOf = (address: string): Credentials => {
  const match = ADDRESS.exec(address.trim());
  if (!match) throw new BadAddress('a KurrentDB address looks like esdb://name:password@host:2113');
  const [, username, password, hosts = '', options] = match;
  for (const host of hosts.split(',')) assertHost(host);
  for (const option of options?.split('&') ?? []) assertOption(option);
  if (username !== undefined && password !== undefined)
    return { username: decoded('name', username), password: decoded('password', password) };
  if (/[?&]tls=false\b/i.test(address)) return ANYBODY;
  throw new BadAddress('a KurrentDB address needs a name and a password, unless it says tls=false');
};

/** @throws BadAddress, as `credentialsOf`, and for files that it names and that cannot be read */
export const clientOf = (address: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(address);
  } catch (error) {
    const told =
      error instanceof Error && !('connectionString' in error) ? error.message : 'it is not understood';
    throw new BadAddress(`the KurrentDB address cannot be used: ${told}`);
  }
};

const assertHost = (host: string): void => {
  const [found, port = '2113'] = HOST.exec(host) ?? [];
  if (found === undefined || Number(port) === 0 || Number(port) > MAX_PORT)
    throw new BadAddress(`a KurrentDB address names hosts as host:2113, with a port from 1 to ${MAX_PORT}`);
};

const assertOption = (option: string): void => {
  const [key = '', value = '', ...more] = option.split('=');
  const known = OPTIONS.get(key.toLowerCase().replace(/[_-]/g, ''));
  if (!known) throw new BadAddress(`a KurrentDB address has no option "${key}"`);
  if (more.length > 0 || !known.is.test(value))
    throw new BadAddress(`the option "${key}" of a KurrentDB address is ${known.told}`);
  decoded(`option "${key}"`, value);
};

const decoded = (what: string, text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadAddress(`the ${what} of a KurrentDB address is not percent-encoded: % is written %25`);
  }
};
