import { Controller, Get, HttpCode, HttpStatus, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../application/errors.js';
import { Progress } from '../../application/progress.js';
import { askRebuild, toldRebuild } from '../../application/rebuild.js';
import type { JobQueue } from '../../ports/job-queue.js';
import { JOB_QUEUE } from '../../ports/tokens.js';
import { documented } from '../answers/documented.js';
import { PROJECTIONS, type ProjectionItem, REBUILD } from '../answers/running.js';
import { May } from '../auth/guard.js';

@ApiTags('running it')
@ApiBearerAuth()
@May('ReadProjections')
@Controller('projections')
export class ProjectionsController {
  constructor(
    @Inject(Progress) private readonly progress: Progress,
    @Inject(JOB_QUEUE) private readonly jobs: JobQueue,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The projections: how far each has folded the log, what it could not fold, and its rebuild',
    description: 'A rebuild is `unknown` while the queue of jobs does not answer.',
  })
  @ApiOkResponse(documented(PROJECTIONS))
  async list() {
    const items: readonly ProjectionItem[] = await Promise.all(
      this.progress.names().map(async (name) => ({
        name,
        position: await this.progress.checkpoint(name),
        faults: await this.progress.faults(name),
        rebuild: await toldRebuild(this.jobs, name),
      })),
    );
    return { items, next: null };
  }

  @Post(':name/rebuild')
  @May('RebuildProjection')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Build a projection anew from the whole log, beside the one that is read' })
  @ApiAcceptedResponse({
    ...documented(REBUILD),
    description: 'Will be built: GET /projections tells how far',
  })
  async rebuild(@Param('name') name: string) {
    if (!this.progress.names().includes(name)) throw new NotFound(`There is no projection ${name}.`);
    await askRebuild(this.jobs, name);
    return { name };
  }
}
