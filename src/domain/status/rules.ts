import type { Decimal } from '../target/criterion.js';

/** The rule set a verdict was made by; a changed rule is a new name, so that old reports stay explained. */
export const RULE = 'assessment.v1';

/** A figure whose period ended longer ago than this, in months, is stale. */
export const STALE_AFTER_MONTHS = 18;

/** Progress along the line, as a share of what the line expects: from here on track, from there at risk, less is behind. */
export const ON_TRACK_FROM: Decimal = '1';
export const AT_RISK_FROM: Decimal = '0.8';

/** Most calendar years that a yearly target is spread over, however far away the plan's end is. */
export const MAX_YEARS = 100;

const FIELD_BEFORE_MERGERS = 63;
const FIELD_AFTER_MERGERS = 34;
const MERGED_ON = '2025-07-01';

/** How many provinces and cities a national ranking compares on a day (ISO). */
export const fieldOn = (day: string): number =>
  day < MERGED_ON ? FIELD_BEFORE_MERGERS : FIELD_AFTER_MERGERS;
