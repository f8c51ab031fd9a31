/**
 * Webhooks: who is told which events of which orders, what is sent of them, and for how long it is tried. Calls are signed as
 * Standard Webhooks (standardwebhooks.com) has it.
 */
import { z } from 'zod';
import { journalEntry, orderEvent, type JournalEntry, type OrderEvent } from './events';
import { opaqueId } from './member';
import type { Order } from './order';
import { instant } from './time';
import { toldJournal } from './view';

/** Every type of event that an order can have. */
export const eventTypes = orderEvent.options.map((option) => option.shape.type.value);
type EventType = OrderEvent['type'];

/** An event type (`paymentApplied`), a family of them by their beginning (`payment*`), or all (`*`). */
export const eventPattern = z
  .string()
  .regex(/^(?:[a-z][A-Za-z]*\*?|\*)$/, 'an event type, a beginning with * after it, or *')
  .refine((pattern) => eventTypes.some((type) => matches(pattern, type)), 'no event type is like this');

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

/** Of the events of a journal entry those that a subscription has asked for. */
export const wanted = (patterns: readonly string[], types: readonly string[]): EventType[] =>
  eventTypes.filter((type) => types.includes(type) && patterns.some((pattern) => matches(pattern, type)));

/** Whose a subscription is: a party is told of its own orders; the platform and its services of all. */
export const webhookOwner = z.strictObject({
  role: z.enum(['supplier', 'buyer', 'platform', 'service']),
  member: opaqueId,
});
export type WebhookOwner = z.infer<typeof webhookOwner>;

/** Whether the owner is told of an order of these two. */
export const isToldOf = ({ role, member }: WebhookOwner, order: Pick<Order, 'supplier' | 'buyer'>): boolean =>
  role === 'supplier' || role === 'buyer' ? order[role] === member : true;

/** `whsec_` and 24 to 64 bytes in Base64. */
export const webhookSecret = z
  .string()
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be whsec_ and Base64');

/** Without a name and a password in it, which would be told in logs, and without a fragment, which is never sent. */
const receiverUrl = z
  .url({ protocol: /^https?$/, abort: true })
  .max(2000)
  .refine((url) => {
    const { username, password, hash } = new URL(url);
    return username === '' && password === '' && hash === '';
  }, 'without user name, password and #');

/** What the owner says of a subscription. */
export const subscriptionTerms = z.strictObject({
  url: receiverUrl,
  events: z.array(eventPattern).min(1).max(50),
  description: z.string().trim().min(1).max(200).optional(),
});
export type SubscriptionTerms = z.infer<typeof subscriptionTerms>;

/** What of it may be changed later. */
export const subscriptionChanges = subscriptionTerms
  .partial()
  .extend({ state: z.enum(['active', 'paused']).optional() });
export type SubscriptionChanges = z.infer<typeof subscriptionChanges>;

/** From where a subscription is told again: an instant, or a version of one order. */
export const replayPoint = z.union(
  [z.strictObject({ from: instant }), z.strictObject({ order: opaqueId, version: z.int().positive().default(1) })],
  { error: 'either `from`, an instant, or `order`, with `version` or from its first' },
);
export type ReplayPoint = z.infer<typeof replayPoint>;

/** SHA-256, in hex. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const subscription = z.strictObject({
  id: opaqueId,
  owner: webhookOwner,
  ...subscriptionTerms.shape,
  events: z.array(z.string()).min(1).max(50),
  /** The newest first; each signs until its time is over. */
  secrets: z
    .array(
      z.strictObject({
        secret: webhookSecret,
        since: instant,
        until: instant.optional(),
        /** Digest of the key that it was asked for under: the same again is no other secret. */
        asked: digest.optional(),
      }),
    )
    .min(1)
    .max(5),
  /** `failing`: the receiver has not taken what was sent last; it is tried again. `paused`: nothing is sent, all is kept. */
  state: z.enum(['active', 'paused', 'failing']),
  /** Why it fails, or was paused by the receiver's own answer. */
  why: z.string().max(500).optional(),
  /** Digest of the terms that it was asked for with, where its id comes from a key: the same again is no other one. */
  asked: digest.optional(),
  createdAt: instant,
  updatedAt: instant,
  /** What is to be told again, and how far that has got. */
  replay: z
    .strictObject({
      from: instant,
      askedAt: instant,
      after: z.strictObject({ updatedAt: instant, order: opaqueId }).optional(),
    })
    .optional(),
});
export type Subscription = z.infer<typeof subscription>;

/** A subscription as it is shown: its secrets are shown once, when they are made. */
export type ShownSubscription = Omit<Subscription, 'secrets' | 'asked'> & {
  secrets: { since: string; until?: string | undefined }[];
};

export const shown = ({ secrets, asked: _asked, ...rest }: Subscription): ShownSubscription => ({
  ...rest,
  secrets: secrets.map(({ since, until }) => ({ since, ...(until !== undefined && { until }) })),
});

/** Most subscriptions of one owner. */
export const mostSubscriptions = 20;

// --- secrets

