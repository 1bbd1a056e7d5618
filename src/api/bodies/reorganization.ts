import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { AGENCY_LEVELS, type AgencyLevel } from '../../domain/agency/events.js';
import { REORGANIZATION_KINDS, type ReorganizationKind } from '../../domain/reorganization/events.js';
import { MAX_LENGTH } from '../../domain/text.js';
import {
  IsAgencyId,
  IsListOf,
  IsOneOf,
  IsPart,
  IsParts,
  IsPlainText,
  IsPlanId,
  IsReorganizationId,
  IsSectionCode,
  LegalBasisBody,
} from '../http/validation.js';
import { EffectiveBody } from './common.js';

const MAX_AGENCIES = 500;
const MAX_ALLOCATIONS = 5_000;
const SCOPES = ['all', 'plan', 'section', 'indicator', 'task'] as const;
const ROLES = ['lead', 'coordinating'] as const;

export class NamingBody {
  @ApiProperty({ example: 'Sở Nông nghiệp và Môi trường' })
  @IsPlainText(MAX_LENGTH.agencyName)
  name!: string;

  @ApiPropertyOptional({ example: 'Sở NN&MT' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.shortName)
  shortName?: string;
}

export class EstablishmentBody extends NamingBody {
  @ApiProperty({ example: 'so-nnmt' })
  @IsAgencyId()
  agencyId!: string;

  @ApiProperty()
  @IsOneOf(AGENCY_LEVELS)
  level!: AgencyLevel;
}

/** Who takes over what from whom. Without a scope everything, without a role both roles; the narrowest wins. */
export class AllocationBody {
  @ApiProperty({ example: 'so-tttt' })
  @IsAgencyId()
  predecessor!: string;

  @ApiProperty({ example: 'so-khcn' })
  @IsAgencyId()
  successor!: string;

  @ApiPropertyOptional({ default: 'all' })
  @IsOptional()
  @IsOneOf(SCOPES)
  scope?: (typeof SCOPES)[number];

  @ApiPropertyOptional({ description: 'Of scope `plan` and `section`', example: 'kh-419-2024' })
  @IsOptional()
  @IsPlanId()
  planId?: string;

  @ApiPropertyOptional({ description: 'Of scope `section`', example: 't/I' })
  @IsOptional()
  @IsSectionCode()
  section?: string;

  @ApiPropertyOptional({ description: 'Of scope `indicator` and `task`', example: 'kh-419-2024/5.5' })
  @IsOptional()
  @IsPlainText(200)
  id?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsOneOf(ROLES)
  role?: (typeof ROLES)[number];
}

export class DecreeBody extends EffectiveBody {
  @ApiProperty({ example: 'sap-xep-2025-03' })
  @IsReorganizationId()
  reorganizationId!: string;

  @ApiProperty()
  @IsOneOf(REORGANIZATION_KINDS)
  kind!: ReorganizationKind;

  @ApiProperty({ example: ['so-tttt', 'so-khcn'] })
  @IsListOf(MAX_AGENCIES)
  @IsAgencyId({ each: true })
  predecessors!: string[];

  @ApiProperty({ example: ['so-khcn', 'cong-an-tinh'] })
  @IsListOf(MAX_AGENCIES)
  @IsAgencyId({ each: true })
  successors!: string[];

  @ApiProperty({ type: [AllocationBody] })
  @IsParts(() => AllocationBody, MAX_ALLOCATIONS)
  allocations!: AllocationBody[];

  @ApiPropertyOptional({
    type: [EstablishmentBody],
    description: 'Successors that the decree brings into being',
  })
  @IsOptional()
  @IsParts(() => EstablishmentBody, MAX_AGENCIES)
  establishes?: EstablishmentBody[];

  @ApiPropertyOptional({ type: NamingBody, description: 'Of a renaming: the new name' })
  @IsOptional()
  @IsPart(() => NamingBody)
  renaming?: NamingBody;

  @ApiProperty({ example: 'Sắp xếp tổ chức bộ máy' })
  @IsPlainText(2_000)
  reason!: string;

  @ApiProperty({ type: LegalBasisBody })
  @IsOptional()
  @IsPart(() => LegalBasisBody)
  legalBasis?: LegalBasisBody;
}

export class PreviewParams {
  @ApiPropertyOptional({ default: 'false', description: 'Answer what it would move, and write nothing' })
  @IsOptional()
  @IsOneOf(['true', 'false'])
  preview?: string;
}
