import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Answer } from '../../application/request.js';
import { POSITION } from '../../ports/event-store.js';
import { etagOf } from './etag.js';

/** What a command is answered with. */
export class AnswerBody {
  @ApiPropertyOptional({ description: 'Id of what was created, where the server chose it.' })
  readonly id?: string;
  @ApiPropertyOptional({ description: "The figure's id, of a command about a measurement." })
  readonly measurementId?: string;
  @ApiProperty({
    type: String,
    nullable: true,
    pattern: POSITION.source,
    description:
      'Place in the log: give it as `after` to read what was just written. Null when there is nothing yet.',
  })
  readonly position!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'The same as in ETag.' })
  readonly revision!: number | null;
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    description: 'What was recorded; empty when nothing was new.',
  })
  readonly eventIds!: readonly string[];
  @ApiProperty({ type: [String], description: 'Figures that are odd but possible.' })
  readonly warnings!: readonly string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'string', format: 'date' },
    description: 'Days of later entries that this change does not undo.',
  })
  readonly laterEntries!: readonly string[];
}

/**
 * Sets the status and the ETag of a command's answer and gives its body: 201 when something was recorded, 200 when
 * nothing was new. For handlers with `@Res({ passthrough: true })`.
 */
export const answered = (reply: FastifyReply, answer: Answer, id: string | null = null): AnswerBody => {
  const { position, revision, eventIds, warnings, laterEntries, measurementId } = answer;
  const exists = revision >= 0;
  void reply.code(eventIds.length > 0 ? 201 : 200);
  if (exists) void reply.header('etag', etagOf(revision));
  return {
    ...(id === null ? {} : { id }),
    ...(measurementId === null ? {} : { measurementId }),
    position: exists ? position : null,
    revision: exists ? revision : null,
    eventIds,
    warnings,
    laterEntries,
  };
};
