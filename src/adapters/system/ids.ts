import { randomUUID } from 'node:crypto';
import type { Ids } from '../../ports/ids.js';

/** Random UUIDs (version 4). */
export class RandomIds implements Ids {
  next(): string {
    return randomUUID();
  }
}
