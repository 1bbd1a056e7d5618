/** The stream has moved past what the caller has seen. */
export class Stale extends Error {
  override readonly name = 'Stale';
  constructor(readonly revision: number | null) {
    super(revision === null ? 'there is nothing there yet' : `it is at revision ${revision} now`);
  }
}

/** The same Idempotency-Key came with another body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** The same command, by its Idempotency-Key, is being done at this moment. */
export class InProgress extends Error {
  override readonly name = 'InProgress';
}

/** Too many writers at once on one stream, or a projection that has not caught up: try again shortly. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** An event of a stream cannot be folded: nothing is decided on what it may have changed. Trying again does not help. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  constructor(
    readonly stream: string,
    readonly eventId: string,
    options?: ErrorOptions,
  ) {
    super(`the event ${eventId} of ${stream} cannot be read`, options);
  }
}

/** The caller may not do this. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** There is no such thing. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** A question asked in a way that cannot be answered; `field` names the parameter. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}
