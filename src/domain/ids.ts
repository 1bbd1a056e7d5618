/** Ids are put together of these with `/`, `@` and `#`: none of them may stand in one, but where it says so. */

/** Ids are kebab-case ASCII of at most 64 characters: `so-khcn`, `kh-1570-2025`. */
export const AGENCY_ID = /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const PLAN_ID = AGENCY_ID;

/** A row's code in its plan, such as `7.1`, `5.12.1.a` or `5.-`. */
export const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A section's code may name the part of the plan that it stands in: `II`, `t/I`. */
export const SECTION_CODE = /^(?=.{1,64}$)[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
