/** What the portal's build leaves in the page in place of a nonce; each answer has one of its own. */
export const noncePlaceholder = 'TA-CSP-NONCE';
