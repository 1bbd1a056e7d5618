import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../application/queries/paging.js';
import { EVENT_TYPES } from '../../domain/events.js';
import { MEASUREMENT_STATES, type MeasurementState } from '../../domain/indicator/measurement.js';
import { STATUSES, type Status } from '../../domain/status/verdict.js';
import { TASK_STATUSES, type TaskStatus } from '../../domain/task/assess.js';
import { INSTANT } from '../../domain/time.js';
import { READINGS as READINGS_ON_RECORD, type Reading } from '../../ports/access-log.js';
import { POSITION } from '../../ports/event-store.js';
import { MAX_CURSOR_LENGTH } from '../http/cursor.js';
import { IsAgencyId, IsAtMost, IsDay, IsOfForm, IsOneOf, IsPeriod, IsPlainText } from '../http/validation.js';

const READINGS = ['assigned', 'inherited'] as const;
const FIGURES = ['all', 'accepted'] as const;
const AS_STATED = 'after is a position as an answer states it';
/** An instant, or a position. */
const KNOWN_AT = `^@${POSITION.source.slice(1)}|${INSTANT.source}`;
const MAX_KNOWN_AT_LENGTH = 40;

/** How much of a list. */
class LimitParams {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'Most items of a page; a table (CSV) holds all of them',
  })
  @IsOptional()
  @Transform(({ value }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;
}

/** A page of a list. */
export class PagingParams extends LimitParams {
  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @IsAtMost(MAX_CURSOR_LENGTH, { maxLength: MAX_CURSOR_LENGTH })
  cursor?: string;
}

/** The caller's own last write. */
export class AfterParams {
  @ApiPropertyOptional({
    description: 'Waits, briefly, until the answer holds what was written at this position',
  })
  @IsOptional()
  @IsOfForm(POSITION, AS_STATED)
  after?: string;
}

/** The clock of what was known, and the caller's own last write. */
class KnownParams extends AfterParams {
  @ApiPropertyOptional({
    description:
      'As the system knew it at that instant (`2026-01-15T00:00:00Z`), or at `@<position>`; now when left out',
  })
  @IsOptional()
  @IsAtMost(MAX_KNOWN_AT_LENGTH, { pattern: KNOWN_AT, maxLength: MAX_KNOWN_AT_LENGTH })
  knownAt?: string;
}

/** The two clocks, and the caller's own last write. */
export class WhenParams extends KnownParams {
  @ApiPropertyOptional({
    description: 'What held on that day (of Asia/Ho_Chi_Minh, as all days are); today when left out',
    format: 'date',
  })
  @IsOptional()
  @IsDay()
  asOf?: string;
}

export class ReadingParams extends WhenParams {
  @ApiPropertyOptional({
    default: 'assigned',
    description: 'Who held it on the day, or who answers for it now',
  })
  @IsOptional()
  @IsOneOf(READINGS)
  as?: (typeof READINGS)[number];
}

/** Who answered for each entry's subject is named only when it is asked. */
export class HistoryParams extends KnownParams {
  @ApiPropertyOptional({
    description:
      'What holds from that day or an earlier one; everything when left out. What is said of figures is told whatever the day',
    format: 'date',
  })
  @IsOptional()
  @IsDay()
  asOf?: string;

  @ApiPropertyOptional({
    description: 'Names who led the subject of each entry: on the day it holds from, or now',
  })
  @IsOptional()
  @IsOneOf(READINGS)
  as?: (typeof READINGS)[number];
}

export class VerdictParams extends ReadingParams {
  @ApiPropertyOptional({ default: 'all', description: '`accepted` leaves out figures not accepted yet' })
  @IsOptional()
  @IsOneOf(FIGURES)
  figures?: (typeof FIGURES)[number];
}

export class StatusParams extends IntersectionType(VerdictParams, PagingParams) {
  @ApiPropertyOptional({ description: 'Only those that stand so' })
  @IsOptional()
  @IsOneOf(STATUSES)
  status?: Status;

  @ApiPropertyOptional({ description: 'Lead agency, such as `so-khcn`' })
  @IsOptional()
  @IsAgencyId()
  agency?: string;

  @ApiPropertyOptional({ description: 'Code of a section, such as `I`' })
  @IsOptional()
  @IsPlainText(64)
  section?: string;

  @ApiPropertyOptional({ description: 'Judge by this milestone: a year or `open`' })
  @IsOptional()
  @IsOfForm(/^(\d{4}|open)$/, 'milestone is a year or "open"')
  milestone?: string;

  @ApiPropertyOptional({
    description: 'Text in title or code, without regard to case or accents, such as `dich vu cong`',
  })
  @IsOptional()
  @IsAtMost(200)
  q?: string;

  @ApiPropertyOptional({
    default: 'order',
    description:
      'Titles by the Vietnamese alphabet, as far as their first 100 characters differ, codes by the numbers in them; `-` turns it round',
  })
  @IsOptional()
  @IsOneOf(['order', '-order', 'status', '-status', 'code', '-code', 'title', '-title'])
  sort?: string;
}

export class PlanEventsParams extends IntersectionType(AfterParams, PagingParams) {}

export class PageParams extends IntersectionType(WhenParams, PagingParams) {}

export class SearchParams extends PageParams {
  @ApiPropertyOptional({
    description: 'Text to look for, without regard to case or accents, such as `so khoa hoc`',
  })
  @IsOptional()
  @IsAtMost(200)
  q?: string;
}

export class AuditParams extends IntersectionType(HistoryParams, PagingParams) {
  @ApiPropertyOptional({ description: 'Recorded on this day or later', format: 'date' })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({ description: 'Recorded on this day or earlier', format: 'date' })
  @IsOptional()
  @IsDay()
  to?: string;

  @ApiPropertyOptional({ description: 'Subject of the token that did it' })
  @IsOptional()
  @IsPlainText(200)
  actor?: string;

  @ApiPropertyOptional({ description: 'Type of event' })
  @IsOptional()
  @IsOneOf(EVENT_TYPES)
  type?: string;

  @ApiPropertyOptional({ description: 'Id of an indicator or task, such as `kh-1570-2025/7.1`' })
  @IsOptional()
  @IsPlainText(200)
  subject?: string;
}

export class TasksParams extends IntersectionType(ReadingParams, PagingParams) {
  @ApiPropertyOptional({ description: 'Only those that stand so' })
  @IsOptional()
  @IsOneOf(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ description: 'Lead agency, such as `so-khcn`' })
  @IsOptional()
  @IsAgencyId()
  agency?: string;

  @ApiPropertyOptional({ description: 'Code of a section, such as `t/II`' })
  @IsOptional()
  @IsPlainText(64)
  section?: string;

  @ApiPropertyOptional({
    description: 'Text in title or code, without regard to case or accents, such as `dich vu cong`',
  })
  @IsOptional()
  @IsAtMost(200)
  q?: string;

  @ApiPropertyOptional({
    default: 'order',
    description: 'In the order of the annex, by status, or by day; `-` turns it round',
  })
  @IsOptional()
  @IsOneOf(['order', '-order', 'status', '-status', 'dueOn', '-dueOn'])
  sort?: string;
}

