import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  buildMessage,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { AGENCY_ID, CODE, KEBAB, MAX_CODE_LENGTH, PLAN_ID, SECTION, SECTION_CODE } from '../../domain/ids.js';
import { isDecimal, MAX_DIGITS, PLAIN } from '../../domain/target/decimal.js';
import { plainTextFault } from '../../domain/text.js';
import { isDate, periodDays } from '../../domain/time.js';

/** What a schema can say of the texts that a rule takes: it may take more of them than the rule, and never fewer. */
interface Limits {
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Says in the document what a text is held to, or each entry of a list. */
const limited = (limits: Limits, options?: ValidationOptions): PropertyDecorator =>
  ApiProperty(options?.each ? { type: 'array', items: { type: 'string', ...limits } } : { ...limits });

const rule = (
  name: string,
  holds: (text: string) => boolean,
  limits: Limits,
  words: string,
  options?: ValidationOptions,
): PropertyDecorator =>
  applyDecorators(
    limited(limits, options),
    ValidateBy(
      {
        name,
        validator: {
          validate: (value: unknown) => typeof value === 'string' && holds(value),
          defaultMessage: buildMessage((each) => `${each}$property ${words}`, options),
        },
      },
      options,
    ),
  );

/** An ISO date that exists: `2025-02-28`. */
export const IsDay = (options?: ValidationOptions) =>
  rule('isDay', isDate, { format: 'date' }, 'is a day that exists, such as 2025-12-31', options);

const PERIOD = '^(?!0000)\\d{4}(-(H[12]|Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?))?$';

/** A period: `2026`, `2026-H1`, `2026-Q2`, `2026-06` or `2026-06-30`. */
export const IsPeriod = (options?: ValidationOptions) =>
  rule(
    'isPeriod',
    (text) => periodDays(text) !== null,
    { pattern: PERIOD },
    'is a period, such as 2026, 2026-H1, 2026-Q2, 2026-06 or 2026-06-30',
    options,
  );

/** A decimal number written as text, so that no digit is lost on the way: `"99.7"`. */
export const IsDecimalText = (options?: ValidationOptions) =>
  rule(
    'isDecimalText',
    isDecimal,
    { pattern: PLAIN.source },
    `is a decimal number of at most ${MAX_DIGITS} digits, written as text, such as "99.7"`,
    options,
  );

const ID: Limits = { pattern: `^${KEBAB}$`, maxLength: MAX_CODE_LENGTH };

export const IsPlanId = (options?: ValidationOptions) =>
  rule('isPlanId', (text) => PLAN_ID.test(text), ID, "is a plan's id, such as kh-1570-2025", options);

export const IsReorganizationId = (options?: ValidationOptions) =>
  rule(
    'isReorganizationId',
    (text) => PLAN_ID.test(text),
    ID,
    "is a reorganization's id, of small letters, digits and dashes, such as hop-nhat-so-tttt",
    options,
  );

export const IsAgencyId = (options?: ValidationOptions) =>
  rule('isAgencyId', (text) => AGENCY_ID.test(text), ID, "is an agency's id, such as so-khcn", options);

/** The code of a row in its plan: `7.1`. */
export const IsCode = (options?: ValidationOptions) =>
  rule(
    'isCode',
    (text) => CODE.test(text),
    { pattern: CODE.source },
    'is a code of letters, digits, dots and dashes, such as 7.1',
    options,
  );

/** The code of a section: `II`, `t/I`. */
export const IsSectionCode = (options?: ValidationOptions) =>
  rule(
    'isSectionCode',
    (text) => SECTION_CODE.test(text),
    { pattern: `^${SECTION}$`, maxLength: MAX_CODE_LENGTH },
    "is a section's code, such as II",
    options,
  );

/** Text as people write it, in characters at most `max`: not blank, and without characters that only change how it looks. */
export const IsPlainText = (max: number, options?: ValidationOptions) =>
  rule(
    'isPlainText',
    (text) => plainTextFault(text, max) === null,
    { minLength: 1, maxLength: max },
    `is text of at most ${max} characters, not blank and without control characters`,
    options,
  );

/** Text of a form. */
export const IsOfForm = (form: RegExp, message: string, options?: ValidationOptions) =>
  applyDecorators(limited({ pattern: form.source }, options), Matches(form, { ...options, message }));

/** Any text of at most `max` characters. A schema counts also what only says how the one before it is shown. */
export const IsAtMost = (max: number, limits: Limits = { maxLength: 2 * max }) =>
  applyDecorators(limited(limits), IsString(), MaxLength(max));

/** One of a few words. */
export const IsOneOf = (words: readonly string[]) =>
  applyDecorators(ApiProperty({ enum: [...new Set(words)] }), IsIn(words));

/** A list of at most `max`. */
export const IsListOf = (max: number) =>
  applyDecorators(ApiProperty({ maxItems: max }), IsArray(), ArrayMaxSize(max));

/** One object of a class; alone, @ValidateNested() takes a list of them as well. */
export const IsPart = (type: () => new () => object) =>
  applyDecorators(IsObject(), ValidateNested(), Type(type));

/** A list of objects of a class, at most `max`. */
export const IsParts = (type: () => new () => object, max: number) =>
  applyDecorators(IsListOf(max), IsObject({ each: true }), ValidateNested({ each: true }), Type(type));

export const MAX_NUMBER_LENGTH = 200;
export const MAX_CLAUSE_LENGTH = 500;

/** The document that a change rests on. */
export class LegalBasisBody {
  @ApiProperty({ example: '1570/KH-UBND' })
  @IsPlainText(MAX_NUMBER_LENGTH)
  number!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Null where the document gives none.',
  })
  @IsOptional()
  @IsDay()
  date: string | null = null;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsPlainText(MAX_CLAUSE_LENGTH)
  clause: string | null = null;
}
