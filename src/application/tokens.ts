/** What the application's own parts are injected by. */
export const WRITING = Symbol('Writing');
export const HOLDINGS = Symbol('Holdings');
