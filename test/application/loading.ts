import type { Files } from '../../src/application/load/tables.js';
import type { Request } from '../../src/application/request.js';
import { type EventStore, StoreUnavailable } from '../../src/ports/event-store.js';
import { loadTables, type TestLedger } from '../support/ledger.js';
import { seenAs } from '../support/seen-as.js';

/** A store that takes so many appends, and then none. */
export const cutOffAfter = (appends: number, events: EventStore): EventStore => {
  let left = appends;
  return seenAs(events, {
    async append(...all) {
      if (left === 0) throw new StoreUnavailable('cut off');
      left -= 1;
      return events.append(...all);
    },
  });
};

/** Loads tables, by way of a store in the place of the ledger's own where one is given. */
export const loadInto = (
  ledger: TestLedger,
  files: Files,
  over: {
    dryRun?: boolean;
    onlyFill?: boolean;
    events?: EventStore;
    repeatable?: Request['repeatable'];
  } = {},
) => loadTables({ ...ledger, events: over.events ?? ledger.events }, files, over);
