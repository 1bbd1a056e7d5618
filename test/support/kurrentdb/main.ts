// A server that a client of EventStoreDB 23.10 (now KurrentDB) cannot tell from the real one, as far as the ledger uses
// it; it does what it is told over IPC and ends with the process that started it.
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { Log } from './log.js';
import { type Manners, StreamsService } from './service.js';

/** What the server is told. */
export interface Order {
  readonly number: number;
  readonly manners?: Partial<Manners>;
  /**
   * Drop live subscribers as too slow; throw away metadata that was replaced; replace the last event by another; end
   * subscriptions and the process as a server that stops.
   */
  readonly act?: 'drop' | 'scavenge' | 'replace' | 'close';
}

/** What it answers. */
export interface Told {
  readonly number: number;
  readonly openReads: number;
  readonly liveSubscribers: number;
}

const [port = '0', file = '', manners = '{}'] = process.argv.slice(2);

const log = new Log(file === '' ? null : file);
const service = new StreamsService(log);
Object.assign(service.manners, JSON.parse(manners));

// The stream of messages of one append may be long; its parts are small.
const server = new Server({ 'grpc.max_receive_message_length': 17 * 1_048_576 });
const { append, read } = service;
server.addService(services.StreamsService, { append, read } as UntypedServiceImplementation);

process.on('disconnect', () => process.exit());
process.on('message', ({ number, manners: changed, act }: Order) => {
  Object.assign(service.manners, changed);
  if (act === 'drop') service.dropSubscribers();
  if (act === 'scavenge') service.scavenge();
  if (act === 'replace') log.replaceLast();
  if (act === 'close') {
    service.endSubscriptions();
    server.tryShutdown(() => process.exit());
    setTimeout(() => process.exit(), 500);
  }
  const { openReads, liveSubscribers } = service;
  process.send?.({ number, openReads, liveSubscribers: liveSubscribers.length } satisfies Told);
});

server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  process.send?.({ port: bound });
});
