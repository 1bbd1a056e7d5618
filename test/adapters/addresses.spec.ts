import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { BadAddress } from '../../src/adapters/bad-address.js';
import { BullmqJobQueue } from '../../src/adapters/bullmq/job-queue.js';
import { KurrentEventStore } from '../../src/adapters/kurrentdb/event-store.js';
import { MongoReadModels } from '../../src/adapters/mongodb/read-models.js';
import { ReadModelsUnavailable } from '../../src/ports/read-models.js';

const SECRET = 's3cret';
const at = (rest: string): string => `//ledger:${SECRET}@${rest}`;

const refused = async (open: () => unknown, words: RegExp): Promise<void> => {
  const error = await Promise.resolve()
    .then(open)
    .then(
      () => undefined,
      (reason: Error) => reason,
    );
  expect(error).toBeInstanceOf(BadAddress);
  expect(error?.message).toMatch(words);
  expect(`${error?.stack} ${error?.cause}`).not.toContain(SECRET);
};

const warned = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
afterEach(() => {
  expect(warned).not.toHaveBeenCalled();
  warned.mockClear();
});

describe('an address of KurrentDB is refused without being repeated', () => {
  it.each([
    ['an option that the client does not know', at('h:2113?keepAliveIntervall=1'), /"keepAliveIntervall"/],
    ['one that only looks like one of an object', at('h?constructor=1'), /"constructor"/],
    ['one that the client cannot follow', at('h?tlsVerifyCert=false'), /"tlsVerifyCert" .* is true$/],
    ['a number that is none', at('h?gossipTimeout=soon'), /"gossipTimeout" .* whole number/],
    ['a number with something behind it', at('h?defaultDeadline=5s'), /"defaultDeadline"/],
    ['another word for true', at('h?tls=yes'), /"tls" .* true or false/],
    ['a node that is none', at('h?nodePreference=any'), /"nodePreference" .* leader/],
    ['a value that is missing', at('h?tls='), /"tls"/],
    ['a value with %', at('h?connectionName=100%'), /"connectionName" .*percent/],
    ['a port that is none', at('h:73o3'), /port/],
    ['a port too large', at('h:99999,k'), /port/],
    ['two addresses', at(`h,esdb:${at('k')}`), /looks like/],
    ['a password with %', `//ledger:${SECRET}%zz@h`, /password .*percent/],
    ['a certificate that is not there', at('h?tlsCAFile=/khong/co'), /File was not found/],
    ['a certificate without its key', at('h?userCertFile=/khong/co'), /userKeyFile/],
  ])('%s', (_, rest, words) => refused(() => KurrentEventStore.open(`esdb:${rest}`), words));

  it('and taken with everything that the client knows', async () => {
    const options =
      'tls=false&tls-verify-cert=true&node_preference=readOnlyReplica&maxDiscoverAttempts=3&discoveryInterval=10&' +
      'gossipTimeout=5&keepAliveInterval=-1&keepAliveTimeout=10000&defaultDeadline=9&throwOnAppendFailure=true&connectionName=a%20b';
    await KurrentEventStore.open(`esdb+discover:${at('k1:2113,k-2.example.vn:1,k3')}/?${options}`).close();
  });
});

describe('an address of MongoDB is refused without being repeated', () => {
  it.each([
    ['an option that the driver does not know', at('h/db?replicaSett=rs0'), /replicasett/i],
    ['an option with a value that is none', at('h/db?tls=yes'), /tls/],
    ['a port too large', at('h:99999/db'), /./],
    ['a password with %', `//ledger:${SECRET}%zz@h/db`, /./],
    ['a password with @', `//ledger:@${SECRET}@h/db`, /./],
    ['no host', '//', /./],
  ])('%s', (_, rest, words) => refused(() => MongoReadModels.open(`mongodb:${rest}`), words));

  it('but waited for while its members cannot be looked up', async () => {
    await expect(MongoReadModels.open(`mongodb+srv:${at('khong-co.invalid/db')}`)).rejects.toThrow(
      ReadModelsUnavailable,
    );
  });
});

describe('an address of Redis is refused without being repeated', () => {
  it.each([
    ['a password with %', `//:${SECRET}%zz@h`],
    ['a port too large', at('h:99999')],
    ['a port that is none', at('h:73o3')],
  ])('%s', (_, rest) =>
    refused(
      () => BullmqJobQueue.open(`redis:${rest}`, { prefix: 'p', onError: () => undefined }),
      /Redis address/,
    ),
  );
});
