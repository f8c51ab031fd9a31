/** Bound of one test or hook: generous, because it is there to end what hangs, not to measure. */
jest.setTimeout(120_000);
