import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import { MAX_FIELD_ERRORS, NO_SUCH_FIELD } from './pipe.js';
import { FieldError, InvalidRequest } from './problem.js';

/**
 * Refuses parameters where a route takes none: the pipe checks only what a handler is given, and who writes
 * `?dryRun=true` where there is no such thing must not be answered as if there were.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query as object);
    if (names.length > 0 && !takesQuery(context))
      throw new InvalidRequest(
        names.slice(0, MAX_FIELD_ERRORS).map((name) => new FieldError(name, NO_SUCH_FIELD)),
      );
    return true;
  }
}

/** Is the handler given the query? Nest notes what each is given by its kind and its place (`4:1`). */
const takesQuery = (context: ExecutionContext): boolean => {
  const given: object = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );
  return Object.keys(given ?? {}).some((kind) => kind.startsWith(`${RouteParamtypes.QUERY}:`));
};
