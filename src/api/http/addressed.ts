/** The ids that each noun's `/:id` gives; an id names those that it is made of too. */
const GIVES: Readonly<Record<string, readonly string[]>> = {
  plans: ['planId'],
  indicators: ['indicatorId', 'planId'],
  tasks: ['taskId', 'planId'],
  measurements: ['measurementId', 'indicatorId', 'planId'],
  agencies: ['agencyId'],
  reorganizations: ['reorganizationId'],
};

const NONE: ReadonlySet<string> = new Set();

/** What a route's path (`/api/v1/indicators/:id/targets`) addresses: `indicatorId` and `planId`. */
export const addressedBy = (route: string | undefined): ReadonlySet<string> => {
  if (route === undefined) return NONE;
  const steps = route.split('/');
  return new Set(steps.flatMap((step, n) => (steps[n + 1]?.startsWith(':') ? (GIVES[step] ?? []) : [])));
};
