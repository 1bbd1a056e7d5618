import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min, type ValidationOptions } from 'class-validator';
import type { LegalBasis } from '../../domain/message.js';
import { NOTHING } from '../answers/schema.js';
import { IsDay, IsOfForm, IsPart, IsPlainText, LegalBasisBody } from '../http/validation.js';

const MAX_PLACE = 100_000;

/** Where a row stands in its annex. */
export const IsPlace = (example: number) =>
  applyDecorators(
    ApiProperty({
      ...{ type: 'integer', minimum: 1, maximum: MAX_PLACE, example },
      description: 'Place in the annex, from 1',
    }),
    IsInt(),
    Min(1),
    Max(MAX_PLACE),
  );

/** What a target stands at. */
export const IsMilestone = (options?: ValidationOptions) =>
  IsOfForm(/^((?!0000)\d{4}|yearly|open)$/, 'a milestone is a year, "yearly" or "open"', options);

const FIRST_YEAR = 1900;
const LAST_YEAR = 9999;

/** The year of a yearly task. */
export const IsYear = (description: string) =>
  applyDecorators(
    ApiPropertyOptional({
      ...{ type: 'integer', minimum: FIRST_YEAR, maximum: LAST_YEAR, example: 2025 },
      description,
    }),
    IsOptional(),
    IsInt(),
    Min(FIRST_YEAR),
    Max(LAST_YEAR),
  );

/** A part that may be null. Beside `allOf`, as the framework would have it, `nullable` takes none. */
export const PartOrNull = (type: new () => object) =>
  applyDecorators(
    ApiPropertyOptional({ oneOf: [{ $ref: getSchemaPath(type) }, NOTHING] }),
    IsOptional(),
    IsPart(() => type),
  );

/** The day from which a change holds. */
export class EffectiveBody {
  @ApiProperty({ description: 'Day from which it holds', example: '2025-07-01' })
  @IsDay()
  effectiveOn!: string;
}

/** A change that says why. */
class ExplainedBody extends EffectiveBody {
  @ApiProperty({ example: 'Adjusted to the national target' })
  @IsPlainText(2_000)
  reason!: string;
}

/** A change that says why, and may say on which document. */
export class ReasonedBody extends ExplainedBody {
  @PartOrNull(LegalBasisBody)
  legalBasis?: LegalBasisBody | null;
}

/** A change that needs a document to rest on. Where none is named a rule refuses it, so that other rules may come first. */
export class FoundedBody extends ExplainedBody {
  @ApiProperty({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

/** The legal basis of a body as the domain has it. */
export const basisOf = ({ legalBasis }: Pick<ReasonedBody, 'legalBasis'>): LegalBasis | null =>
  legalBasis ? { number: legalBasis.number, date: legalBasis.date, clause: legalBasis.clause } : null;
