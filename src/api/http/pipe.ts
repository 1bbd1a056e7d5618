import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { ARRAY_MAX_SIZE, getMetadataStorage, type ValidationError } from 'class-validator';
import { FieldError, InvalidRequest } from './problem.js';

/**
 * Checks bodies, queries and paths against their classes. What a class does not name is refused, so that a mistyped field
 * is not silently lost. Errors name the field by its path (`moves[0].from`).
 */
export const validationPipe = (): ValidationPipe =>
  new RequestPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    exceptionFactory: (errors) => new InvalidRequest(fieldErrors(errors, '')),
  });

class RequestPipe extends ValidationPipe {
  // A list or a text as the body would be checked as if it were an object without fields.
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isObject = typeof value === 'object' && !Array.isArray(value);
    if (metadata.type === 'body' && value !== undefined && !isObject && this.toValidate(metadata))
      throw new InvalidRequest([new FieldError('body', NOT_AN_OBJECT)]);
    if (metadata.type === 'body' && isObject && value !== null) refuseLong(value, metadata.metatype);
    return super.transform(value, metadata);
  }
}

/** Longest list in each field of a class. */
const limitsOf = new Map<ArgumentMetadata['metatype'], ReadonlyMap<string, number>>();

const limitsIn = (type: NonNullable<ArgumentMetadata['metatype']>): ReadonlyMap<string, number> => {
  const known = limitsOf.get(type);
  if (known) return known;
  const limits = new Map(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .filter(({ name }) => name === ARRAY_MAX_SIZE)
      .map(({ propertyName, constraints }): [string, number] => [propertyName, constraints[0]]),
  );
  limitsOf.set(type, limits);
  return limits;
};

/** Refuses a list that is too long before each of its items is made an object and checked. @throws InvalidRequest */
const refuseLong = (value: object, type: ArgumentMetadata['metatype']): void => {
  if (type === undefined) return;
  for (const [field, max] of limitsIn(type)) {
    const list: unknown = (value as Record<string, unknown>)[field];
    if (Array.isArray(list) && list.length > max)
      throw new InvalidRequest([new FieldError(field, `${field} must contain no more than ${max} elements`)]);
  }
};

/** Most fields that an answer names; a body can hold far more faults than anyone reads. */
export const MAX_FIELD_ERRORS = 50;

export const NO_SUCH_FIELD = 'There is no such field here.';
// What class-validator says of these is written for programmers.
const NOT_AN_OBJECT = 'This is an object with named fields.';

const PLAIN: Readonly<Record<string, string>> = {
  whitelistValidation: NO_SUCH_FIELD,
  nestedValidation: 'This is an object, or a list of objects.',
  unknownValue: NOT_AN_OBJECT,
  isObject: NOT_AN_OBJECT,
};

const fieldErrors = (errors: readonly ValidationError[], above: string): FieldError[] => {
  const found: FieldError[] = [];
  for (const error of errors) {
    const path = joined(above, error.property);
    for (const [rule, message] of Object.entries(error.constraints ?? {}))
      found.push(new FieldError(path, PLAIN[rule] ?? message));
    found.push(...fieldErrors(error.children ?? [], path));
    if (found.length >= MAX_FIELD_ERRORS) break;
  }
  return found.slice(0, MAX_FIELD_ERRORS);
};

// No field is named by a number alone, so a number is a place in a list.
const joined = (above: string, property: string | undefined): string => {
  if (property === undefined) return above === '' ? 'body' : above;
  if (/^\d+$/.test(property)) return `${above}[${property}]`;
  return above === '' ? property : `${above}.${property}`;
};
