import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HotStreams } from '../application/hot-streams.js';
import type { Progress } from '../application/progress.js';
import type { StreamStates } from '../application/stream-states.js';
import type { EventStore } from '../ports/event-store.js';
import { asked } from './asked.js';

/** What is measured of a running ledger, in Prometheus' text format. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'so_cai_http_request_seconds',
    help: 'Time from a request to its answer, in seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor({
    events,
    hotStreams,
    states,
    progress,
  }: {
    readonly events: EventStore;
    readonly hotStreams: Pick<HotStreams, 'counts'>;
    readonly states: Pick<StreamStates, 'counts'>;
    readonly progress: Progress;
  }) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'so_cai_log_position',
      help: 'Position of the last event in the log',
      registers,
      async collect() {
        // Of a log that cannot be asked the position is not known; the rest is told all the same.
        const { state, answer } = await asked(() => events.head());
        this.set(state === 'up' ? Number(answer ?? 0) : Number.NaN);
      },
    });
    for (const { name, events: kept, reads, source } of [
      {
        name: 'so_cai_hot_stream',
        events: 'Events of streams that are kept in memory',
        reads: 'Reads of a stream, by whether its beginning was in memory',
        source: hotStreams,
      },
      {
        name: 'so_cai_stream_state',
        events: 'Events of streams whose folded state is kept in memory, for commands',
        reads: 'Streams that a command needed, by whether their state was in memory',
        source: states,
      },
    ]) {
      new Gauge({
        name: `${name}_events`,
        help: kept,
        registers,
        collect() {
          this.set(source.counts.events);
        },
      });
      new Counter({
        name: `${name}_reads_total`,
        help: reads,
        labelNames: ['found'],
        registers,
        collect() {
          this.reset();
          this.inc({ found: 'yes' }, source.counts.hits);
          this.inc({ found: 'no' }, source.counts.misses);
        },
      });
    }
    new Gauge({
      name: 'so_cai_projection_position',
      help: 'Position up to which each projection has folded the log',
      labelNames: ['projection'],
      registers,
      async collect() {
        // How far they are cannot be told while the read models are away; the rest is told all the same.
        const names = progress.names();
        const { answer } = await asked(() => progress.checkpoints(names));
        for (const [index, projection] of names.entries())
          this.set({ projection }, answer ? Number(answer[index] ?? 0) : Number.NaN);
      },
    });
    new Gauge({
      name: 'so_cai_projection_faults',
      help: 'Events that a projection could not fold',
      labelNames: ['projection'],
      registers,
      async collect() {
        await Promise.all(
          progress.names().map(async (projection) => {
            const { answer } = await asked(() => progress.faults(projection));
            this.set({ projection }, answer ? answer.length : Number.NaN);
          }),
        );
      },
    });
  }

  readonly contentType = this.registry.contentType;

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Times every request of a server, by route and not by address, so that ids make no new series. */
  observe(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const labels = {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
      };
      this.requests.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}
