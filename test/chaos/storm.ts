/**
 * The storm: many orders of both schemes at once, each message made up by chance for where its order stands, sent by the HTTP
 * API, by the client as an Update or a Signal, or as a file of a feed; some twice, some late, some out of order. Callers try
 * again under the same id, as they should; a few give up. What was acknowledged is remembered, to be found again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refused, TradeAssuranceClient } from '../../clients';
import { TradeAssuranceError } from '../../clients/errors';
import { FundsClient } from '../../clients/funds';
import { TradeAssuranceHttpClient } from '../../clients/http-client';
import type { Claims } from '../../clients/http/identity';
import { SuspenseClient } from '../../clients/suspense';
import { kindOf, factNames, type FactName } from '../../domain/inbox';
import type { Actor, MessageName, Role } from '../../domain/messages';
import type { Order } from '../../domain/order';
import { collectables } from '../../store/statement';
import { findOrder } from '../../store/read';
import { tokens } from '../../sandbox/card';
import { payeeEnds } from '../../sandbox/bank';
import { members as senders, supplierId } from '../support/builders';
import { Dice } from '../support/dice';
import type { AnyPost, Deal, Market } from '../support/market';
import { fitting, make } from '../support/moves';
import { registerPayee } from '../support/payees';

export interface StormOptions {
  seed: number;
  ta: TradeAssuranceClient;
  apiUrl: string;
  tokenOf: (caller: Claims) => Promise<string>;
  /** Pairs that may trade. */
  pairs: readonly { supplier: string; buyer: string }[];
  /** Orders that are played at once. */
  drivers: number;
}

/** A message that was answered: what must stand in the journal. */
interface Acknowledged {
  order: string;
  version: number;
  message: string;
}

export interface Counts {
  orders: number;
  /** Messages, each once. */
  messages: number;
  /** Messages that were sent again as they were, on purpose. */
  duplicates: number;
  /** Facts in files of feeds. */
  facts: number;
  /** Calls that found no answer, and were made again. */
  retries: number;
  /** Callers that gave up. */
  abandoned: number;
  /** Messages that an order refused. */
  refused: number;
  withdrawals: number;
}

/** Not in a storm: what the sandbox alone knows, and what needs a market of its own. */
const notSaid: readonly MessageName[] = [
  'supplierActivated',
  'suspenseAllocated',
  'chargeCaptured',
  'chargeDeclined',
  'chargeReturned',
  'refundPaid',
];
const isFact = (name: string): name is FactName => factNames.some((fact) => fact === name);

export class Storm {
  readonly counts: Counts = {
    orders: 0,
    messages: 0,
    duplicates: 0,
    facts: 0,
    retries: 0,
    abandoned: 0,
    refused: 0,
    withdrawals: 0,
  };
  readonly acknowledged: Acknowledged[] = [];
  /** Ids of deliveries that were answered with 202. */
  readonly delivered: string[] = [];
  /** What should never be: a fault of ours, or two answers to one message. */
  readonly faults: string[] = [];
  /** Why calls found no answer, and how often. */
  readonly unanswered = new Map<string, number>();
  /** When an answer last came, on `performance.now`. */
  answeredAt = 0;
  #isOver = false;
  /** Callers still try then, but no longer for ever. */
  #giveUpAt = Infinity;
  readonly #late: Promise<void>[] = [];
  readonly #http = new Map<string, Promise<TradeAssuranceHttpClient>>();

  constructor(private readonly options: StormOptions) {}

  /** Rages until `end`. */
  async rage(): Promise<void> {
    const { drivers, seed } = this.options;
    const drive = async () => {
      while (!this.#isOver) {
        this.counts.orders += 1;
        await this.#playDeal(this.counts.orders, new Dice(seed * 1_000_003 + this.counts.orders));
      }
    };
    const beside = this.#beside(new Dice(seed + 7));
    await Promise.all([...Array.from({ length: drivers }, drive), beside]);
  }

  end(): void {
    this.#isOver = true;
  }

