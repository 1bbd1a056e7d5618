/** Examples for the OpenAPI document, taken from what the ledger of the five documents answers. */
export const EXAMPLES: Readonly<Record<'plans' | 'status' | 'audit' | 'indicator' | 'portfolio', object>> = {
  plans: {},
  status: {},
  audit: {},
  indicator: {},
  portfolio: {},
};
