import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { built } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { crash } from './crash.js';

/** The long form is `npm run test:crash`. */
const KILLS = 10;

describe('a server that is killed', () => {
  const folder = temporaryFolder();
  beforeAll(built, 120_000);

  it('loses nothing that it acknowledged, answers every key as before, and reads as a rebuild does', async () => {
    const seed = randomInt(2 ** 31);
    const said: string[] = [`seed ${seed}`];
    const counts = await crash({ folder, kills: KILLS, seed, say: (line) => said.push(line) }).catch(
      (error) => {
        throw new Error(said.join('\n'), { cause: error });
      },
    );
    expect(counts.acknowledged).toBeGreaterThan(KILLS);
    expect(counts.events).toBeGreaterThan(counts.acknowledged);
    expect(counts.replays).toBeGreaterThanOrEqual(counts.acknowledged);
    expect(counts.comparisons).toBe(1);
  }, 180_000);
});
