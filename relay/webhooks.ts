/**
 * Tells subscribers: takes lanes that are due, and of each what is next in it, until something is not taken. What fails holds
 * back what comes after it of the same order only; a slow receiver takes up a few places of its own, and no others.
 */
import { createHash } from 'node:crypto';
import { inSpan, orderAttribute } from '../config/tracing';
import {
  nextAttemptAt,
  orderChangedOf,
  webhookTest,
  type Attempt,
  type Delivery,
  type Subscription,
} from '../domain/webhooks';
import type { WebhookAnswer, WebhookCall } from '../partners/webhook';
import {
  claimLane,
  closeLane,
  dropLane,
  leaveLane,
  nextIn,
  settle,
  type ClaimedLane,
  type Outcome,
} from '../store/webhook-deliveries';
import { journalEntryOf } from '../store/read';
import type { Store } from '../store/store';
import { findSubscription, noteHealth, signingSecrets } from '../store/subscriptions';
import type { Job } from '../partners/pump';

export interface WebhookNeeds {
  store: Store;
  /** The present instant, ISO 8601. */
  now: () => string;
  /** From 0 up to 1. */
  chance: () => number;
  call: (call: WebhookCall) => Promise<WebhookAnswer>;
  /** For so long a lane is held for one call, longer than that may take. */
  leaseMs: number;
}

/** Lanes of one subscription under way at the same time in one relay. */
const mostOfOne = 4;
/** Calls made in a row before a lane is put back, so that others get their turn. */
const mostInARow = 25;
/** A paused subscription is looked at again after so long; made active it is due at once. */
const pausedMs = 10 * 60 * 1000;
/** From this attempt on a receiver counts as failing. */
const failingFrom = 3;
/** The receiver is gone for good, and says so. */
const gone = 410;

export class WebhookSender {
  readonly #needs: WebhookNeeds;
  readonly #underWay = new Map<string, number>();

  constructor(needs: WebhookNeeds) {
    this.#needs = needs;
  }

  /** Takes a lane that is due. */
  async take(): Promise<Job | undefined> {
    const busy = [...this.#underWay].filter(([, count]) => count >= mostOfOne).map(([id]) => id);
    const { store, now, leaseMs } = this.#needs;
    const lane = await claimLane(store, { at: now(), leaseMs, busy });
    if (!lane) return undefined;
    const { subscription } = lane;
    this.#count(subscription, 1);
    return () => this.#work(lane).finally(() => this.#count(subscription, -1));
  }

  #count(subscription: string, by: 1 | -1): void {
    const count = (this.#underWay.get(subscription) ?? 0) + by;
    if (count > 0) this.#underWay.set(subscription, count);
    else this.#underWay.delete(subscription);
  }

  async #work(lane: ClaimedLane): Promise<void> {
    const { store, now } = this.#needs;
    for (let made = 0; made < mostInARow; made += 1) {
      const subscription = await findSubscription(store, lane.subscription);
      if (!subscription) return dropLane(store, lane);
      if (subscription.state === 'paused') return leaveLane(store, lane, plus(now(), pausedMs));
      const delivery = await nextIn(store, lane.lane);
      if (!delivery) return closeLane(store, lane);
      const of = { 'ta.subscription': subscription.id, ...(delivery.order && { [orderAttribute]: delivery.order }) };
      if ((await inSpan('relay webhook', of, () => this.#tell(lane, subscription, delivery))) !== 'more') return;
    }
    await leaveLane(store, lane, now());
  }

  async #tell(lane: ClaimedLane, subscription: Subscription, delivery: Delivery) {
    const { store, now, call, leaseMs } = this.#needs;
    const { url } = subscription;
    const [began, clock] = [now(), performance.now()];
    const id = messageIdOf(delivery);
    const body = await this.#bodyOf(id, delivery);
    const answer: WebhookAnswer = body
      ? await call({
          url,
          id,
          at: began,
          body: JSON.stringify(body),
          secrets: signingSecrets(store, subscription, began),
        })
      : { error: 'event-gone', detail: 'the journal has no such entry any more' };
    const { retryAfterMs, ...how } = answer;
    const attempt: Attempt = { at: began, ms: Math.round(performance.now() - clock), ...how };
    const at = now();
    const outcome = this.#outcomeOf(delivery, attempt, at, retryAfterMs);
    const became = await settle(store, lane, delivery, outcome, { at, leaseMs });
    await this.#noteHealth(subscription, delivery, attempt, at);
    return became;
  }

  #outcomeOf(delivery: Delivery, attempt: Attempt, at: string, retryAfterMs?: number): Outcome {
    if (attempt.error === undefined) return { state: 'delivered', attempt };
    const { attempts, queuedAt: since } = delivery;
    const failure = { at, attempts: attempts + 1, since, chance: this.#needs.chance(), retryAfterMs };
    const againAt = attempt.error === 'event-gone' ? undefined : nextAttemptAt(failure);
    return againAt === undefined ? { state: 'parked', attempt } : { state: 'pending', attempt, againAt };
  }

  async #bodyOf(id: string, { order, version, at, topics, subscription }: Delivery): Promise<object | undefined> {
    if (order === undefined) return webhookTest.parse({ id, type: 'webhook.test', at, data: { subscription } });
    const found = await journalEntryOf(this.#needs.store, order, version);
    return found && orderChangedOf(id, found.entry, topics, found.order);
  }

  async #noteHealth({ id, state }: Subscription, { attempts }: Delivery, attempt: Attempt, at: string): Promise<void> {
    const { error, detail, status } = attempt;
    const why = [error, status, detail].filter((part) => part !== undefined).join(', ');
    const { store } = this.#needs;
    if (error === undefined) {
      if (state === 'failing') await noteHealth(store, id, { state: 'active' }, at);
    } else if (status === gone)
      await noteHealth(store, id, { state: 'paused', why: `the receiver is gone: ${why}` }, at);
    else if (attempts + 1 >= failingFrom && state === 'active')
      await noteHealth(store, id, { state: 'failing', why }, at);
  }
}

/** The name of an event: the same for everybody, and each time it is told. */
const messageIdOf = ({ order, version, lane }: Delivery): string =>
  `evt_${createHash('sha256')
    .update(`${order ?? lane}:${String(version)}`)
    .digest('hex')
    .slice(0, 32)}`;

const plus = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
