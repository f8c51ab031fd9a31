/**
 * The people of a member: companies have several users, each with a role that says which messages it may send. Whether the
 * company itself may send a message is another question (`messages.ts`).
 */
import { z } from 'zod';
import { opaqueId, type Member, type User } from './member';
import type { Actor } from './messages';
import { refuse, type Refusal } from './refusal';

/** Who did something: the role and the member (or operator) that it did it as, and the member's user where it was named. */
export const person = z.strictObject({
  role: z.enum(['supplier', 'buyer', 'platform', 'verifier', 'clock', 'effect']),
  member: opaqueId,
  user: opaqueId.optional(),
});
export type Person = z.infer<typeof person>;

type Speaker = Person | Pick<Actor, 'role' | 'member' | 'user' | 'via'>;

const isSameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Dual control (four eyes): whether two acts may be one person's. Ids are compared without case, as many directories have
 * them. An operator is its member id alone, in whatever role and under whatever user name; of a company the users count, and
 * one that is not named may be anyone.
 */
export function isSamePerson(a: Speaker, b: Speaker): boolean {
  if (!isSameId(a.member, b.member)) return false;
  if (!isCompany(a) || !isCompany(b)) return true;
  // One service that speaks as two people of a company may be one thief with its token.
  if ('via' in a && 'via' in b && a.via && b.via && isSameId(a.via.member, b.via.member)) return true;
  return a.user === undefined || b.user === undefined || isSameId(a.user, b.user);
}

/** Whether two operators are one person: by member id, without case. */
export const isSameOperator = isSameId;

const isCompany = ({ role }: Speaker): boolean => role === 'supplier' || role === 'buyer';

/** What a message is about. */
export type Kind = 'trade' | 'shipping' | 'money' | 'dispute' | 'account';

/** What each role may send. Whoever may trade may also talk about a complaint; money is the owner's and finance's. */
const mayStart: Readonly<Record<User['role'], readonly Kind[]>> = {
  owner: ['trade', 'shipping', 'money', 'dispute', 'account'],
  sales: ['trade', 'dispute'],
  logistics: ['shipping'],
  finance: ['money'],
  viewer: [],
};

/** Whether a user is concerned by something of one of these kinds. */
export const isConcerned = ({ role }: Pick<User, 'role'>, about: readonly Kind[]): boolean =>
  mayStart[role].some((kind) => about.includes(kind));

const of = (kind: Kind, ...names: string[]): [string, Kind][] => names.map((name) => [name, kind]);

/**
 * The kind of each message that a member sends: an order's by its name, others with what they are about before it. One that
 * is not named here is the owner's alone.
 */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ...of('trade', 'draft', 'revise', 'confirm', 'decline', 'cancel', 'remindConfirmation', 'remindPayment'),
  ...of('trade', 'closeUnpaid', 'requestInspection', 'confirmReceipt', 'answerShipment', 'extendAnswer', 'review'),
  ...of('trade', 'proposeAmendment', 'proposeCancellation', 'acceptProposal', 'declineProposal'),
  ...of('shipping', 'registerExport', 'cancelExport', 'completeExport', 'shipGoods'),
  ...of(
    'money',
    'pay',
    'nameRefundAccount',
    'funds.withdraw',
    'funds.approveWithdrawal',
    'funds.quote',
    'funds.settle',
  ),
  ...of('money', 'payee.register', 'payee.confirm', 'payee.remove'),
  ...of('dispute', 'complain', 'answerComplaint', 'addEvidence', 'escalate', 'settle', 'proposeSettlement'),
  ...of('dispute', 'withdrawComplaint'),
  ...of(
    'account',
    'webhook.manage',
    'enrolment.apply',
    'enrolment.supply',
    'enrolment.withdraw',
    'member.addUser',
    'member.removeUser',
  ),
]);

/** Whether the table knows the message; a test holds it against the message table. */
export const isOfUsers = (message: string): boolean => kinds.has(message);

/**
 * Why a user of the member may not send the message: `actor.user-unknown` when the member has no such active user,
 * `actor.user-not-allowed` when its role may not. No user named means that the company itself speaks.
 */
export function userRefusal(
  { id, users = [] }: Pick<Member, 'id' | 'users'>,
  user: string | undefined,
  message: string,
): Refusal | undefined {
  if (user === undefined) return undefined;
  const known = activeUser(users, user);
  if (!known) return unknownUser(id, user);
  const kind = kinds.get(message);
  const isAllowed = kind === undefined ? known.role === 'owner' : mayStart[known.role].includes(kind);
  return isAllowed ? undefined : refuse('actor.user-not-allowed', `${user} of ${id} is ${known.role}; ${message}`);
}

const activeUser = <Known extends Pick<User, 'id' | 'active'>>(users: readonly Known[], user: string) =>
  users.find(({ id, active }) => id === user && active);

const unknownUser = (member: string, user: string): Refusal => refuse('actor.user-unknown', `${user} of ${member}`);

/** Why a user may neither send nor read: `actor.user-unknown` when the member has no such user, or it was removed. */
export function presenceRefusal(
  member: string,
  users: readonly Pick<User, 'id' | 'active'>[],
  user: string,
): Refusal | undefined {
  return activeUser(users, user) ? undefined : unknownUser(member, user);
}

/** Most people that one company has on record. */
const mostUsers = 100;

/** The users with one more, or `user.exists`, `user.owner-needed`, `user.too-many`. The same user again changes nothing. */
export function withUser(users: readonly User[], added: User): readonly User[] | Refusal {
  const known = users.find(({ id }) => id === added.id);
  if (known?.active && known.name === added.name && known.email === added.email && known.role === added.role)
    return users;
  if (known) return refuse('user.exists', added.id);
  if (users.some(({ email, active }) => active && email === added.email)) return refuse('user.exists', added.email);
  if (users.length >= mostUsers) return refuse('user.too-many', `at most ${mostUsers}`);
  return ownedOr([...users, added], users);
}

/** The users with one of them inactive, or `user.not-found`, `user.owner-needed`. The same again changes nothing. */
export function withoutUser(users: readonly User[], id: string): readonly User[] | Refusal {
  const known = users.find((user) => user.id === id);
  if (!known) return refuse('user.not-found', id);
  if (!known.active) return users;
  return ownedOr(
    users.map((user) => (user.id === id ? { ...user, active: false } : user)),
    users,
  );
}

/** Of people who act for a company one at least is its owner, else nobody could change anything. */
function ownedOr(next: readonly User[], before: readonly User[]): readonly User[] | Refusal {
  const isOwned = next.some(({ active, role }) => active && role === 'owner');
  return isOwned ? next : refuse('user.owner-needed', `${before.filter(({ active }) => active).length} active now`);
}
