import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { AccessAsked, AccessLog, RecordedAccess } from '../../ports/access-log.js';
import { ACCESS_LOG } from '../../ports/tokens.js';
import type { Paging } from './paging.js';

export interface AccessAnswer {
  readonly items: readonly RecordedAccess[];
  readonly next: object | null;
}

/** Who read which trail, export or events, in the order it was recorded. */
export class AccessQuery extends Query<AccessAnswer> {
  constructor(
    readonly asked: AccessAsked,
    readonly paging: Paging,
  ) {
    super();
  }
}

@QueryHandler(AccessQuery)
export class AccessHandler implements IQueryHandler<AccessQuery> {
  constructor(@Inject(ACCESS_LOG) private readonly log: AccessLog) {}

  async execute({ asked, paging: { limit, cursor } }: AccessQuery): Promise<AccessAnswer> {
    const found = await this.log.find(asked, cursor?.key ?? null, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: last && found.length > limit ? { value: null, key: last.position } : null };
  }
}
