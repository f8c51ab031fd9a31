/**
 * Mails: every notice is written to the people whom it concerns, in their language. Which of a company's users
 * that are goes by their role; where nobody is named, the company's contact is written to.
 */
import { z } from 'zod';
import { email, language, opaqueId, type Member } from './member';
import { notice, type Notice } from './notices';
import { instant } from './time';
import { isConcerned, type Kind } from './users';
import { attempt, attemptsKept } from './webhooks';

/** One notice to one person. */
export const mail = z.strictObject({
  /** `<order or subject>:<version>:<number of the notice>:<person>`: each is written once. */
  id: z.string(),
  /** What it is about: an order, or something beside the orders (`withdrawal:w-1`). */
  order: opaqueId.optional(),
  subject: z.string().optional(),
  version: z.int().positive(),
  ...notice.pick({ key: true, params: true }).shape,
  to: z.strictObject({ name: z.string().max(200), email }),
  language,
  state: z.enum(['pending', 'sent', 'parked']),
  attempts: z.int().nonnegative(),
  log: z.array(attempt).max(attemptsKept),
  /** When the next attempt is due; while a relay makes it, until when it has it for itself. */
  dueAt: instant,
  lease: z.string().optional(),
  queuedAt: instant,
  settledAt: instant.optional(),
});
export type Mail = z.infer<typeof mail>;

/** What the notices of a family are about, by the beginning of their key. Those not named here are for owners. */
const about: Readonly<Record<string, readonly Kind[]>> = {
  contract: ['trade'],
  cover: ['trade'],
  order: ['trade'],
  proposal: ['trade'],
  review: ['trade'],
  reviews: ['trade'],
  payment: ['trade', 'money'],
  balance: ['trade', 'money'],
  charge: ['trade', 'money'],
  refund: ['trade', 'money'],
  money: ['money'],
  credit: ['money'],
  shipment: ['trade', 'shipping'],
  declaration: ['trade', 'shipping'],
  receipt: ['trade', 'shipping'],
  answer: ['trade', 'shipping'],
  inspection: ['trade', 'shipping'],
  goods: ['trade', 'shipping'],
  complaint: ['dispute'],
  withdrawal: ['money'],
  settlement: ['money'],
};

export interface Recipient extends Pick<Mail, 'to' | 'language'> {
  /** Tells it from the others of its company: the user's id, `contact`. */
  person: string;
}

/** Whom of a company a notice is written to. */
export function recipientsOf(key: Notice['key'], { users = [], contact, country, ...of }: Member): Recipient[] {
  const theirs = of.language ?? (country === 'CN' ? 'zh' : 'en');
  const kinds = about[key.split('.')[0] ?? ''] ?? ['account'];
  const concerned = users.filter((user) => user.active && isConcerned(user, kinds));
  if (concerned.length === 0)
    return [{ person: 'contact', to: { name: contact.name, email: contact.email }, language: theirs }];
  return concerned.map(({ id, name, email, language: own }) => ({
    person: id,
    to: { name, email },
    language: own ?? theirs,
  }));
}
