/** Does one thing after the other, in the order in which they are asked for; one that fails keeps no other from being done. */
export class OneByOne {
  private last: Promise<unknown> = Promise.resolve();

  run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
