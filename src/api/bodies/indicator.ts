import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';
import { MAX_LENGTH } from '../../domain/text.js';
import { CRITERION } from '../answers/status.js';
import {
  IsAgencyId,
  IsCode,
  IsDay,
  IsDecimalText,
  IsListOf,
  IsOneOf,
  IsPart,
  IsParts,
  IsPeriod,
  IsPlainText,
  IsSectionCode,
  LegalBasisBody,
} from '../http/validation.js';
import { EffectiveBody, FoundedBody, IsMilestone, IsPlace, PartOrNull, ReasonedBody } from './common.js';

const MAX_COMPONENTS = 50;
const MAX_AGENCIES = 200;
const DIRECTIONS = ['higher-is-better', 'lower-is-better'] as const;

export class FormulaBody {
  @ApiProperty({ example: ['a'] })
  @IsListOf(MAX_COMPONENTS)
  @IsPlainText(50, { each: true })
  numerator!: string[];

  @ApiProperty({ example: ['b'] })
  @IsListOf(MAX_COMPONENTS)
  @IsPlainText(50, { each: true })
  denominator!: string[];
}

export class AdoptIndicatorBody extends EffectiveBody {
  @ApiProperty({ description: 'Code in the annex; the id becomes `<planId>/<code>`', example: '7.10' })
  @IsCode()
  code!: string;

  @ApiProperty({ example: 'Tỷ lệ hồ sơ xử lý trực tuyến' })
  @IsPlainText(MAX_LENGTH.indicatorTitle)
  title!: string;

  @ApiPropertyOptional({ example: '%' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.unit)
  unit?: string;

  @ApiPropertyOptional({ default: 'higher-is-better' })
  @IsOptional()
  @IsOneOf(DIRECTIONS)
  direction?: (typeof DIRECTIONS)[number];

  @ApiPropertyOptional({ description: 'Id of the indicator it stands under', example: 'kh-1570-2025/7' })
  @IsOptional()
  @IsPlainText(200)
  parent?: string;

  @ApiPropertyOptional({ example: 'I' })
  @IsOptional()
  @IsSectionCode()
  section?: string;

  @IsPlace(37)
  order!: number;

  @ApiPropertyOptional({ description: 'Deadline as the annex words it' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.deadline)
  deadline?: string;

  @ApiPropertyOptional({ description: 'How it is computed or scored' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.guidance)
  guidance?: string;

  @ApiPropertyOptional({ type: FormulaBody })
  @IsOptional()
  @IsPart(() => FormulaBody)
  formula?: FormulaBody;
}

export class RewordIndicatorBody extends ReasonedBody {
  @ApiPropertyOptional({
    example: 'Tỷ lệ sử dụng dịch vụ công trực tuyến của người dân và doanh nghiệp',
  })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.indicatorTitle)
  title?: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: '%' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.unit)
  unit?: string | null;

  @ApiPropertyOptional()
  @IsOptional()
  @IsOneOf(DIRECTIONS)
  direction?: (typeof DIRECTIONS)[number];

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.guidance)
  guidance?: string | null;

  @PartOrNull(FormulaBody)
  formula?: FormulaBody | null;
}

export class BaselineBody extends EffectiveBody {
  @ApiProperty({ description: 'Verbatim', example: 'Đã đạt 75,5%' })
  @IsPlainText(MAX_LENGTH.baseline)
  notation!: string;

  @ApiProperty({ example: '2023' })
  @IsPeriod()
  period!: string;

  @ApiPropertyOptional({ description: 'What exactly was measured, where the target says it', example: '5G' })
  @IsOptional()
  @IsPlainText(300)
  qualifier?: string;
}

/**
 * Sets a target; where there is one already this revises it, which needs the reason and the legal basis. The same words
 * revise it too where they are read otherwise by now, are of another unit or field, or were read by a person.
 */
export class TargetBody extends EffectiveBody {
  @ApiProperty({ example: '2030' })
  @IsMilestone()
  milestone!: string;

  @ApiProperty({ description: 'Verbatim', example: '≥ 85' })
  @IsPlainText(MAX_LENGTH.target)
  notation!: string;

  @ApiPropertyOptional({ example: 'Điều chỉnh theo chỉ tiêu quốc gia' })
  @IsOptional()
  @IsPlainText(2_000)
  reason?: string;

