interface Waiting {
  readonly work: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is to be written in one turn of the event loop, in one transaction. */
export class SharedTransaction {
  #waiting: Waiting[] = [];
  #isHeld = false;

  /** @param transact does work in a transaction: all of it or, when it throws, nothing */
  constructor(private readonly transact: (work: () => void) => void) {}

  /** Resolves once the work is committed. One that fails takes no other with it. */
  run(work: () => void): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(() => this.#commit());
    return new Promise((resolve, reject) => this.#waiting.push({ work, resolve, reject }));
  }

  /** Nothing is written until the work is done. */
  async holding(work: () => Promise<void>): Promise<void> {
    this.#isHeld = true;
    try {
      await work();
    } finally {
      this.#isHeld = false;
      if (this.#waiting.length > 0) setImmediate(() => this.#commit());
    }
  }

  #commit(): void {
    if (this.#isHeld) return;
    const group = this.#waiting;
    this.#waiting = [];
    try {
      this.#write(group);
    } catch {
      for (const one of group) this.#writeAlone(one);
    }
  }

  #write(group: readonly Waiting[]): void {
    this.transact(() => {
      for (const { work } of group) work();
    });
    for (const { resolve } of group) resolve();
  }

  #writeAlone(one: Waiting): void {
    try {
      this.#write([one]);
    } catch (error) {
      one.reject(error);
    }
  }
}
