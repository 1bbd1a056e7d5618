import { type Db, MongoClient, type MongoClientOptions, MongoError } from 'mongodb';
import { BadAddress } from '../bad-address.js';

/** The database, where the URL names none. */
const DATABASE = 'so-cai';

const OPTIONS: MongoClientOptions = {
  appName: 'so-cai',
  // What is answered must survive a change of the primary.
  writeConcern: { w: 'majority' },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  // Whoever waits for an answer hears within a few seconds that there is none: from a server that is not there, and from
  // one that accepts and never answers.
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 8_000,
  heartbeatFrequencyMS: 2_000,
};

/** The database that an address names: of several hosts, which no URL has, too. */
const databaseOf = (url: string): string => /^[^/]+\/\/[^/?]+\/([^?]+)/.exec(url)?.[1] ?? DATABASE;

/** What the driver says of an address may repeat it, and the password in it. */
const clientOf = (url: string): MongoClient => {
  try {
    return new MongoClient(url, OPTIONS);
  } catch (error) {
    const { message } = error as Error;
    const [, secrets] = /^[^/]+\/\/(.*)@/.exec(url) ?? [];
    const repeats = message.includes(url) || secrets?.split(':').some((part) => message.includes(part));
    throw new BadAddress(`the MongoDB address cannot be used: ${repeats ? 'it is not understood' : message}`);
  }
};

/** Whether the members of a `mongodb+srv` address could not be looked up. */
const isUnresolved = (error: unknown): error is Error =>
  /^query(?:Srv|Txt)$/.test(String((error as NodeJS.ErrnoException).syscall));

/** A connection to a replica set whose failures come in a port's own words. */
export class MongoConnection {
  #closed = false;

  private constructor(
    readonly client: MongoClient,
    readonly database: Db,
    private readonly unavailable: (message: string, cause?: unknown) => Error,
  ) {}

  /**
   * @param name the database; the URL's own when left out
   * @param unavailable what is thrown when the server cannot be asked
   * @throws BadAddress
   */
  static async open(
    url: string,
    name: string | undefined,
    unavailable: (message: string, cause?: unknown) => Error,
  ): Promise<MongoConnection> {
    const client = clientOf(url);
    const named = name ?? databaseOf(url);
    const connection = new MongoConnection(client, client.db(named), unavailable);
    try {
      await connection.ask(async () => {
        const { setName, msg } = await client.db('admin').command({ hello: 1 });
        if (setName === undefined && msg !== 'isdbgrid')
          throw new Error('the MongoDB server is no member of a replica set, and so has no transactions');
      });
      return connection;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** Does what asks the server. */
  async ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) throw this.unavailable('the connection to MongoDB is closed');
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MongoError || isUnresolved(error))) throw error;
      throw this.unavailable(`MongoDB failed: ${error.message}`, error);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.client.close();
  }
}

const DUPLICATE_KEY = 11_000;

export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoError && error.code === DUPLICATE_KEY;
