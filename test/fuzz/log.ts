import { ask } from '../support/program.js';
import type { Exchange } from './fuzz.js';

interface Recorded {
  readonly id: string;
  readonly position: string;
  readonly metadata: { readonly correlationId: string };
}

const PAGE = 500;

/** Follows a log, and holds every event of it against the answers that were given. */
export class LogFollower {
  private head: string | null = null;
  private readonly ids = new Set<string>();
  private readonly allowed = new Set<string>();
  /** How many requests were answered with events. */
  accepted = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  get events(): number {
    return this.ids.size;
  }

  /** Reads what is in the log already. */
  async start(): Promise<void> {
    await this.read();
  }

  /** What is wrong between the answers and what the log holds now. */
  async faultsAfter(answers: readonly Exchange[]): Promise<string[]> {
    const taken = answers.filter(({ got }) => got.status < 300);
    for (const { correlation } of taken) this.allowed.add(correlation);
    const strange = (await this.read()).filter(({ metadata }) => !this.allowed.has(metadata.correlationId));
    return [
      ...strange.map((event) => `an event of no request that was accepted: ${JSON.stringify(event)}`),
      ...taken.flatMap(({ one, got }) => this.lost(one, got)),
    ];
  }

  private lost({ method, path }: Exchange['one'], { text }: Exchange['got']): string[] {
    const ids = eventIdsOf(text);
    if (ids.length > 0) this.accepted += 1;
    const lost = ids.filter((id) => !this.ids.has(id));
    return lost.length > 0 ? [`acknowledged to ${method} ${path}, and not in the log: ${lost}`] : [];
  }

  private async read(): Promise<Recorded[]> {
    const events: Recorded[] = [];
    for (;;) {
      const after = this.head === null ? '' : `&after=${this.head}`;
      const page = await ask<{ items: Recorded[]; next: string | null }>(
        `${this.url}/events?limit=${PAGE}${after}`,
        this.token,
      );
      events.push(...page.items);
      for (const { id } of page.items) this.ids.add(id);
      this.head = page.items.at(-1)?.position ?? this.head;
      if (page.next === null) return events;
    }
  }
}

const eventIdsOf = (text: string): readonly string[] => {
  if (!text.startsWith('{')) return [];
  const { eventIds } = JSON.parse(text) as { eventIds?: unknown };
  return Array.isArray(eventIds) ? eventIds.map(String) : [];
};
