/**
 * A market in memory: the orders of one supplier, and beside them what the store keeps and a decision cannot see. Messages
 * are played as `commit` plays them: their transfers move balances, cover is counted, items stand in suspense; and what the
 * next message finds around it derives from there. Beside its books the market keeps what the outside knows by itself (what
 * the bank booked, what the processor charged), so that a property can hold one against the other.
 */
import type { Surroundings } from '../../domain/admission';
import { deadlines, type ClockMessage } from '../../domain/deadlines';
import { callOf, outcomeOf, type EffectResults, type Outcome } from '../../domain/effects';
import type { Disposed } from '../../domain/disposal';
import type { RegionPolicy } from '../../domain/eligibility';
import type { JournalEntry, OrderEvent } from '../../domain/events';
import { account, changesOf, neverNegative, type Transfer } from '../../domain/ledger';
import type { Member } from '../../domain/member';
import { keyOf, type MessageData, type MessageName, type Role } from '../../domain/messages';
import { add, moneyOf, type CurrencyCode, type Money } from '../../domain/money';
import type { Effect, Order } from '../../domain/order';
import { isRefusal, type Refusal } from '../../domain/refusal';
import type { SchemeName } from '../../domain/scheme';
import type { Dice } from './dice';
import {
  aBuyer,
  aSupplier,
  escrowAccount,
  members,
  play,
  regionsList,
  startsAt,
  supplierId,
  type Played,
} from './builders';

/** A message on its way. */
export interface Post<Name extends MessageName = MessageName> {
  name: Name;
  as: Role;
  /** The sending member; by default that of the role, for a party that of the order. */
  member?: string;
  data: MessageData<Name>;
}
export type AnyPost = { [Name in MessageName]: Post<Name> }[MessageName];

/** One order of the market, from before its draft on. */
export interface Deal {
  id: string;
  buyer: string;
  scheme: SchemeName;
  /** The pair's virtual account (R30). */
  pair: string;
  order: Order | undefined;
  journal: JournalEntry[];
  transfers: Transfer[];
  /** Every message that was sent, with its id, in turn. */
  sent: { post: AnyPost; id: string }[];
  /** Messages that are delayed on their way. */
  late: AnyPost[];
  /** The deadlines that have rung, as `<message> <at>`. */
  rung: string[];
}

/** Money in suspense (R30), by account and entry. */
interface Suspended {
  order: string | undefined;
  account: string;
  entryReference: string;
  amount: Money;
  reason: string;
  /** What of it operators have given to an order, or sent back, in minor units. */
  gone: number;
}

/** What the bank and the processor know. Minor units of a currency. */
interface Outside {
  /** Credits that the bank has booked, by account and entry, and those that it took back. */
  credits: Map<string, { account: string; amount: Money }>;
  takenBack: Set<string>;
  /** Charges, gross, by effect; and those that payers' banks took back. */
  charges: Map<string, Money>;
  returned: Set<string>;
  /** Refunds paid. */
  refunds: { via: 'bank' | 'card'; amount: Money }[];
  withdrawn: number;
}

export interface Setting {
  deals: { scheme: SchemeName; buyer: string }[];
  /** The supplier's limit, in cents. */
  limit: number;
  activated: boolean;
  /** Limit and served countries stay as they are. */
  isSteady?: boolean;
}

/** What a message came to, with the deal as it stood before it. */
export interface Step {
  deal: Deal;
  before: Order | undefined;
  post: AnyPost;
  outcome: Played | Refusal;
  /** What the message found around it. */
  around: Surroundings;
}

export class Market {
  now = startsAt;
  readonly deals: Deal[];
  readonly balances = new Map<string, number>();
  readonly suspense = new Map<string, Suspended>();
  readonly outside: Outside = {
    credits: new Map(),
    takenBack: new Set(),
    charges: new Map(),
    returned: new Set(),
    refunds: [],
    withdrawn: 0,
  };
  limit: number;
  openCover = 0;
  supplier: Member;
  regions: RegionPolicy = regionsList();
  /** The story so far, a line a step. */
  readonly told: string[] = [];
  private sent = 0;

  readonly isSteady: boolean;

