import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { LegalBasis } from '../../domain/message.js';
import { IsDay, IsPart, IsPlainText, LegalBasisBody } from '../http/validation.js';

/** The day from which a change holds. */
export class EffectiveBody {
  @ApiProperty({ description: 'Day from which it holds', example: '2025-07-01' })
  @IsDay()
  effectiveOn!: string;
}

/** A change that says why, and on which document. */
export class ReasonedBody extends EffectiveBody {
  @ApiProperty({ example: 'Adjusted to the national target' })
  @IsPlainText(2_000)
  reason!: string;

  @ApiPropertyOptional({ type: LegalBasisBody, nullable: true })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

/** The legal basis of a body as the domain has it. */
export const basisOf = ({ legalBasis }: { readonly legalBasis?: LegalBasisBody }): LegalBasis | null =>
  legalBasis ? { number: legalBasis.number, date: legalBasis.date, clause: legalBasis.clause } : null;