  /** What is on its way still arrives. */
  async settle(withinMs: number): Promise<void> {
    this.#giveUpAt = performance.now() + withinMs;
    await Promise.all(this.#late.splice(0));
  }

  // --- an order

  async #playDeal(number: number, dice: Dice): Promise<void> {
    const { seed, pairs } = this.options;
    const pair = dice.of(pairs) ?? { supplier: supplierId, buyer: 'buy-hamburg-home' };
    const id = `storm-${String(seed)}-${String(number)}`;
    const scheme = dice.of(['trade-assurance', 'trade-assurance', 'secure-payment'] as const);
    const deal: Deal = {
      ...{ id, scheme, buyer: pair.buyer, pair: `va-${String(number)}`, order: undefined },
      ...{ journal: [], transfers: [], sent: [], late: [], rung: [] },
    };
    const length = dice.between(8, 28);
    for (let step = 1; step <= length && !this.#isOver; step += 1) {
      deal.order = await this.#read(id);
      if (deal.order?.endedAt !== undefined) return;
      const post = this.#post(deal, pair.supplier, number, dice);
      if (!post) return;
      deal.sent.push({ post, id: '' });
      await this.#say(deal.id, post, `m-${String(step)}`, dice);
      if (post.name === 'draft' && !(await this.#read(id))) return; // refused, or given up
    }
  }

  /** A message that fits, made this order's own where several would share a number. */
  #post(deal: Deal, supplier: string, number: number, dice: Dice): AnyPost | undefined {
    const weights = Object.entries(fitting(deal.order)).filter(([name]) => !notSaid.includes(name as MessageName));
    if (weights.length === 0) return undefined;
    const name = dice.weighted(Object.fromEntries(weights)) as MessageName;
    const market = { now: new Date().toISOString(), activate: () => undefined } as unknown as Market;
    const post = make(name, { market, deal, dice });
    const own = { ...post, member: post.member ?? memberOf(post.as, supplier, deal.buyer) };
    const data = { ...own.data } as Record<string, unknown>;
    if (name === 'draft') data.supplier = supplier;
    if (name === 'registerExport') data.declaration = `${String(data.declaration)}-${String(number)}`;
    if (name === 'shipGoods') data.tracking = `JD${String(number).padStart(8, '0')}`;
    if (name === 'requestInspection') data.inspection = `${String(data.inspection)}-${String(number)}`;
    if (name === 'pay') data.token = dice.of(tokens.filter((token) => !/returned|backwards|timeout/.test(token)));
    return { ...own, data } as AnyPost;
  }

  async #read(id: string): Promise<Order | undefined> {
    return await this.#again<Order | undefined>(() => findOrder(this.options.ta.options.store, id));
  }

  // --- a message

  async #say(order: string, post: AnyPost, id: string, dice: Dice): Promise<void> {
    this.counts.messages += 1;
    const sending = this.#sayOnce(order, post, id, dice);
    const twice = dice.chance(15) ? [this.#sayOnce(order, post, id, dice)] : [];
    this.counts.duplicates += twice.length;
    await Promise.all([sending, ...twice]);
  }

