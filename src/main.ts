import { runOrExplain } from './cli/explain.js';
import { readConfig } from './config.js';
import { start } from './start.js';

await runOrExplain(() => start(readConfig(process.env)));