export class PortfolioParams extends PageParams {
  @ApiPropertyOptional({
    default: 'assigned',
    description: 'What it held on the day, or what it answers for now',
  })
  @IsOptional()
  @IsOneOf(READINGS)
  as?: (typeof READINGS)[number];

  @ApiPropertyOptional({ description: 'Only what it holds in this role' })
  @IsOptional()
  @IsOneOf(['lead', 'coordinating'])
  role?: 'lead' | 'coordinating';

  @ApiPropertyOptional({ description: 'Status of an indicator or task' })
  @IsOptional()
  @IsOneOf([...STATUSES, ...TASK_STATUSES])
  status?: string;
}

export class MeasurementsParams extends IntersectionType(AfterParams, PagingParams) {
  @ApiPropertyOptional({ description: '`reported` is what waits for acceptance' })
  @IsOptional()
  @IsOneOf(MEASUREMENT_STATES)
  state?: MeasurementState;

  @ApiPropertyOptional({ description: 'Agency that reported, such as `so-khcn`' })
  @IsOptional()
  @IsAgencyId()
  agency?: string;

  @ApiPropertyOptional({ description: 'Id of a plan' })
  @IsOptional()
  @IsPlainText(100)
  plan?: string;

  @ApiPropertyOptional({ description: 'Id of an indicator' })
  @IsOptional()
  @IsPlainText(200)
  indicator?: string;

  @ApiPropertyOptional({ description: 'Such as `2026`, `2026-H1`, `2026-Q2`, `2026-06` or `2026-06-30`' })
  @IsOptional()
  @IsPeriod()
  period?: string;

  @ApiPropertyOptional({ description: 'Subject of a token, or `me`' })
  @IsOptional()
  @IsPlainText(200)
  reportedBy?: string;
}

export class AccessParams extends PagingParams {
  @ApiPropertyOptional({ description: 'Read on this day or later', format: 'date' })
  @IsOptional()
  @IsDay()
  from?: string;

  @ApiPropertyOptional({ description: 'Read on this day or earlier', format: 'date' })
  @IsOptional()
  @IsDay()
  to?: string;

  @ApiPropertyOptional({ description: 'Subject of the token of who read' })
  @IsOptional()
  @IsPlainText(200)
  actor?: string;

  @ApiPropertyOptional({ description: 'What was read' })
  @IsOptional()
  @IsOneOf(READINGS_ON_RECORD)
  reading?: Reading;

  @ApiPropertyOptional({
    description:
      'Id in the address that was read: of a plan, an indicator, a figure …, such as `kh-1570-2025`',
  })
  @IsOptional()
  @IsPlainText(300)
  about?: string;
}

export class LogParams extends LimitParams {
  @ApiPropertyOptional({ description: 'Continue after this position' })
  @IsOptional()
  @IsOfForm(POSITION, AS_STATED)
  after?: string;
}
