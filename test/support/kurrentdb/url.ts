/** A real server that the suites also run against, when the environment names one; nobody else may write to it. */
export const KURRENTDB_URL: string | null = process.env['KURRENTDB_URL']?.trim() || null;
