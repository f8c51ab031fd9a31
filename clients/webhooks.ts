/**
 * `WebhookClient`: how members, services and the platform subscribe to what happens to orders, see what was told, and have it
 * told again. Each sees its own webhooks only, and the platform all.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { problemsOf } from '../domain/parse';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { userRefusal } from '../domain/users';
import {
  replayPoint,
  shown,
  subscriptionChanges,
  subscriptionTerms,
  webhookOwner,
  type Delivery,
  type ShownSubscription,
  type Subscription,
  type WebhookOwner,
} from '../domain/webhooks';
import { urlRefused } from '../partners/addresses';
import { enqueueTest, listDeliveries, type DeliveryFilter } from '../store/webhook-deliveries';
import { findMember } from '../store/read';
import { askReplay } from '../store/replays';
import type { Store } from '../store/store';
import {
  addSubscription,
  changeSubscription,
  findSubscription,
  listSubscriptions,
  removeSubscription,
  rotateSecret,
} from '../store/subscriptions';
import { Refused } from './errors';

export interface WebhookClientOptions {
  store: Store;
  /** Whether receivers may be reached over http and at addresses that are not public: for development. */
  allowPrivate?: boolean;
  /** The present instant, ISO 8601. */
  now?: () => string;
}

/** Who asks: an owner of webhooks, or the platform; of a company's users only those that may speak for all of it. */
export type Manager = WebhookOwner & { user?: string };

/** A subscription and its new secret, which is shown this once. */
export interface WithSecret {
  subscription: ShownSubscription;
  secret: string;
}

export class WebhookClient {
  readonly #store: Store;
  readonly #allowPrivate: boolean;
  readonly #now: () => string;

  constructor({ store, allowPrivate = false, now = () => new Date().toISOString() }: WebhookClientOptions) {
    this.#store = store;
    this.#allowPrivate = allowPrivate;
    this.#now = now;
  }

  /**
   * Subscribes the owner to events of its orders, from now on. The same again under the same key is the same subscription,
   * and tells the secret again.
   * @throws Refused `message.invalid`, `message.id-reused`, `webhook.url-not-allowed`, `webhook.too-many`
   */
  async add({ user, ...owner }: Manager, terms: unknown, key?: string): Promise<WithSecret> {
    await this.#allow({ ...owner, ...(user !== undefined && { user }) });
    const { url, events, description } = read(subscriptionTerms, terms);
    this.#checkUrl(url);
    const named = { url, events, ...(description !== undefined && { description }), owner: read(webhookOwner, owner) };
    const keyed = key !== undefined && { asked: digestOf(url, events, description) };
    const id = `wh-${key === undefined ? randomUUID() : digestOf(owner.role, owner.member, key).slice(0, 32)}`;
    const added = { ...named, ...keyed, id, secret: newSecret(), at: this.#now() };
    return withSecret(kept(await addSubscription(this.#store, added)));
  }

  /** Those of the asker; of the platform all. */
  async list(as: Manager): Promise<ShownSubscription[]> {
    await this.#allow(as);
    return (await listSubscriptions(this.#store, as.role === 'platform' ? undefined : as)).map(shown);
  }

  /** @throws Refused `webhook.not-found` */
  async find(as: Manager, id: string): Promise<ShownSubscription> {
    return shown(await this.#own(as, id));
  }

  /**
   * Changes address, events or description, pauses it or makes it active. What waited while it was paused is told then.
   * @throws Refused `webhook.not-found`, `message.invalid`, `webhook.url-not-allowed`
   */
  async change(as: Manager, id: string, changes: unknown): Promise<ShownSubscription> {
    await this.#own(as, id);
    const wanted = read(subscriptionChanges, changes);
    if (wanted.url !== undefined) this.#checkUrl(wanted.url);
    return shown(kept(await changeSubscription(this.#store, id, wanted, this.#now())));
  }

  /** A new secret, one for each key; the one before signs along for a day. @throws Refused `webhook.not-found` */
  async rotate(as: Manager, id: string, key?: string): Promise<WithSecret> {
    await this.#own(as, id);
    const asked = key === undefined ? undefined : digestOf(as.role, as.member, key);
    return withSecret(kept(await rotateSecret(this.#store, id, newSecret(), this.#now(), asked)), asked);
  }

  /** Takes it away with its log. @throws Refused `webhook.not-found` */
  async remove(as: Manager, id: string): Promise<void> {
    await this.#own(as, id);
    await removeSubscription(this.#store, id);
  }

  /** Sends a call that tells of no order; the log says how it went. @throws Refused `webhook.not-found` */
  async test(as: Manager, id: string): Promise<Delivery> {
    await this.#own(as, id);
    return enqueueTest(this.#store, id, this.#now());
  }

  /** What was told and what waits, newest first. @throws Refused `webhook.not-found` */
  async deliveries(as: Manager, id: string, filter: DeliveryFilter = {}): Promise<Delivery[]> {
    await this.#own(as, id);
    return listDeliveries(this.#store, id, filter);
  }

  /**
   * Tells again: `{ from }` all that came from an instant on, `{ order, version }` the rest of one order.
   * @throws Refused `webhook.not-found`, `order.not-found`, `message.invalid`
   */
  async replay(as: Manager, id: string, point: unknown): Promise<ShownSubscription> {
    const subscription = await this.#own(as, id);
    return shown(kept(await askReplay(this.#store, subscription, read(replayPoint, point), this.#now())));
  }

  // --- within

  async #own(as: Manager, id: string): Promise<Subscription> {
    await this.#allow(as);
    const { role, member } = as;
    const found = await findSubscription(this.#store, id);
    const isOwn = role === 'platform' || (found?.owner.role === role && found.owner.member === member);
    if (!found || !isOwn) throw new Refused(refuse('webhook.not-found', id));
    return found;
  }

  /** What a company's webhooks tell is for its owners to decide on. */
  async #allow({ role, member: id, user }: Manager): Promise<void> {
    if (user === undefined || role === 'platform' || role === 'service') return;
    const member = await findMember(this.#store, id);
    const refusal = member ? userRefusal(member, user, 'webhook.manage') : refuse('member.not-found', id);
    if (refusal) throw new Refused(refusal);
  }

  #checkUrl(url: string): void {
    const why = this.#allowPrivate ? undefined : urlRefused(url);
    if (why !== undefined) throw new Refused(refuse('webhook.url-not-allowed', `url: ${why}`));
  }
}

/** With the secret that was asked for so, else the newest. */
const withSecret = (stands: Subscription, asked?: string): WithSecret => {
  const found = stands.secrets.find((one) => asked !== undefined && one.asked === asked) ?? stands.secrets[0];
  return { subscription: shown(stands), secret: found?.secret ?? '' };
};

const digestOf = (...parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function read<Form extends z.ZodType>(form: Form, value: unknown): z.infer<Form> {
  const { data, error } = form.safeParse(value);
  if (error) throw new Refused(refuse('message.invalid', problemsOf(error)));
  return data;
}

function kept<Value extends object>(value: Value | Refusal): Value {
  if (isRefusal(value)) throw new Refused(value);
  return value;
}
