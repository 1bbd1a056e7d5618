import type { LogLevel as NestLogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { authenticator, trustOf } from './api/auth/authenticator.js';
import type { LocalIssuer } from './api/auth/local-issuer.js';
import { httpAdapter, nestOptions } from './api/http/hardening.js';
import { Metrics } from './api/metrics.js';
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
  const guard = authenticator(trustOf(config.auth, issuer), ledger.clock);
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
  if (ledger.roles.includes('api'))
    SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description()), {
      jsonDocumentUrl: 'docs/openapi.json',
    });
  return app;
};

const description = () =>
  new DocumentBuilder()
    .setTitle('Sổ Cái')
    .setDescription(
      'The ledger of a province’s plans: every target change, assignment shift and reported figure is an event; every answer is read as of a day and as known at an instant. An id with a slash is sent percent-encoded (`kh-1570-2025%2F7.1`).',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();

/** Nest's own news (`log`) is of interest only to who looks for a fault. */
const levelsOf = (level: LogLevel): NestLogLevel[] | false =>
  level === 'silent'
    ? false
    : level === 'debug'
      ? ['debug', 'log', 'warn', 'error', 'fatal']
      : level === 'error'
        ? ['error', 'fatal']
        : ['warn', 'error', 'fatal'];
