import { SystemClock } from '../../src/adapters/system/clock.js';
import { RandomIds } from '../../src/adapters/system/ids.js';
import { describeClock } from './clock.contract.js';
import { describeIds } from './ids.contract.js';

describeClock('system', () => new SystemClock());
describeIds('random', () => new RandomIds());
