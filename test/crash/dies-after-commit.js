// `DIES_AFTER=MeasurementReported node --import ./test/crash/dies-after-commit.js dist/src/main.js`: the server as it is,
// but that it is gone as soon as an event of that type is committed, before anybody hears of it.
import { SqliteEventStore } from '../../dist/src/adapters/sqlite/event-store.js';

const append = SqliteEventStore.prototype.append;

SqliteEventStore.prototype.append = async function (stream, events, expected) {
  const appended = await append.call(this, stream, events, expected);
  if (events.some(({ type }) => type === process.env['DIES_AFTER'])) process.kill(process.pid, 'SIGKILL');
  return appended;
};
