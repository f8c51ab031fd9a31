/** How many random sequences each property plays in CI: over ten thousand in all, and no more than a minute or so. */
export const sequences = {
  conserved: 1000,
  parties: 1000,
  owing: 1000,
  paidOut: 1000,
  fees: 500,
  deadlines: 1000,
  rings: 1000,
  projection: 500,
  checked: 200,
  forms: 500,
  repeated: 500,
  confluence: 4000,
  life: 500,
  cover: 500,
  reach: 300,
} as const;
