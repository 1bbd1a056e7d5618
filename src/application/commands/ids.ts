/** Ids route themselves: `kh-1570-2025/7.1`, `kh-484-2025/t/12` and `kh-1570-2025/7.1@2026-Q2#1` name their plan. */
export const planIdOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('/')));

/** The indicator of a measurement's id. */
export const indicatorIdOf = (measurementId: string): string =>
  measurementId.slice(0, Math.max(0, measurementId.lastIndexOf('@')));
