import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { MAX_LENGTH } from '../../domain/text.js';
import { IsDay, IsListOf, IsParts, IsPlainText, IsPlanId, IsSectionCode } from '../http/validation.js';
import { EffectiveBody, FoundedBody, IsMilestone } from './common.js';

const MAX_MILESTONES = 100;
const MAX_SECTIONS = 200;

export class SectionBody {
  @ApiProperty({ example: 'I' })
  @IsSectionCode()
  code!: string;

  @ApiProperty({ example: 'Đến năm 2030' })
  @IsPlainText(MAX_LENGTH.sectionTitle)
  title!: string;
}

export class IssuePlanBody extends EffectiveBody {
  @ApiProperty({ description: 'Id of the plan; unique, chosen by its maker', example: 'kh-1570-2025' })
  @IsPlanId()
  planId!: string;

  @ApiPropertyOptional({ example: '1570/KH-UBND', nullable: true })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.planNumber)
  number?: string;

  @ApiProperty({ example: 'Kế hoạch thực hiện Nghị quyết số 57-NQ/TW' })
  @IsPlainText(MAX_LENGTH.planTitle)
  title!: string;

  @ApiProperty({ example: 'Ủy ban nhân dân tỉnh Kon Tum' })
  @IsPlainText(MAX_LENGTH.issuer)
  issuer!: string;

  @ApiPropertyOptional({ example: '2025-05-08', nullable: true })
  @IsOptional()
  @IsDay()
  issuedOn?: string;

  @ApiProperty({ example: ['2030', '2045'], description: 'Years, `yearly` or `open`' })
  @IsListOf(MAX_MILESTONES)
  @IsMilestone({ each: true })
  milestones!: string[];

  @ApiProperty({ type: [SectionBody] })
  @IsParts(() => SectionBody, MAX_SECTIONS)
  sections!: SectionBody[];

  @ApiPropertyOptional({ description: 'Last day of the plan', example: '2045-12-31', nullable: true })
  @IsOptional()
  @IsDay()
  endsOn?: string;

  @ApiPropertyOptional({ description: 'Id or number of the plan it takes the place of', nullable: true })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.planNumber)
  supersedes?: string;
}

/** What is left out stays as it is. */
export class AmendPlanBody extends FoundedBody {
  @ApiPropertyOptional({ example: 'Kế hoạch thực hiện Nghị quyết số 57-NQ/TW (điều chỉnh)' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.planTitle)
  title?: string;

  @ApiPropertyOptional({ example: ['2030', '2035', '2045'] })
  @IsOptional()
  @IsListOf(MAX_MILESTONES)
  @IsMilestone({ each: true })
  milestones?: string[];

  @ApiPropertyOptional({ type: [SectionBody] })
  @IsOptional()
  @IsParts(() => SectionBody, MAX_SECTIONS)
  sections?: SectionBody[];

  @ApiPropertyOptional({ example: '2045-12-31' })
  @IsOptional()
  @IsDay()
  endsOn?: string;
}

export class SupersedePlanBody extends FoundedBody {
  @ApiProperty({ description: 'Id of the plan that takes its place', example: 'kh-1570-2025' })
  @IsPlanId()
  by!: string;
}
