/** What adapters are injected by. */
export const JOB_QUEUE = Symbol('JobQueue');
export const ACCESS_LOG = Symbol('AccessLog');
export const CLOCK = Symbol('Clock');
