import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Questions } from '../../application/questions.js';
import type { JobQueue } from '../../ports/job-queue.js';
import { JOB_QUEUE } from '../../ports/tokens.js';
import { documented } from '../answers/documented.js';
import { ALIVE, type Alive, READINESS, type Readiness } from '../answers/running.js';
import { asked } from '../asked.js';
import { Public } from '../auth/guard.js';

@ApiTags('running it')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(Questions) private readonly questions: Questions,
    @Inject(JOB_QUEUE) private readonly jobs: JobQueue,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiOkResponse(documented(ALIVE))
  live(): Alive {
    return { status: 'up' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Can it answer? Names each part and whether it is up; 503 when one is down' })
  @ApiOkResponse(documented(READINESS))
  @ApiServiceUnavailableResponse({ ...documented(READINESS), description: 'A part is down' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const { events, progress } = this.questions;
    const names = progress.names();
    const [folded, writing, job] = await Promise.all([
      asked(() => progress.checkpoints(names)),
      asked(async () => events.assertWritable?.()),
      asked(() => this.jobs.ready()),
    ]);
    // After them: none of them is beyond it then, unless the log was restored from an older copy.
    const head = await asked(() => events.head());
    const position = head.answer ?? null;
    const placed = names.map((_, index) => folded.answer?.[index] ?? '');
    const stored = writing.state === 'up' ? head.state : writing.state;
    const parts = { events: stored, readModels: folded.state, jobs: job.state };
    if (head.state === 'up' && (progress.isStuck || placed.some((place) => place > (position ?? ''))))
      parts.readModels = 'down';
    const up = Object.values(parts).every((part) => part === 'up');
    if (!up) void reply.code(HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status: up ? 'up' : 'down',
      parts,
      position,
      behind: names.filter((_, index) => (placed[index] ?? '') < (position ?? '')),
    };
  }
}
