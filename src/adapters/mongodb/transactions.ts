import type { Binary, ClientSession } from 'mongodb';

/** Transactions in one session, one after the other. */
export class Transactions {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly session: ClientSession) {}

  /** What a server knows the session by. */
  get id(): Binary {
    return this.session.id?.id as Binary;
  }

  /** Does all of it or nothing; begins anew, as the driver does, when others were in the way. */
  run<Answer>(work: (session: ClientSession) => Promise<Answer>): Promise<Answer> {
    const turn = this.#turn.then(() => this.session.withTransaction(work));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
