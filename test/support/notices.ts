/** Which notices of the catalogue are of what goes on beside the orders. */
const families = ['enrolment', 'member', 'payee', 'withdrawal', 'settlement'];
const ofSuspense = ['suspense.unmatched', 'suspense.approval-awaited'];

export const isBeside = (key: string): boolean =>
  families.includes(key.split('.')[0] ?? '') || ofSuspense.includes(key);
