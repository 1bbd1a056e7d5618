import { Body, Controller, Get, Inject, Logger, Module, Param, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import {
  AUTHENTICATOR,
  type Authenticator,
  authenticator,
  trustOf,
} from '../../../src/api/auth/authenticator.js';
import { Caller } from '../../../src/api/auth/caller.js';
import { May, Public } from '../../../src/api/auth/guard.js';
import { type Grant, type LocalIssuer, openLocalIssuer } from '../../../src/api/auth/local-issuer.js';
import { answered } from '../../../src/api/http/answer.js';
import { csvOf } from '../../../src/api/http/csv.js';
import { httpAdapter, nestOptions, PATIENCE } from '../../../src/api/http/hardening.js';
import { HTTP_PROVIDERS } from '../../../src/api/http/providers.js';
import { RATES, Rates } from '../../../src/api/http/rates.js';
import { AsRequest } from '../../../src/api/http/request.js';
import {
  IsAgencyId,
  IsCode,
  IsDay,
  IsDecimalText,
  IsPart,
  IsParts,
  IsPeriod,
  IsPlainText,
  IsPlanId,
  LegalBasisBody,
} from '../../../src/api/http/validation.js';
import type { Answer, Request } from '../../../src/application/request.js';
import type { Actor } from '../../../src/domain/message.js';

/** Every test of the foundations happens at this instant, unless it moves the clock. */
export const NOW = '2025-07-01T02:00:00.000Z';

/** A clock that a test sets. */
export class TestClock {
  at = NOW;
  now(): string {
    return this.at;
  }
}

/** What the app's handlers do next; a test puts in what it needs. */
export interface Script {
  fail: unknown;
  answer: Answer;
  rows: AsyncIterable<Record<string, unknown>>;
}

export const ANSWER: Answer = {
  stream: 'indicator-kh-1570-2025/7.1',
  revision: 3,
  position: '00000000000000000042',
  eventIds: ['5f0c5c43-1111-5111-8111-111111111111'],
  warnings: [],
  laterEntries: [],
  measurementId: null,
};

const SCRIPT = Symbol('Script');

class MoveBody {
  @IsAgencyId()
  from!: string;
  @IsOptional()
  @IsAgencyId()
  to?: string;
}

class ThingBody {
  @IsDay()
  effectiveOn!: string;
  @IsPeriod()
  period!: string;
  @IsDecimalText()
  value!: string;
  @IsPlanId()
  planId!: string;
  @IsCode()
  code!: string;
  @IsPlainText(20)
  note!: string;
  @IsPart(() => LegalBasisBody)
  legalBasis!: LegalBasisBody;
  @IsParts(() => MoveBody, 1_000)
  moves!: MoveBody[];
}

@May('ReadPlans')
@Controller('api/v1')
class ThingsController {
  constructor(@Inject(SCRIPT) private readonly script: Script) {}

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  @Get('me')
  me(@Caller() caller: Actor) {
    return caller;
  }

  @Get('log')
  @May('ReadEvents')
  log() {
    return { items: [] };
  }

  @Get('indicators/:id')
  indicator(@Param('id') id: string) {
    this.failing();
    return { id };
  }

  @Post('indicators/:id/measurements')
  measure(@AsRequest() request: Request, @Param('id') id: string, @Body() _body: object) {
    this.failing();
    return { ...request, id };
  }

  @Post('things')
  thing(@Body() body: ThingBody) {
    return { ...body, basis: body.legalBasis instanceof LegalBasisBody };
  }

  @Post('commands')
  command(@Res({ passthrough: true }) reply: FastifyReply) {
    return answered(reply, this.script.answer);
  }

  @Get('rows.csv')
  csv() {
    return csvOf(
      [
        { header: 'mã', cell: (row) => row['code'] },
        { header: 'value', cell: (row) => row['value'] },
      ],
      this.script.rows,
      null,
    );
  }

  private failing(): void {
    const { fail } = this.script;
    if (fail !== undefined) throw fail;
  }
}

/** Says nothing of who may ask. */
@Controller('api/v1/closed')
class ClosedController {
  @Get()
  closed() {
    return { closed: false };
  }
}

export interface Served {
  readonly base: string;
  readonly clock: TestClock;
  readonly script: Script;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

async function* nothing() {}

/** The foundations on a real port, with controllers of their own. */
export const serve = async (
  authentication: Authenticator,
  clock = new TestClock(),
  patience = PATIENCE,
): Promise<Served> => {
  const script: Script = { fail: undefined, answer: ANSWER, rows: nothing() };

  const rates = new Rates(null);
  @Module({
    controllers: [ThingsController, ClosedController],
    providers: [
      ...HTTP_PROVIDERS,
      { provide: SCRIPT, useValue: script },
      { provide: AUTHENTICATOR, useValue: authentication },
      { provide: RATES, useValue: rates },
    ],
  })
  class TestModule {}

  const app = await NestFactory.create<NestFastifyApplication>(
    TestModule,
    httpAdapter(authentication, rates, patience),
    {
      ...nestOptions,
      logger: false,
    },
  );
  await app.listen(0, '127.0.0.1');
  return { base: await app.getUrl(), clock, script, app, close: () => app.close() };
};

/** The foundations with the local issuer of a folder. */
export const serveLocally = async (
  folder: string,
  patience = PATIENCE,
): Promise<Served & { readonly issuer: LocalIssuer }> => {
  const issuer = await openLocalIssuer(folder);
  const clock = new TestClock();
  const trust = trustOf({ kind: 'local', algorithms: ['EdDSA'] }, issuer, clock);
  return { ...(await serve(authenticator(trust, clock), clock, patience)), issuer };
};

export const OFFICE: Grant = {
  role: 'office',
  agency: null,
  subject: 'u-17',
  name: 'Nguyễn Thị Hà',
  ttlSeconds: 3_600,
};

/** What Nest's loggers say while `during` runs. */
export const logged = async (during: () => Promise<unknown>): Promise<string[]> => {
  const lines: string[] = [];
  const keep = (level: string) => (message: unknown) => void lines.push(`${level} ${String(message)}`);
  Logger.overrideLogger({ log: keep('log'), error: keep('error'), warn: keep('warn'), debug: keep('debug') });
  try {
    await during();
  } finally {
    Logger.overrideLogger(false);
  }
  return lines;
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export const json = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;