/** For so long the secret before signs along. */
const overlapMs = 24 * 60 * 60 * 1000;
const mostSecrets = 5;

/** The secrets with a new one: the one before signs along for a day. */
export function rotated(
  secrets: Subscription['secrets'],
  secret: string,
  at: string,
  asked?: string,
): Subscription['secrets'] {
  const until = plus(at, overlapMs);
  const before = secrets.map((old) => ({
    ...old,
    until: old.until !== undefined && old.until < until ? old.until : until,
  }));
  return [
    { secret, since: at, ...(asked !== undefined && { asked }) },
    ...before.filter((old) => old.until > at),
  ].slice(0, mostSecrets);
}

/** Those that sign at this instant. */
export const signing = (secrets: Subscription['secrets'], at: string): string[] =>
  secrets.filter(({ until }) => until === undefined || until > at).map(({ secret }) => secret);

// --- deliveries

/** One attempt at a delivery. */
export const attempt = z.strictObject({
  at: instant,
  /** How long it took, in milliseconds. */
  ms: z.int().nonnegative(),
  /** HTTP status of the answer, if there was one. */
  status: z.int().optional(),
  /** Why it counts as failed, as a short stable word: `status`, `redirect`, `timeout`, `address-refused`, … */
  error: z.string().max(40).optional(),
  detail: z.string().max(500).optional(),
});
export type Attempt = z.infer<typeof attempt>;

/** Of so many attempts the newest are kept. */
export const attemptsKept = 20;

/** What one subscription is told of one version of an order. */
export const delivery = z.strictObject({
  subscription: opaqueId,
  /** What is told in order: the subscription and the order. */
  lane: z.string(),
  /** None of a test event. */
  order: opaqueId.optional(),
  version: z.int().positive(),
  /** When it happened. */
  at: instant,
  topics: z.array(z.string()).max(40),
  state: z.enum(['pending', 'delivered', 'parked']),
  attempts: z.int().nonnegative(),
  log: z.array(attempt).max(attemptsKept),
  /** Since when it is tried; three days later it is parked. */
  queuedAt: instant,
  settledAt: instant.optional(),
});
export type Delivery = z.infer<typeof delivery>;

export const laneOf = (subscriptionId: string, order: string): string => `${subscriptionId}:${order}`;

// --- attempts

const firstDelayMs = 5_000;
const longestDelayMs = 6 * 60 * 60 * 1000;
/** Whatever could not be delivered for so long is parked. */
export const triedForMs = 3 * 24 * 60 * 60 * 1000;

export interface Failure {
  /** Of the failed attempt. */
  at: string;
  /** Attempts made so far, at least 1. */
  attempts: number;
  /** Since when it is tried. */
  since: string;
  /** From 0 up to 1: spreads what failed together. */
  chance: number;
  /** The receiver asked to be left alone for so long. */
  retryAfterMs?: number | undefined;
}

/**
 * When to try again: 5 s, doubled each time up to 6 h, half of it by chance; the last time three days after the first.
 * Undefined when that is over.
 */
export function nextAttemptAt({ at, attempts, since, chance, retryAfterMs = 0 }: Failure): string | undefined {
  const end = plus(since, triedForMs);
  if (at >= end) return undefined;
  const wait = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 30));
  const delay = Math.max(Math.round((wait * (1 + chance)) / 2), Math.min(retryAfterMs, longestDelayMs));
  const next = plus(at, delay);
  return next < end ? next : end;
}

const plus = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

// --- what is sent

/** A review that is not published yet is told without what it says (R35). */
const hiddenReview = z.strictObject({ type: z.literal('reviewGiven'), by: z.enum(['supplier', 'buyer']) });

/** The body of a call: what one message did to an order, of that what the subscription has asked for. */
export const orderChanged = z.strictObject({
  /** The same each time it is told; the header `webhook-id` says it, too. */
  id: z.string(),
  type: z.literal('order.changed'),
  order: opaqueId,
  /** Versions of an order come in rising order; those without an event that was asked for are left out. */
  version: z.int().positive(),
  at: instant,
  data: z.strictObject({
    ...journalEntry.pick({ message: true, messageId: true, actor: true }).shape,
    events: z.array(z.union([orderEvent, hiddenReview])).min(1),
  }),
});
export type OrderChanged = z.infer<typeof orderChanged>;

/** The body of a test call. */
export const webhookTest = z.strictObject({
  id: z.string(),
  type: z.literal('webhook.test'),
  at: instant,
  data: z.strictObject({ subscription: opaqueId }),
});

/** What is sent of a journal entry. */
export function orderChangedOf(
  id: string,
  entry: JournalEntry,
  topics: readonly string[],
  { reviews }: Pick<Order, 'reviews'>,
): OrderChanged {
  const [told] = toldJournal([entry], { reviews: reviews.published ? reviews : { published: false, given: [] } });
  const { order, version, at, message, messageId, actor } = entry;
  const events = (told?.events ?? []).filter(({ type }) => topics.includes(type));
  return { id, type: 'order.changed', order, version, at, data: { message, messageId, actor, events } };
}
