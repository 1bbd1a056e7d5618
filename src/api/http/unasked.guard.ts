import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { MAX_FIELD_ERRORS, NO_SUCH_FIELD } from './pipe.js';
import { FieldError, InvalidRequest } from './problem.js';

/**
 * Refuses parameters and fields where a route takes none: the pipe checks only what a handler is given, and who writes
 * `?dryRun=true` where there is no such thing must not be answered as if there were.
 */
@Injectable()
export class UnaskedGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!takes(context, RouteParamtypes.QUERY)) refuse(Object.keys(query as object));
    if (!takes(context, RouteParamtypes.BODY)) refuse(fieldsOf(body));
    return true;
  }
}

const refuse = (names: readonly string[]): void => {
  if (names.length > 0)
    throw new InvalidRequest(
      names.slice(0, MAX_FIELD_ERRORS).map((name) => new FieldError(name, NO_SUCH_FIELD)),
    );
};

/** The fields of a body; a text, a number or a list is named as a whole. */
const fieldsOf = (body: unknown): readonly string[] => {
  if (body === undefined || body === null) return [];
  return typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : ['body'];
};

/** Is the handler given it? Nest notes what each is given by its kind and its place (`4:1`). */
const takes = (context: ExecutionContext, type: RouteParamtypes): boolean => {
  const given: object = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );
  return Object.keys(given ?? {}).some((kind) => kind.startsWith(`${type}:`));
};