  async #sayOnce(order: string, post: AnyPost, id: string, dice: Dice): Promise<void> {
    if (isFact(post.name) && dice.chance(70)) return this.#deliver(order, post, dice);
    const { ta } = this.options;
    const as = { role: post.as, member: post.member ?? '' } as Actor;
    const { name, data } = post;
    const isPerson = post.as === 'supplier' || post.as === 'buyer' || post.as === 'platform';
    const isImpatient = dice.chance(6);
    const way =
      name === 'draft' ? 'update' : isPerson && dice.chance(45) ? 'http' : dice.chance(25) ? 'signal' : 'update';
    const call = async () => {
      if (name === 'draft') return ta.start(order, data, { as, id });
      if (way === 'signal') return ta.signal(name as never, order, data as never, { as, id });
      if (way === 'update') return ta.send(name as never, order, data as never, { as, id });
      return (await this.#httpOf({ role: post.as, member: as.member } as Claims)).send(
        name as never,
        order,
        data as never,
        { id },
      );
    };
    const answer = await this.#again(call, isImpatient);
    // A late payment is booked beside its order, which has ended.
    const isLate = answer?.events.some((event) => event.type === 'paymentSuspended' && event.reason === 'after-close');
    if (!answer || answer.events.length === 0 || isLate) return;
    this.acknowledged.push({ order, version: answer.version, message: name });
  }

  #httpOf(caller: Claims): Promise<TradeAssuranceHttpClient> {
    const key = JSON.stringify(caller);
    const known = this.#http.get(key);
    if (known) return known;
    const { tokenOf, apiUrl } = this.options;
    const made = tokenOf(caller).then(
      (token) => new TradeAssuranceHttpClient({ url: apiUrl, token, attempts: 1, timeoutMs: 15_000 }),
    );
    this.#http.set(key, made);
    return made;
  }

  /**
   * Tries until there is an answer, as a caller should; one without patience tries once. Undefined when it was refused or given
   * up.
   */
  async #again<T>(call: () => Promise<T>, isImpatient = false): Promise<T | undefined> {
    for (let waitMs = 100; ; waitMs = Math.min(2000, waitMs * 2)) {
      try {
        const answer = await call();
        this.answeredAt = performance.now();
        return answer;
      } catch (fault) {
        if (fault instanceof Refused) {
          this.counts.refused += 1;
          this.answeredAt = performance.now();
          if (fault.code === 'message.failed' || fault.code === 'commit.failed') this.faults.push(String(fault));
          return undefined;
        }
        if (fault instanceof TradeAssuranceError && !passing.test(fault.code))
          this.faults.push(`${fault.code}: ${fault.message}`);
        if ((fault instanceof TypeError && fault.message !== 'fetch failed') || fault instanceof RangeError)
          this.faults.push(String(fault.stack));
        const why = whyOf(fault);
        this.unanswered.set(why, (this.unanswered.get(why) ?? 0) + 1);
        if (isImpatient || performance.now() > this.#giveUpAt) {
          this.counts.abandoned += 1;
          return undefined;
        }
        this.counts.retries += 1;
        await pause(waitMs);
      }
    }
  }

  // --- feeds

  /** A file with one fact, now or some seconds late, perhaps twice: as the same delivery, or in another file. */
  #deliver(order: string, { name, data }: AnyPost, dice: Dice): Promise<void> {
    const fact = name as FactName;
    const told = { fact, data, ...(fact === 'paymentCredited' && { remittance: `Order ${order}` }) };
    const id = randomUUID();
    const isLate = dice.chance(40);
    const ids = dice.chance(25) ? [id, dice.chance(50) ? id : randomUUID()] : [id];
    this.counts.duplicates += ids.length - 1;
    const arriving = ids.map(async (delivery) => {
      if (isLate) await pause(dice.between(500, 8000));
      await this.#post202(fact, JSON.stringify(told), delivery);
    });
    this.#late.push(...arriving);
    return isLate ? Promise.resolve() : Promise.all(arriving).then(() => undefined);
  }

  async #post202(fact: FactName, body: string, delivery: string): Promise<void> {
    const kind = kindOf(fact) ?? 'bank';
    this.counts.facts += 1;
    const token = await this.options.tokenOf({ role: 'feed', source: kind, member: senders[kind] });
    const answer = await this.#again(async () => {
      const response = await fetch(`${this.options.apiUrl}/v1/feeds/${kind}/json`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'webhook-id': delivery },
        body,
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      if (response.status === 202) return JSON.parse(text) as { id: string };
      if (response.status < 500 && response.status !== 429) this.faults.push(`a feed was answered ${text}`);
      throw new Error(`answered ${String(response.status)}`);
    });
    if (answer) this.delivered.push(answer.id);
  }

  // --- beside the orders: suppliers take their money, operators clear the suspense account

  async #beside(dice: Dice): Promise<void> {
    const { ta } = this.options;
    const [funds, suspense] = [new FundsClient(ta.options), new SuspenseClient(ta)];
    for (let n = 1; !this.#isOver; n += 1) {
      await pause(700);
      await this.#again(() => (dice.chance(60) ? this.#withdraw(funds, n, dice) : this.#clear(suspense, dice)), true);
    }
  }

  async #withdraw(funds: FundsClient, n: number, dice: Dice): Promise<void> {
    const { ta, pairs, seed } = this.options;
    const supplier = dice.of(pairs)?.supplier ?? supplierId;
    const [one] = await collectables(ta.options.store, supplier, 'USD');
    if (!one || one.amount.amount < 2_000) return;
    const payee = {
      name: 'The supplier itself',
      account: `CN00${dice.of([...payeeEnds.filter((end) => end !== '0004'), '9999']) ?? ''}`,
    };
    await registerPayee(ta.options.store, supplier, payee);
    const request = { id: `w-${String(seed)}-${String(n)}`, supplier, channel: 'USD' as const, orders: [one], payee };
    const as = { role: 'supplier', member: supplier } as const;
    if (await this.#again(() => funds.withdraw(request, { as }))) this.counts.withdrawals += 1;
  }

  async #clear(suspense: SuspenseClient, dice: Dice): Promise<void> {
    const item = dice.of(await suspense.list(['open']));
    if (!item) return;
    const payee = { name: 'The buyer', account: 'DE00999900009999' };
    const action = { kind: 'return', payee } as never;
    await suspense.propose(item.id, action, 'came too late', { role: 'platform', member: 'operator-1' });
    await suspense.approve(item.id, 1, { role: 'platform', member: 'operator-2' });
  }
}

const memberOf = (as: Role, supplier: string, buyer: string): string =>
  as === 'supplier' ? supplier : as === 'buyer' ? buyer : senders[as];

/** What a caller is told, without what is another each time. */
function whyOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const told = `${fault.name}: ${fault.message}`.replace(/[\w-]*\d[\w-]*/g, '…').slice(0, 200);
  return fault.cause === undefined ? told : `${told}; ${whyOf(fault.cause)}`.slice(0, 400);
}

/** Codes that say to try again. */
const passing = /^(service\.(unavailable|busy)|rate\.|http\.5)/;