  constructor({ deals, limit, activated, isSteady = false }: Setting) {
    this.limit = limit;
    this.isSteady = isSteady;
    this.supplier = aSupplier({ tradeAssurance: activated ? 'activated' : 'applied' });
    this.deals = deals.map(({ scheme, buyer }, index) => ({
      id: `order-${String(index + 1)}`,
      buyer,
      scheme,
      pair: `va-${buyer}`,
      order: undefined,
      journal: [],
      transfers: [],
      sent: [],
      late: [],
      rung: [],
    }));
  }

  /** The same market, to go on in another way. */
  copy(): Market {
    const copy = new Market({ deals: [], limit: this.limit, activated: true });
    const { credits, takenBack, charges, returned, refunds, withdrawn } = this.outside;
    for (const [key, balance] of this.balances) copy.balances.set(key, balance);
    for (const [key, item] of this.suspense) copy.suspense.set(key, item);
    copy.deals.push(
      ...this.deals.map((deal) => ({
        ...deal,
        journal: [...deal.journal],
        transfers: [...deal.transfers],
        sent: [...deal.sent],
        late: [...deal.late],
        rung: [...deal.rung],
      })),
    );
    return Object.assign(copy, {
      now: this.now,
      sent: this.sent,
      openCover: this.openCover,
      supplier: this.supplier,
      regions: this.regions,
      told: [...this.told],
      outside: {
        credits: new Map(credits),
        takenBack: new Set(takenBack),
        charges: new Map(charges),
        returned: new Set(returned),
        refunds: [...refunds],
        withdrawn,
      },
    });
  }

  // --- what the books say

  /** Minor units. */
  balance(name: string, currency: CurrencyCode = 'USD'): number {
    return this.balances.get(`${name} ${currency}`) ?? 0;
  }

  surroundings(deal: Deal): Surroundings {
    return {
      supplier: this.supplier,
      buyer: aBuyer({ id: deal.buyer }),
      regions: this.regions,
      account: deal.pair,
      limit: moneyOf(this.limit, 'USD'),
      openCover: moneyOf(this.openCover, 'USD'),
      balance: moneyOf(this.balance(account.supplier(supplierId)), 'USD'),
      owed: moneyOf(-this.balance(account.receivable(supplierId)), 'USD'),
      awards: moneyOf(this.balance(account.awards(supplierId)), 'USD'),
    };
  }

  private disposedFor(deal: Deal): Disposed[] {
    return [...this.suspense.values()].filter(({ order }) => order === deal.id);
  }

  /** The suspended money that the reversal of an entry may take (as `takeable` of the store). */
  private takeable(deal: Deal, entry?: { account: string; entryReference: string }) {
    const own = entry && `${entry.account} ${entry.entryReference}`;
    const mine = own === undefined ? undefined : this.suspense.get(own);
    const items = [...this.suspense].filter(([, { order }]) => order === deal.id);
    if (mine && mine.reason !== 'overpaid') return items.filter(([key]) => key === own);
    return items
      .filter(([, { reason }]) => reason === 'overpaid')
      .sort(([a], [b]) => Number(b === own) - Number(a === own));
  }

  // --- messages

  /** Plays one message, whatever comes of it; a repeated id is answered from the journal. */
  send(deal: Deal, post: AnyPost, id = `m-${String((this.sent += 1))}`): Step {
    const before = deal.order;
    const around = this.surroundings(deal);
    const member = post.member ?? this.memberOf(deal, post.as);
    const known = deal.journal.some((e) => keyOf(e.actor, e.messageId) === keyOf({ role: post.as, member }, id));
    const outcome: Played | Refusal =
      known && before
        ? { order: before, events: [], entry: undefined, transfers: [] }
        : play(before, post.name, post.data, {
            as: post.as,
            member,
            at: this.now,
            id,
            around,
            disposed: this.disposedFor(deal).map(({ account: of, entryReference, gone }) => ({
              account: of,
              entryReference,
              gone,
            })),
            order: deal.id,
          });
    deal.sent.push({ post, id });
    this.tell(`${deal.id} ${post.as} ${post.name} ${JSON.stringify(post.data)} → ${inWords(outcome)}`);
    if (!isRefusal(outcome)) {
      this.hear(post, before);
      deal.order = outcome.order;
      if (outcome.entry) this.store(deal, outcome.entry, outcome.transfers);
    }
    return { deal, before, post, outcome, around };
  }

