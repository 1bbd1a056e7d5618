import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { AGENCY_LEVELS, type AgencyLevel } from '../../domain/agency/events.js';
import { MAX_LENGTH } from '../../domain/text.js';
import { IsAgencyId, IsDay, IsListOf, IsOneOf, IsPlainText } from '../http/validation.js';
import { FoundedBody, ReasonedBody } from './common.js';

const MAX_MEMBERS = 2_000;

/** An agency, or with `members` a collective. */
export class CreateAgencyBody {
  @ApiProperty({ example: 'so-khcn' })
  @IsAgencyId()
  agencyId!: string;

  @ApiProperty({ example: 'Sở Khoa học và Công nghệ' })
  @IsPlainText(MAX_LENGTH.agencyName)
  name!: string;

  @ApiPropertyOptional({ example: 'Sở KH&CN' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.shortName)
  shortName?: string;

  @ApiProperty()
  @IsOneOf(AGENCY_LEVELS)
  level!: AgencyLevel;

  @ApiPropertyOptional({
    description: 'Of an agency: day it was founded; left out means before all records',
    example: '2025-03-01',
  })
  @IsOptional()
  @IsDay()
  establishedOn?: string;

  @ApiPropertyOptional({ description: 'Of a collective: its members', example: ['so-khcn', 'so-tai-chinh'] })
  @IsOptional()
  @IsListOf(MAX_MEMBERS)
  @IsAgencyId({ each: true })
  members?: string[];

  @ApiPropertyOptional({
    description: 'Of a collective: day from which these are its members',
    example: '2025-03-01',
  })
  @IsOptional()
  @IsDay()
  effectiveOn?: string;
}

export class AliasBody {
  @ApiProperty({ example: 'Sở KH-CN' })
  @IsPlainText(MAX_LENGTH.agencyName)
  alias!: string;
}

export class RenameBody extends FoundedBody {
  @ApiProperty({ example: 'Sở Nông nghiệp và Môi trường' })
  @IsPlainText(MAX_LENGTH.agencyName)
  name!: string;

  @ApiPropertyOptional({ example: 'Sở NN&MT' })
  @IsOptional()
  @IsPlainText(MAX_LENGTH.shortName)
  shortName?: string;
}

export class DissolveBody extends FoundedBody {
  @ApiPropertyOptional({ example: ['so-khcn'] })
  @IsOptional()
  @IsListOf(MAX_MEMBERS)
  @IsAgencyId({ each: true })
  successors?: string[];
}

export class MembersBody extends ReasonedBody {
  @ApiProperty({ example: ['so-khcn', 'so-tai-chinh'] })
  @IsListOf(MAX_MEMBERS)
  @IsAgencyId({ each: true })
  members!: string[];
}
