import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { May, Public } from '../auth/guard.js';
import { Metrics } from '../metrics.js';

@ApiTags('running it')
@ApiBearerAuth()
@May('ReadMetrics')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) protected readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({ summary: "What is measured, in Prometheus' text format" })
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  async text(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}

/** The same without a token, where the configuration says so. */
@Public()
@Controller('metrics')
export class OpenMetricsController extends MetricsController {}