  private memberOf(deal: Deal, as: Role): string {
    if (as === 'buyer') return deal.buyer;
    return as === 'supplier' ? supplierId : members[as];
  }

  /** What the outside knows once its message was taken. */
  private hear({ name, data }: AnyPost, before: Order | undefined): void {
    const { credits, takenBack, charges, returned } = this.outside;
    const charge = before?.charges.find(
      ({ effect, state }) => name === 'chargeCaptured' && effect === data.effect && state !== 'captured',
    );
    if (charge) charges.set(charge.effect, add(charge.amount, charge.surcharge));
    const paid = before?.refunds.find(
      ({ id }) => name === 'refundPaid' && before.effects.some((e) => e.id === data.effect && e.of === String(id)),
    );
    if (paid) this.outside.refunds.push({ via: paid.via, amount: paid.amount });
    if (name === 'paymentCredited')
      credits.set(`${data.account} ${data.entryReference}`, { account: data.account, amount: data.amount });
    if (name === 'paymentReversed') takenBack.add(`${data.account} ${data.entryReference}`);
    if (name === 'chargeReturned') returned.add(data.effect);
  }

  private store(deal: Deal, entry: JournalEntry, transfers: readonly Transfer[]): void {
    deal.journal.push(entry);
    deal.transfers.push(...transfers);
    this.post(transfers);
    for (const event of entry.events) {
      if (event.type === 'coverReserved') this.openCover += event.amount.amount;
      if (event.type === 'coverReleased') this.openCover -= event.amount.amount;
      this.followSuspense(deal, event);
    }
  }

  /** Posts transfers as the store does; what its validator would refuse is an error. */
  post(transfers: readonly Pick<Transfer, 'from' | 'to' | 'amount'>[]): void {
    for (const { account: name, currency, change } of changesOf(transfers as Transfer[])) {
      const after = this.balance(name, currency) + change;
      this.balances.set(`${name} ${currency}`, after);
      if (after < 0 && neverNegative.test(name)) throw new Error(`${name} falls to ${String(after)} ${currency}`);
    }
  }

  private followSuspense(deal: Deal, event: OrderEvent): void {
    if (event.type === 'paymentSuspended') {
      const { account: of, entryReference, amount, reason } = event;
      this.suspense.set(`${of} ${entryReference}`, {
        order: deal.id,
        account: of,
        entryReference,
        amount,
        reason,
        gone: 0,
      });
    }
    if (event.type === 'paymentApplied' && event.account === 'suspense') this.dispose(`stray ${event.entryReference}`);
    if (event.type === 'excessApplied') this.take(deal, event.amount.amount);
    if (event.type === 'paymentReversed') this.take(deal, event.fromSuspense, event);
  }

  private take(deal: Deal, amount: number, entry?: { account: string; entryReference: string }): void {
    let left = amount;
    for (const [key, item] of this.takeable(deal, entry)) {
      const part = Math.min(left, item.amount.amount);
      left -= part;
      this.suspense.set(key, { ...item, amount: moneyOf(item.amount.amount - part, item.amount.currency) });
    }
  }

  // --- effects, as the workflow starts them

  pending(deal: Deal): Effect[] {
    return deal.order?.effects.filter(({ state }) => state === 'pending') ?? [];
  }

  /** The outside party has answered; `isDeclined` of a charge, `isFailed` of any. */
  answer(deal: Deal, effect: Effect, answered: 'done' | 'declined' | 'failed', as: Role = 'effect'): Step {
    const order = deal.order!;
    const { call } = callOf(order, effect, this.now);
    const outcome = this.outcomeOf(effect.id, call, answered);
    const step = this.send(deal, { ...outcome, as }, `effect:${effect.id}:${String(effect.attempt)}:${answered}`);
    return step;
  }

