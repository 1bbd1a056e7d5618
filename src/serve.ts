import type { LogLevel as NestLogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { authenticator, trustOf } from './api/auth/authenticator.js';
import type { LocalIssuer } from './api/auth/local-issuer.js';
import { httpAdapter, nestOptions } from './api/http/hardening.js';
import { ProblemBody } from './api/http/problem.js';
import { Metrics } from './api/metrics.js';
import { description, withCommonParts } from './api/openapi.js';
import { appModule } from './app.module.js';
import type { Config, LogLevel } from './config.js';
import type { Ledger } from './ledger.js';

export const API = 'api/v1';

/** An HTTP server around an open ledger, not yet listening: the API where that is its role, its health in any. */
export const createServer = async (
  config: Pick<Config, 'auth' | 'metrics' | 'log'>,
  ledger: Ledger,
  issuer: LocalIssuer | null,
): Promise<NestFastifyApplication> => {
  const guard = authenticator(trustOf(config.auth, issuer, ledger.clock), ledger.clock);
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(config, ledger, guard),
    httpAdapter(),
    {
      ...nestOptions,
      logger: levelsOf(config.log),
    },
  );
  app.setGlobalPrefix(API);
  app.get(Metrics).observe(app.getHttpAdapter().getInstance());
  const document = () =>
    withCommonParts(SwaggerModule.createDocument(app, description(), { extraModels: [ProblemBody] }));
  if (ledger.roles.includes('api'))
    SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json' });
  return app;
};

/** Nest's own news (`log`) is of interest only to who looks for a fault. */
const levelsOf = (level: LogLevel): NestLogLevel[] | false =>
  level === 'silent'
    ? false
    : level === 'debug'
      ? ['debug', 'log', 'warn', 'error', 'fatal']
      : level === 'error'
        ? ['error', 'fatal']
        : ['warn', 'error', 'fatal'];
