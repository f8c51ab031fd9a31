/**
 * The inbox: what feeds deliver, kept as it came, and each thing in it with what became of it. A delivery is a file or a
 * request's body; a row is one thing in it. No row stays unexplained: it waits with a reason, or it is closed with one.
 */
import { z } from 'zod';
import { opaqueId } from './member';
import { messageId, messages, sendersOf, type Message, type Role } from './messages';
import { money } from './money';
import { instant } from './time';

/** The messages that feeds bring. */
export const factNames = [
  'paymentCredited',
  'paymentReversed',
  'customsReleased',
  'customsHeld',
  'customsReturned',
  'customsCancelled',
  'customsRevoked',
  'goodsShipped',
  'goodsDelivered',
  'inspectionReported',
] as const satisfies readonly (keyof typeof messages)[];
export type FactName = (typeof factNames)[number];

/** Kinds of feeds: the roles that their facts are told as. */
export const feedKinds = ['bank', 'customs', 'carrier', 'inspector'] as const satisfies readonly Role[];
export type FeedKind = (typeof feedKinds)[number];

/** Whose facts these are: nobody's word counts for what is another's to say. */
export const kindOf = (fact: FactName): FeedKind | undefined =>
  feedKinds.find((kind) => sendersOf(fact).includes(kind));

/** A secret that a source signs with: `whsec_` and Base64, as Standard Webhooks has it; valid until it is rotated out. */
const feedSecret = z.strictObject({
  secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and Base64'),
  since: instant,
  until: instant.optional(),
});

/** Who may deliver by signature: a bank, customs, …, as the member that its facts are told as. */
export const feedSource = z.strictObject({
  id: opaqueId,
  kind: z.enum(feedKinds),
  member: opaqueId,
  active: z.boolean(),
  /** The newest last; two while one is rotated out. */
  secrets: z.array(feedSecret).min(1).max(10),
});
export type FeedSource = z.infer<typeof feedSource>;

/** The secrets that a signature made at `at` may have been made with. */
export const secretsAt = ({ active, secrets }: FeedSource, at: string): string[] =>
  active ? secrets.filter(({ until }) => until === undefined || at < until).map(({ secret }) => secret) : [];

/** How a delivery came in. */
export const ways = ['http', 'folder', 'cli'] as const;

/** A delivery without its bytes. */
export const delivery = z.strictObject({
  id: opaqueId,
  /** The credential that it came under. */
  source: opaqueId,
  /** The sender's id of it (`webhook-id`), else its profile and digest; unique for each source. */
  messageId: z.string().min(1).max(200),
  kind: z.enum(feedKinds),
  /** The member that its facts are told as. */
  member: opaqueId,
  /** The format that it is read by. */
  profile: z.string().regex(/^[a-z0-9.-]{1,40}$/),
  /** The file's name, as it was given. */
  file: z.string().min(1).max(255),
  way: z.enum(ways),
  receivedAt: instant,
  bytes: z.int().nonnegative(),
  /** Of the bytes, in hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `received` until its rows are stored; `unreadable` has one row that says why. */
  state: z.enum(['received', 'read', 'unreadable']),
  /** How many rows it has. */
  rows: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  dueAt: instant,
  lease: z.strictObject({ by: z.string(), until: instant }).optional(),
});
export type Delivery = z.infer<typeof delivery>;

/**
 * Where a row stands. `pending` is under way, or tried again at `dueAt`; `parked` waits for `waitsFor`; `routed` has its
 * `outcome`; `dead` waits for an operator, with a code; `ignored` is no fact for an order, with a code, or an operator has closed it.
 */
export const rowState = z.enum(['pending', 'parked', 'routed', 'dead', 'ignored']);
export type RowState = z.infer<typeof rowState>;

/** What an order made of a fact; `suspense` is a credit of which nobody can tell the order (R30). */
export const rowOutcome = z.enum(['applied', 'duplicate', 'refused', 'suspense']);

