/** What adapters are injected by. */
export const EVENT_STORE = Symbol('EventStore');
export const READ_MODELS = Symbol('ReadModels');
export const JOB_QUEUE = Symbol('JobQueue');
export const ACCESS_LOG = Symbol('AccessLog');
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('Ids');
