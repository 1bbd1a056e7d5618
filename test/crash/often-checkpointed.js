// `node --import ./test/crash/often-checkpointed.js dist/src/main.js`: the server as it is, but that it copies its
// write-ahead logs back after a few pages, so that a kill often falls into that.
import { EVENTS_SHAPE } from '../../dist/src/adapters/sqlite/event-log.js';
import { READ_SHAPE } from '../../dist/src/adapters/sqlite/read-file.js';

EVENTS_SHAPE.checkpointPages = 16;
READ_SHAPE.checkpointPages = 64;
