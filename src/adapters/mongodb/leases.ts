import type { Collection as Documents } from 'mongodb';
import { type Lease, type Leases, LeasesUnavailable } from '../../ports/leases.js';
import { isDuplicate, MongoConnection } from './connection.js';

interface LeaseDocument {
  readonly _id: string;
  readonly epoch: number;
  /** Counts how often this epoch was renewed. */
  readonly beat: number;
  readonly held: boolean;
}

interface Seen {
  readonly epoch: number;
  readonly beat: number;
  readonly since: number;
}

/**
 * Leases in one MongoDB collection. A holder counts up; whoever wants the lease takes it when the count has stood still
 * for its time, by its own clock: no two machines' clocks are ever compared.
 */
export class MongoLeases implements Leases {
  readonly #documents: Documents<LeaseDocument>;
  readonly #seen = new Map<string, Seen>();

  private constructor(
    private readonly connection: MongoConnection,
    readonly ttlMs: number,
    private readonly now: () => number,
  ) {
    this.#documents = connection.database.collection<LeaseDocument>('leases');
  }

  /**
   * @param now milliseconds that only grow
   * @throws LeasesUnavailable
   */
  static async open(
    url: string,
    ttlMs: number,
    {
      database,
      now = () => performance.now(),
    }: { readonly database?: string; readonly now?: () => number } = {},
  ): Promise<MongoLeases> {
    const unavailable = (message: string, cause?: unknown) => new LeasesUnavailable(message, { cause });
    return new MongoLeases(await MongoConnection.open(url, database, unavailable), ttlMs, now);
  }

  take(name: string): Promise<Lease | undefined> {
    return this.connection.ask(async () => {
      const found = await this.#documents.findOne({ _id: name });
      if (!found) return this.#first(name);
      if (found.held && !this.#standsStill(found)) return undefined;
      const epoch = found.epoch + 1;
      const { matchedCount } = await this.#documents.updateOne(found, {
        $set: { epoch, beat: 0, held: true },
      });
      return matchedCount === 0 ? undefined : { name, epoch };
    });
  }

  seize(name: string): Promise<Lease> {
    return this.connection.ask(async () => {
      const seized = await this.#documents.findOneAndUpdate(
        { _id: name },
        { $inc: { epoch: 1 }, $set: { beat: 0, held: true } },
        { upsert: true, returnDocument: 'after' },
      );
      if (!seized) throw new LeasesUnavailable(`the lease ${name} could not be written`);
      return { name, epoch: seized.epoch };
    });
  }

  renew({ name, epoch }: Lease): Promise<boolean> {
    return this.#ofHolder(name, epoch, { $inc: { beat: 1 } });
  }

  async release({ name, epoch }: Lease): Promise<void> {
    await this.#ofHolder(name, epoch, { $set: { held: false } });
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  #ofHolder(name: string, epoch: number, change: object): Promise<boolean> {
    return this.connection.ask(async () => {
      const { matchedCount } = await this.#documents.updateOne({ _id: name, epoch, held: true }, change);
      return matchedCount > 0;
    });
  }

  async #first(name: string): Promise<Lease | undefined> {
    try {
      await this.#documents.insertOne({ _id: name, epoch: 1, beat: 0, held: true });
      return { name, epoch: 1 };
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  #standsStill({ _id, epoch, beat }: LeaseDocument): boolean {
    const seen = this.#seen.get(_id);
    if (seen?.epoch === epoch && seen.beat === beat) return this.now() - seen.since >= this.ttlMs;
    this.#seen.set(_id, { epoch, beat, since: this.now() });
    return false;
  }
}