export const inboxRow = z.strictObject({
  id: opaqueId,
  delivery: opaqueId,
  /** Number of the thing in the delivery, from 0; -1 stands for the delivery as a whole. */
  index: z.int().min(-1),
  source: opaqueId,
  kind: z.enum(feedKinds),
  member: opaqueId,
  profile: z.string(),
  receivedAt: instant,
  /** Where it stands in the file. */
  at: z.strictObject({ file: z.string(), message: z.string(), index: z.int().nonnegative() }).optional(),
  fact: z.enum(factNames).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  remittance: z.string().optional(),
  /** How much the bank has taken back. */
  amount: money.optional(),
  /** What names a bank's transfer, and its reversal, too: UETR and end-to-end id. */
  transfer: z.strictObject({ uetr: z.string(), endToEnd: z.string() }).partial().optional(),
  /** Rows of one key are routed one after another, in the order in which they came. */
  key: z.string().optional(),
  state: rowState,
  outcome: rowOutcome.optional(),
  /** Why it is parked, refused, dead, or ignored. */
  code: z.string().max(100).optional(),
  why: z.string().max(1000).optional(),
  /** What must be there first: `declaration:…`, `tracking:…`, `inspection:…`, `entry:…`, `order:…`, `time`. */
  waitsFor: z.string().optional(),
  order: opaqueId.optional(),
  /** The message's id on the order: the same for the same fact, however often it comes. */
  message: messageId.optional(),
  /** An operator has seen to what was dead, and nothing more is to be done. */
  closed: z.strictObject({ by: opaqueId, at: instant, why: z.string().min(1).max(500) }).optional(),
  attempts: z.int().nonnegative(),
  dueAt: instant,
  lease: z.strictObject({ by: z.string(), until: instant }).optional(),
  updatedAt: instant,
});
export type InboxRow = z.infer<typeof inboxRow>;

/** A fact as a row has it. */
export type RowFact = {
  [Name in FactName]: { fact: Name; data: Message<Name>['data'] };
}[FactName];

/** What a fact is about, which orders are found by: `declaration:…`, `tracking:…`, `inspection:…`, `entry:…`. */
export function subjectOf({ fact, data }: RowFact): string {
  switch (fact) {
    case 'paymentCredited':
    case 'paymentReversed':
      return entrySubject(data.account, data.entryReference);
    case 'goodsShipped':
    case 'goodsDelivered':
      return `tracking:${data.tracking}`;
    case 'inspectionReported':
      return `inspection:${data.inspection}`;
    default:
      return `declaration:${data.declaration}`;
  }
}
export const entrySubject = (account: string, entryReference: string): string =>
  `entry:${JSON.stringify([account, entryReference])}`;

/**
 * What must be routed in turn: all of a pair's account, because which order a credit pays depends on those before it
 * (R30); else each subject by itself.
 * @param isPairs whether an account is a pair's; on an account of all buyers only the reference tells the order
 */
export function turnOf(told: RowFact, isPairs: (account: string) => boolean): string {
  const isMoney = told.fact === 'paymentCredited' || told.fact === 'paymentReversed';
  return isMoney && isPairs(told.data.account) ? `account:${told.data.account}` : subjectOf(told);
}

/** What became of a row. */
export type Verdict =
  | { state: 'routed'; outcome: 'applied' | 'duplicate'; order?: string }
  | { state: 'routed'; outcome: 'suspense'; order?: string }
  | { state: 'routed'; outcome: 'refused'; order?: string; code: string; why: string }
  /** Looked at again when what it waits for is there; at the latest at `dueAt`. */
  | { state: 'parked'; waitsFor: string; code: string; why: string; order?: string; dueAt: string }
  | { state: 'pending'; code: string; why: string; order?: string; dueAt: string }
  | { state: 'dead'; code: string; why: string; order?: string };

const minuteMs = 60_000;
/** How long a row may wait for what it needs before an operator must look. */
export const parkedAtMostDays = 30;
/** A reversal, whose credit came before it as a rule; what was paid with the credit may ship meanwhile. */
export const reversalParkedAtMostDays = 1;
/** How often what failed by a fault that is no outage is tried. */
export const maxFaults = 8;

/** When a row is tried again that failed `attempts` times: after 1 s, 2 s, … 5 min. */
export const retryAt = (now: string, attempts: number): string =>
  new Date(Date.parse(now) + Math.min(5 * minuteMs, 1000 * 2 ** Math.min(20, Math.max(0, attempts - 1)))).toISOString();

/** When a parked row is looked at again by itself: after a minute at first, later as long as it has waited, at most 1 h. */
export const lookAgainAt = (now: string, receivedAt: string): string => {
  const waited = Date.parse(now) - Date.parse(receivedAt);
  return new Date(Date.parse(now) + Math.min(60 * minuteMs, Math.max(minuteMs, waited))).toISOString();
};
