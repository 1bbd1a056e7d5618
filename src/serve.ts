import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { authenticator, trustOf } from './api/auth/authenticator.js';
import type { LocalIssuer } from './api/auth/local-issuer.js';
import { httpAdapter, nestOptions } from './api/http/hardening.js';
import { guardAnswers } from './api/http/headers.js';
import { ProblemBody } from './api/http/problem.js';
import { Rates } from './api/http/rates.js';
import { Metrics } from './api/metrics.js';
import { description, operationIdFactory, withCommonParts } from './api/openapi.js';
import { appModule } from './app.module.js';
import type { Config, LogLevel } from './config.js';
import type { Ledger } from './ledger.js';

export const API = 'api/v1';

/**
 * An HTTP server around an open ledger, not yet listening: the API where that is its role, its health in any. Without rate
 * limits in its configuration it has none.
 * @param redis an ioredis client in which several processes count their callers' requests together
 */
export const createServer = async (
  config: Pick<Config, 'auth' | 'metrics' | 'log'> & Partial<Pick<Config, 'rateLimits'>>,
  ledger: Ledger,
  issuer: LocalIssuer | null,
  redis?: object,
): Promise<NestFastifyApplication> => {
  const guard = authenticator(trustOf(config.auth, issuer, ledger.clock), ledger.clock);
  const rates = new Rates(config.rateLimits ?? null);
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(config, ledger, guard, rates),
    httpAdapter(guard, rates),
    {
      ...nestOptions,
      logger: loggerOf(config.log),
    },
  );
  app.setGlobalPrefix(API);
  const server = app.getHttpAdapter().getInstance();
  app.get(Metrics).observe(server);
  guardAnswers(server);
  await rates.attach(server, redis);
  const document = () =>
    withCommonParts(
      SwaggerModule.createDocument(app, description(), { extraModels: [ProblemBody], operationIdFactory }),
    );
  if (ledger.roles.includes('api'))
    SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json', raw: ['json'] });
  return app;
};

/** One JSON object a line, with the instant in milliseconds: whatever a line is made of, it stays one. */
const loggerOf = (level: LogLevel): ConsoleLogger | false =>
  level === 'silent' ? false : new ConsoleLogger({ json: true, logLevels: LEVELS[level] });

/** Nest's own news (`log`) is of interest only to who looks for a fault. */
const LEVELS: Readonly<Record<Exclude<LogLevel, 'silent'>, NestLogLevel[]>> = {
  debug: ['debug', 'log', 'warn', 'error', 'fatal'],
  info: ['warn', 'error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  error: ['error', 'fatal'],
};