  @ApiPropertyOptional({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

export class WithdrawTargetBody extends FoundedBody {
  @ApiProperty({ example: '2030' })
  @IsMilestone()
  milestone!: string;
}

/** A person reads a notation that the software could not. */
export class ReadCriterionBody {
  @ApiProperty({ example: 'yearly' })
  @IsMilestone()
  milestone!: string;

  @ApiProperty({
    description: 'One that can be judged: neither `none` nor `unread`',
    allOf: [CRITERION],
    example: { kind: 'growth', low: '1', high: '2' },
  })
  @IsObject()
  criterion!: object;

  @ApiProperty({ example: 'Sở TTTT confirmed that relative growth is meant' })
  @IsPlainText(2_000)
  reason!: string;

  @ApiPropertyOptional({
    description: "A day on which the target holds that is read; today's when left out, or else the first",
    example: '2025-12-31',
  })
  @IsOptional()
  @IsDay()
  effectiveOn?: string;
}

export class MoveBody {
  @ApiProperty({ example: 'so-tttt' })
  @IsAgencyId()
  from!: string;

  @ApiProperty({ example: 'so-khcn' })
  @IsAgencyId()
  to!: string;
}

/** `assign` and `release` name agencies, `transfer` names moves. */
export class AssignmentBody extends EffectiveBody {
  @ApiProperty()
  @IsOneOf(['assign', 'release', 'transfer'])
  action!: 'assign' | 'release' | 'transfer';

  @ApiProperty()
  @IsOneOf(['lead', 'coordinating'])
  role!: 'lead' | 'coordinating';

  @ApiPropertyOptional({ description: 'Who comes (assign) or leaves (release)', example: ['so-khcn'] })
  @IsOptional()
  @IsListOf(MAX_AGENCIES)
  @IsAgencyId({ each: true })
  agencies?: string[];

  @ApiPropertyOptional({ type: [MoveBody], description: 'Who hands over to whom (transfer)' })
  @IsOptional()
  @IsParts(() => MoveBody, MAX_AGENCIES)
  moves?: MoveBody[];

  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(2_000)
  reason?: string;

  @ApiPropertyOptional({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

export class BenchmarkBody extends EffectiveBody {
  @ApiProperty({ example: 'national-average' })
  @IsCode()
  benchmark!: string;

  @ApiProperty({ example: '31.5' })
  @IsDecimalText()
  value!: string;

  @ApiProperty({ example: '2025' })
  @IsPeriod()
  period!: string;

  @ApiProperty({ example: 'Bộ KH&CN, báo cáo PII 2025' })
  @IsPlainText(1_000)
  source!: string;
}

export class ComponentBody {
  @ApiProperty({ example: 'a' })
  @IsPlainText(50)
  name!: string;

  @ApiProperty({ example: '8713' })
  @IsDecimalText()
  value!: string;
}

/** Exactly one of value, met and components. */
export class FigureBody {
  @ApiPropertyOptional({ description: 'A decimal as text', example: '76.4' })
  @IsOptional()
  @IsDecimalText()
  value?: string;

  @ApiPropertyOptional({ description: 'Of a state; needs a note' })
  @IsOptional()
  @IsOneOf(['met', 'partly', 'not-met'])
  met?: 'met' | 'partly' | 'not-met';

  @ApiPropertyOptional({ type: [ComponentBody] })
  @IsOptional()
  @IsParts(() => ComponentBody, MAX_COMPONENTS)
  components?: ComponentBody[];

  @ApiPropertyOptional({ description: 'What exactly was measured, where the target says it', example: '5G' })
  @IsOptional()
  @IsPlainText(300)
  qualifier?: string;

  @ApiPropertyOptional({ example: 'Cổng Dịch vụ công quốc gia' })
  @IsOptional()
  @IsPlainText(1_000)
  source?: string;

  @ApiPropertyOptional({ example: 'Báo cáo số 120/BC-VP' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.evidence)
  evidence?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(MAX_LENGTH.note)
  note?: string;
}

export class ReportMeasurementBody extends FigureBody {
  @ApiProperty({ example: '2026-Q2' })
  @IsPeriod()
  period!: string;
}

export class CorrectMeasurementBody extends FigureBody {
  @ApiProperty({ example: 'Two offices had been counted twice' })
  @IsPlainText(2_000)
  reason!: string;

  @ApiPropertyOptional({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

export class AcceptMeasurementBody {
  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(2_000)
  note?: string;
}

/** Why a figure is returned or retracted. */
export class FigureReasonBody {
  @ApiProperty({ example: 'The evidence names another period' })
  @IsPlainText(2_000)
  reason!: string;

  @ApiPropertyOptional({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}
