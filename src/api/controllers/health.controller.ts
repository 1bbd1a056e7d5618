import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Questions } from '../../application/questions.js';
import { Public } from '../auth/guard.js';

@ApiTags('running it')
@Public()
@Controller('health')
export class HealthController {
  constructor(@Inject(Questions) private readonly questions: Questions) {}

  @Get('live')
  @ApiOperation({ summary: 'Is the process alive?' })
  live() {
    return { status: 'up' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Can it answer? Names each part and whether it is up; 503 when one is down' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { events, models, progress } = this.questions;
    const parts = {
      events: await isUp(() => events.head()),
      readModels: await isUp(() => models.count({ name: 'plan-overview.v1', fields: [] }, {})),
    };
    const up = Object.values(parts).every((part) => part === 'up');
    if (!up) void reply.code(HttpStatus.SERVICE_UNAVAILABLE);
    const position = parts.events === 'up' ? await events.head() : null;
    const behind = parts.readModels === 'up' ? await progress.behind(position) : progress.names();
    return { status: up ? 'up' : 'down', parts, position, behind };
  }
}

const isUp = async (ask: () => Promise<unknown>): Promise<'up' | 'down'> => {
  try {
    await ask();
    return 'up';
  } catch {
    return 'down';
  }
};
