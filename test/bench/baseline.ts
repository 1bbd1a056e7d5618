// A NestJS/Fastify server that stores nothing: `guarded` with the product's token check and validation, or `bare`.
import 'reflect-metadata';
import { Body, Controller, Module, Param, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AUTHENTICATOR, authenticator, trustOf } from '../../src/api/auth/authenticator.js';
import { May } from '../../src/api/auth/guard.js';
import { openLocalIssuer } from '../../src/api/auth/local-issuer.js';
import { ReportMeasurementBody } from '../../src/api/bodies/indicator.js';
import { answered } from '../../src/api/http/answer.js';
import { httpAdapter, nestOptions } from '../../src/api/http/hardening.js';
import { HTTP_PROVIDERS } from '../../src/api/http/providers.js';
import { RATES, Rates } from '../../src/api/http/rates.js';
import { AsRequest } from '../../src/api/http/request.js';
import type { Answer, Request } from '../../src/application/request.js';
import { API } from '../../src/serve.js';
import { LaterClock } from './clock.js';
import { grantOf, type Served } from './served.js';

const [folder = '', kind = 'guarded'] = process.argv.slice(2);

const ANSWER: Answer = {
  ...{ stream: '', revision: 97, position: '00000000000000100000' },
  ...{
    eventIds: ['0b7f2a50-5c0e-5d55-9a44-2f8f6f0b7a11'],
    warnings: [],
    laterEntries: [],
    measurementId: null,
  },
};

@Controller('indicators')
class GuardedController {
  @Post(':id/measurements')
  @May('ReportMeasurement')
  report(
    @Param('id') _id: string,
    @Body() _body: ReportMeasurementBody,
    @AsRequest() _request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answered(reply, ANSWER);
  }
}

@Controller('indicators')
class BareController {
  @Post(':id/measurements')
  report() {
    return ANSWER;
  }
}

@Module({})
class BaselineModule {}

const clock = new LaterClock();
const issuer = await openLocalIssuer(folder);
const trust = trustOf({ kind: 'local', algorithms: ['EdDSA'] }, issuer, clock);
const guarded = kind === 'guarded';
const authentication = authenticator(trust, clock);
const rates = new Rates(null);
const module = {
  module: BaselineModule,
  controllers: [guarded ? GuardedController : BareController],
  providers: guarded
    ? [
        ...HTTP_PROVIDERS,
        { provide: AUTHENTICATOR, useValue: authentication },
        { provide: RATES, useValue: rates },
      ]
    : [],
};
const adapter = guarded
  ? httpAdapter(authentication, rates)
  : new FastifyAdapter({ routerOptions: { maxParamLength: 300 } });
const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
  ...nestOptions,
  logger: false,
});
app.setGlobalPrefix(API);
await app.listen(0, '127.0.0.1');
const token = await issuer.issueToken(grantOf('office'), clock.now());
const served: Served = { url: `${await app.getUrl()}/${API}`, office: token, auditor: token };
process.once('disconnect', () => process.exit(0));
process.send?.(served);
