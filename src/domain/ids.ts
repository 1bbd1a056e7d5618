/** Ids are put together of these with `/`, `@` and `#`: none of them may stand in one, but where it says so. */

/** Most characters of an id, and of a code. */
export const MAX_CODE_LENGTH = 64;
const SHORT = `(?=.{1,${MAX_CODE_LENGTH}}$)`;

/** What an id is made of: kebab-case ASCII. */
export const KEBAB = '[a-z0-9]+(?:-[a-z0-9]+)*';
/** Ids are short: `so-khcn`, `kh-1570-2025`. */
export const AGENCY_ID = new RegExp(`^${SHORT}${KEBAB}$`);
export const PLAN_ID = AGENCY_ID;

/** A row's code in its plan, such as `7.1`, `5.12.1.a` or `5.-`. */
export const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a section's code is made of: it may name the part of the plan that it stands in. */
export const SECTION = '[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*';
/** The codes of sections are short: `II`, `t/I`. */
export const SECTION_CODE = new RegExp(`^${SHORT}${SECTION}$`);
