import type { Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthGuard } from '../auth/guard.js';
import { OnceGuard } from './once.guard.js';
import { validationPipe } from './pipe.js';
import { ProblemFilter } from './problem.filter.js';
import { UnaskedGuard } from './unasked.guard.js';

/** What holds for every route. The module that takes it provides AUTHENTICATOR and RATES too. */
export const HTTP_PROVIDERS: readonly Provider[] = [
  { provide: APP_GUARD, useClass: AuthGuard },
  { provide: APP_GUARD, useClass: UnaskedGuard },
  { provide: APP_GUARD, useClass: OnceGuard },
  { provide: APP_PIPE, useFactory: validationPipe },
  { provide: APP_FILTER, useClass: ProblemFilter },
];