  private outcomeOf(
    effect: string,
    call: ReturnType<typeof callOf>['call'],
    answered: 'done' | 'declined' | 'failed',
  ): Outcome {
    if (answered === 'failed') return { name: 'effectFailed', data: { effect, reason: 'turned down' } };
    const limit = moneyOf(this.limit, 'USD');
    const told = <Activity extends keyof EffectResults>(activity: Activity, result: EffectResults[Activity]) =>
      outcomeOf[activity](effect, result);
    switch (call.activity) {
      case 'accrueCredit':
        return told('accrueCredit', { limitBefore: limit, limitAfter: limit, grade: 1, policy: 'ta-limit/v1' });
      case 'bookCredit':
        return told('bookCredit', { limitAfter: limit, policy: 'ta-limit/v1' });
      case 'charge':
        if (answered === 'declined') return told('charge', { state: 'declined', reason: 'insufficient-funds' });
        return told('charge', { state: 'captured', reference: `ch-${String(this.outside.charges.size + 1)}` });
      case 'refund':
        return told('refund', { reference: `re-${String(this.outside.refunds.length + 1)}` });
    }
  }

  // --- the clock

  /** The next deadline, if it has come. */
  due(deal: Deal): { at: string; message: ClockMessage } | undefined {
    const [next] = deal.order ? deadlines(deal.order) : [];
    return next && Date.parse(next.at) <= Date.parse(this.now) ? next : undefined;
  }

  /** The next deadline rings, now if it has come already, else when it comes. */
  ring(deal: Deal): Step | undefined {
    const [next] = deal.order ? deadlines(deal.order) : [];
    if (!next) return undefined;
    if (Date.parse(next.at) > Date.parse(this.now)) this.now = next.at;
    const step = this.send(deal, { name: next.message, as: 'clock', data: {} });
    if (!isRefusal(step.outcome) && step.outcome.entry) deal.rung.push(`${next.message} ${next.at}`);
    return step;
  }

  pass(minutes: number): void {
    this.now = new Date(Date.parse(this.now) + minutes * 60_000).toISOString();
  }

  // --- what happens beside the orders

  /** The supplier takes money out (R9), `part` of what it may collect. */
  withdraw(part: number): void {
    const from = account.supplier(supplierId);
    const amount = Math.floor(this.balance(from) * part);
    if (amount <= 0) return;
    this.outside.withdrawn += amount;
    this.tell(`the supplier withdraws ${String(amount)}`);
    this.post([{ from, to: account.bank, amount: moneyOf(amount, 'USD') }]);
  }

  /** The platform has approved the supplier's application (R13). */
  activate(): void {
    this.supplier = aSupplier({ tradeAssurance: 'activated' });
  }

  /** Money arrives that nobody can match; operators may find out whose it is (R30). */
  stray(amount: Money): string {
    const id = `susp-${String(this.suspense.size + 1)}`;
    this.outside.credits.set(`stray ${id}`, { account: 'stray', amount });
    this.suspense.set(`stray ${id}`, {
      order: undefined,
      account: 'stray',
      entryReference: id,
      amount,
      reason: 'unknown-reference',
      gone: 0,
    });
    this.tell(`${String(amount.amount)} arrives in suspense as ${id}`);
    this.post([{ from: account.pair('stray'), to: account.suspense, amount }]);
    return id;
  }

  /** Operators send suspended money back to where it came from, or give it to an order elsewhere (R30). */
  disposeOf(dice: Dice): void {
    const item = dice.of(
      [...this.suspense].filter(([, { order, amount }]) => order !== undefined && amount.amount > 0),
    );
    if (!item) return;
    const [key, { amount }] = item;
    const isReturn = dice.chance(60);
    this.tell(`${key} (${String(amount.amount)}) is ${isReturn ? 'sent back' : 'given elsewhere'} out of suspense`);
    this.dispose(key);
    if (isReturn) this.outside.refunds.push({ via: 'bank', amount });
    this.post([{ from: account.suspense, to: isReturn ? account.bank : account.order('elsewhere'), amount }]);
  }

  private dispose(key: string): void {
    const item = this.suspense.get(key);
    if (!item) return;
    const { amount, gone } = item;
    this.suspense.set(key, { ...item, amount: moneyOf(0, amount.currency), gone: gone + amount.amount });
  }

  tell(line: string): void {
    this.told.push(`${this.now} ${line}`);
  }
}

/** Where the buyer of a deal pays to. */
export const payTo = ({ order, scheme, pair }: Deal): string =>
  order?.payTo ?? (scheme === 'secure-payment' ? escrowAccount : pair);

const inWords = (outcome: Played | Refusal): string =>
  isRefusal(outcome)
    ? `refused: ${outcome.refused} ${outcome.detail ?? ''}`
    : outcome.events.map(({ type }) => type).join(', ') || 'nothing';
