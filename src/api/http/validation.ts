import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  buildMessage,
  IsArray,
  IsObject,
  IsOptional,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { AGENCY_ID, CODE, PLAN_ID, SECTION_CODE } from '../../domain/ids.js';
import { isDecimal } from '../../domain/target/decimal.js';
import { plainTextFault } from '../../domain/text.js';
import { isDate, periodDays } from '../../domain/time.js';

const rule = (
  name: string,
  holds: (text: string) => boolean,
  words: string,
  options?: ValidationOptions,
): PropertyDecorator =>
  ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => typeof value === 'string' && holds(value),
        defaultMessage: buildMessage((each) => `${each}$property ${words}`, options),
      },
    },
    options,
  );

/** An ISO date that exists: `2025-02-28`. */
export const IsDay = (options?: ValidationOptions) =>
  rule('isDay', isDate, 'is a day that exists, such as 2025-12-31', options);

/** A period: `2026`, `2026-H1`, `2026-Q2`, `2026-06` or `2026-06-30`. */
export const IsPeriod = (options?: ValidationOptions) =>
  rule(
    'isPeriod',
    (text) => periodDays(text) !== null,
    'is a period, such as 2026, 2026-H1, 2026-Q2, 2026-06 or 2026-06-30',
    options,
  );

/** A decimal number written as text, so that no digit is lost on the way: `"99.7"`. */
export const IsDecimalText = (options?: ValidationOptions) =>
  rule('isDecimalText', isDecimal, 'is a decimal number written as text, such as "99.7"', options);

export const IsPlanId = (options?: ValidationOptions) =>
  rule('isPlanId', (text) => PLAN_ID.test(text), "is a plan's id, such as kh-1570-2025", options);

export const IsAgencyId = (options?: ValidationOptions) =>
  rule('isAgencyId', (text) => AGENCY_ID.test(text), "is an agency's id, such as so-khcn", options);

/** The code of a row in its plan: `7.1`. */
export const IsCode = (options?: ValidationOptions) =>
  rule(
    'isCode',
    (text) => CODE.test(text),
    'is a code of letters, digits, dots and dashes, such as 7.1',
    options,
  );

/** The code of a section: `II`, `t/I`. */
export const IsSectionCode = (options?: ValidationOptions) =>
  rule('isSectionCode', (text) => SECTION_CODE.test(text), "is a section's code, such as II", options);

/** Text as people write it, in UTF-16 units at most `max`: not blank, and without characters that only change how it looks. */
export const IsPlainText = (max: number, options?: ValidationOptions) =>
  rule(
    'isPlainText',
    (text) => plainTextFault(text, max) === null,
    `is text of at most ${max} characters, not blank and without control characters`,
    options,
  );

/** One object of a class; alone, @ValidateNested() takes a list of them as well. */
export const IsPart = (type: () => new () => object) =>
  applyDecorators(IsObject(), ValidateNested(), Type(type));

/** A list of objects of a class, at most `max`. */
export const IsParts = (type: () => new () => object, max: number) =>
  applyDecorators(
    IsArray(),
    ArrayMaxSize(max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(type),
  );

export const MAX_NUMBER_LENGTH = 200;
export const MAX_CLAUSE_LENGTH = 500;

/** The document that a change rests on. */
export class LegalBasisBody {
  @ApiProperty({ example: '1570/KH-UBND', maxLength: MAX_NUMBER_LENGTH })
  @IsPlainText(MAX_NUMBER_LENGTH)
  number!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'date',
    description: 'Null where the document gives none.',
  })
  @IsOptional()
  @IsDay()
  date: string | null = null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_CLAUSE_LENGTH })
  @IsOptional()
  @IsPlainText(MAX_CLAUSE_LENGTH)
  clause: string | null = null;
}
