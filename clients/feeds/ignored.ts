/**
 * Why something in a file is no fact for an order: every code, and whether a person should look at it (`look`), because an
 * order may need what it says, or nobody needs to (`quiet`).
 */
export const ignoredCodes = {
  // Banks
  'entry.pending': 'quiet',
  'entry.informational': 'quiet',
  'entry.future': 'quiet',
  'entry.debit': 'quiet',
  'entry.charge': 'quiet',
  'entry.zero': 'quiet',
  'entry.debit-reversed': 'look',
  'entry.payout-returned': 'look',
  'entry.status': 'look',
  'entry.side': 'look',
  'entry.currency': 'look',
  'entry.amount': 'look',
  'entry.account': 'look',
  'entry.value-date': 'look',
  'entry.reference': 'look',
  'entry.unreadable': 'look',
  'message.other-profile': 'look',
  // Customs
  'status.in-progress': 'quiet',
  'status.after-release': 'quiet',
  'status.transport': 'quiet',
  'status.other': 'quiet',
  'message.transport': 'quiet',
  'message.test': 'quiet',
  'status.missing': 'look',
  'status.unknown': 'look',
  'status.other-list': 'look',
  'status.ambiguous': 'look',
  'declaration.missing': 'look',
  'time.unreadable': 'look',
  'message.withdrawal': 'look',
  'message.count': 'look',
  'interchange.count': 'look',
  // All
  'file.unread': 'look',
  'message.unreadable': 'look',
  'message.other': 'quiet',
  'fact.invalid': 'look',
} as const satisfies Record<string, 'look' | 'quiet'>;
export type IgnoredCode = keyof typeof ignoredCodes;

/** Whether a person should look at it; in doubt yes. */
export const isForPeople = (code: IgnoredCode): boolean => ignoredCodes[code] !== 'quiet';
