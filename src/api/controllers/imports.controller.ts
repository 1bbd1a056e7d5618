import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';
import { BadQuestion } from '../../application/errors.js';
import type { Writing } from '../../application/handle.js';
import { load } from '../../application/load/load.js';
import type { Request } from '../../application/request.js';
import { WRITING } from '../../application/tokens.js';
import { documented } from '../answers/documented.js';
import { LOADED } from '../answers/running.js';
import { May } from '../auth/guard.js';
import { MAX_BODY_BYTES } from '../http/hardening.js';
import { AsRequest } from '../http/request.js';
import { IsOneOf } from '../http/validation.js';

class ImportBody {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: MAX_BODY_BYTES },
    description: 'The tables by their path in the folder',
    example: { 'plans.csv': 'id,number,…' },
  })
  @IsObject()
  files!: Record<string, unknown>;
}

class ImportParams {
  @ApiPropertyOptional({ description: 'Check everything and write nothing' })
  @IsOptional()
  @IsOneOf(['true', 'false'])
  dryRun?: string;
}

@ApiTags('running it')
@ApiBearerAuth()
@Controller('imports')
export class ImportsController {
  constructor(@Inject(WRITING) private readonly writing: Writing) {}

  @Post()
  @HttpCode(200)
  @May('ImportTables')
  @ApiOperation({
    summary: 'Load a folder of tables: all or nothing for each plan, and a second time changes nothing',
    description:
      'Problems in the tables are no refusal: they are listed in the answer, and what they are in is not loaded.',
  })
  @ApiOkResponse({
    ...documented(LOADED),
    description: 'What became of each plan, and every problem with file, row and column',
  })
  load(
    @Body() { files }: ImportBody,
    @Query() { dryRun }: ImportParams,
    @AsRequest() { actor, repeatable, correlationId }: Request,
  ) {
    const tables = new Map<string, string>();
    for (const [path, text] of Object.entries(files)) {
      if (typeof text !== 'string') throw new BadQuestion(`files.${path}`, 'A table is text.');
      tables.set(path, text);
    }
    return load(this.writing, tables, actor, { dryRun: dryRun === 'true', repeatable, correlationId });
  }
}
