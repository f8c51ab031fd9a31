/**
 * Given–when–then for orders. A story plays messages through parse → decide → admit → apply, as the workflow and the store
 * do, with made-up surroundings and one clock that goes on by a minute with every message:
 *
 *     given(confirmed(), later({ days: 15 }))
 *       .when(supplier('closeUnpaid'))
 *       .then(['orderClosed', 'orderEnded'])
 *       .expectOrder({ status: 'closed-unpaid' });
 */
import { admit, needsSurroundings, type Surroundings } from '../../domain/admission';
import { withDisposed, type Disposed } from '../../domain/disposal';
import type { Contract, ContractDraft } from '../../domain/contract';
import { decide } from '../../domain/decide';
import type { RegionPolicy } from '../../domain/eligibility';
import { journalEntry, type JournalEntry, type OrderEvent } from '../../domain/events';
import { account, changesOf, transfersOf, type Transfer } from '../../domain/ledger';
import type { Member } from '../../domain/member';
import type { MessageData, MessageName, Payee, Role } from '../../domain/messages';
import { moneyOf, type CurrencyCode, type Money } from '../../domain/money';
import { apply } from '../../domain/evolve';
import type { Order } from '../../domain/order';
import { parseMessage } from '../../domain/parse';
import { isRefusal, type Refusal, type RefusalCode } from '../../domain/refusal';
import type { PaymentMethod } from '../../domain/scheme';

// --- one builder per thing

export const supplierId = 'sup-ningbo-lighting';
export const buyerId = 'buy-hamburg-home';
/** The pair's virtual account (R30). */
export const pairAccount = 'va-0001';
/** When stories begin: nine o'clock in China. */
export const startsAt = '2026-03-02T01:00:00.000Z';

/** US dollars, to the cent: `usd(12.5)` is USD 12.50. */
export const usd = (dollars: number): Money => moneyOf(Math.round(dollars * 100), 'USD');

/** An activated China supplier of Ningbo. */
export const aSupplier = (changes: Partial<Member> = {}): Member => ({
  id: supplierId,
  name: 'Ningbo Haisheng Lighting Co., Ltd.',
  localName: '宁波海晟照明有限公司',
  account: 'china-supplier',
  country: 'CN',
  city: 'Ningbo',
  tradeAssurance: 'activated',
  joinedAt: '2013-03-11T02:00:00.000Z',
  contact: { name: 'Chen Lihua', email: 'sales@haisheng-lighting.example' },
  ...changes,
});

/** An overseas free buyer of Hamburg. */
export const aBuyer = (changes: Partial<Member> = {}): Member => ({
  id: buyerId,
  name: 'Alster Home & Living GmbH',
  account: 'overseas-free',
  country: 'DE',
  city: 'Hamburg',
  tradeAssurance: 'none',
  joinedAt: '2020-02-17T09:00:00.000Z',
  contact: { name: 'Katrin Petersen', email: 'einkauf@alster-home.example' },
  ...changes,
});

/** Today's list of countries not served (R45). */
export const regionsList = (...notServed: string[]): RegionPolicy => ({
  id: 'regions/v1',
  kind: 'regions',
  effectiveFrom: '2015-04-01T00:00:00.000Z',
  notServed: notServed.length > 0 ? notServed : ['IR', 'KP', 'MM', 'SY', 'CU', 'SD', 'EG'],
});

/** What the store would know: two good members, a limit of USD 20,000, nothing of it given out. */
export const surroundings = (changes: Partial<Surroundings> = {}): Surroundings => ({
  supplier: aSupplier(),
  buyer: aBuyer(),
  regions: regionsList(),
  account: pairAccount,
  limit: usd(20_000),
  openCover: usd(0),
  balance: usd(1_000_000),
  owed: usd(0),
  ...changes,
});

type ModuleChanges = { [Module in keyof Contract]?: Partial<Contract[Module]> };

/** A complete contract of USD 10,000.00, of which 30 % in advance, by sea to Germany before the end of June 2026. */
export function completeContract({ product, shipping, payment, contacts }: ModuleChanges = {}): Contract {
  return {
    product: {
      lines: [
        { name: 'LED panel light', hsCode: '94051100', quantity: 400, unit: 'piece', unitPrice: usd(15) },
        { name: 'LED track light', hsCode: '94051100', quantity: 500, unit: 'piece', unitPrice: usd(8) },
      ],
      ...product,
    },
    shipping: {
      method: 'sea',
      incoterm: 'FOB',
      destination: 'DE',
      consignee: 'Alster Home & Living GmbH, Hamburg',
      shipBy: '2026-06-30',
      ...shipping,
    },
    payment: { advancePercent: 30, methods: ['tt'], ...payment },
    contacts: {
      supplier: { name: 'Chen Lihua', email: 'sales@haisheng-lighting.example' },
      buyer: { name: 'Katrin Petersen', email: 'einkauf@alster-home.example' },
      ...contacts,
    },
  };
}

/** The total and the advance of `completeContract()`. */
export const total = usd(10_000);
export const advance = usd(3_000);
export const balance = usd(7_000);

/** Data of a `draft` with a complete contract. */
export const draftData = (changes: Partial<MessageData<'draft'>> = {}): MessageData<'draft'> => ({
  scheme: 'trade-assurance',
  supplier: supplierId,
  buyer: buyerId,
  source: { kind: 'scratch' },
  contract: completeContract(),
  ...changes,
});

// --- the steps of a story

/** What a step may look at when its turn comes. */
export interface Scene {
  now: string;
  order: Order | undefined;
}

interface Said {
  say: MessageName;
  as: Role;
  /** The sending member; by default that of the role. */
  member?: string | undefined;
  /** Chosen by the story when missing. */
  id?: string | undefined;
  data: unknown;
}
/** A message, a leap of the clock, a change of the surroundings, a withdrawal; lists of steps are played in turn. */
export type Step =
  | Said
  | { clock: (scene: Scene) => string }
  | { around: Partial<Surroundings> }
  | { withdraw: number }
  | { dispose: Disposed }
  | Step[];

interface SayOptions {
  id?: string;
  member?: string;
}
type Nothing = Record<string, never>;
type DataOf<Name extends MessageName> = MessageData<Name> | ((scene: Scene) => MessageData<Name>);
type Rest<Name extends MessageName> =
  MessageData<Name> extends Nothing
    ? [data?: DataOf<Name>, options?: SayOptions]
    : [data: DataOf<Name>, options?: SayOptions];

/** A message of this role: `supplier('confirm', { revision: 1 })`. */
export const speak =
  (as: Role) =>
  <Name extends MessageName>(say: Name, ...[data, options]: Rest<Name>): Said => ({
    say,
    as,
    data: data ?? {},
    ...options,
  });
export const supplier = speak('supplier');
export const buyer = speak('buyer');
export const platform = speak('platform');
export const bank = speak('bank');
export const customs = speak('customs');
export const carrier = speak('carrier');
export const inspector = speak('inspector');
export const processor = speak('processor');
export const clock = speak('clock');
export const effect = speak('effect');

export const members: Record<Role, string> = {
  supplier: supplierId,
  buyer: buyerId,
  platform: 'operator-1',
  bank: 'citibank',
  customs: 'single-window',
  carrier: 'dhl',
  inspector: 'sgs',
  processor: 'card-processor',
  clock: 'order',
  effect: 'order',
};

/** Time goes by. */
export const later = ({ days = 0, hours = 0, ms = 0 }: { days?: number; hours?: number; ms?: number }): Step => ({
  clock: ({ now }) => new Date(Date.parse(now) + (days * 24 + hours) * 3_600_000 + ms).toISOString(),
});
/** The clock shows this instant when the next message comes: `at('2026-04-01T…')`, `at((order) => order.payBy)`. */
export const at = (instant: string | ((order: Order) => string | undefined)): Step => ({
  clock: ({ order }) => {
    const then = typeof instant === 'string' ? instant : order && instant(order);
    if (then === undefined) throw new Error('the order has no such instant');
    return then;
  },
});
/** That instant, less a millisecond. */
export const justBefore = (instant: (order: Order) => string | undefined): Step => [at(instant), later({ ms: -1 })];
/** Something changes that the order does not see. */
export const meanwhile = (around: Partial<Surroundings>): Step => ({ around });
/** The supplier withdraws so many dollars of its balance; in a story by the books (`byTheBooks`). */
export const withdrawn = (dollars: number): Step => ({ withdraw: usd(dollars).amount });

/** Operators send so many dollars of a suspended entry back, or give them to another order; in all. */
export const disposed = (entryReference: string, dollars: number): Step => ({
  dispose: { account: pairAccount, entryReference, gone: usd(dollars).amount },
});

// --- stretches of the main road

/** The supplier has drafted a complete contract (R28). */
export const drafted = (contract: ContractDraft = completeContract()): Step =>
  supplier('draft', draftData({ contract }));
/** Both have confirmed (R55); revision 1, unless the contract was revised. */
export const confirmed = (contract: ContractDraft = completeContract()): Step => [
  drafted(contract),
  supplier('confirm', { revision: 1 }),
  buyer('confirm', { revision: 1 }),
];
/** The bank has booked a credit in the pair's account (R31). */
export const credited = (
  dollars: number,
  entryReference: string,
  other: { account?: string; currency?: CurrencyCode; method?: PaymentMethod; payer?: Payee; id?: string } = {},
): Said =>
  bank(
    'paymentCredited',
    ({ now, order }) => ({
      // Before it has an account to pay to, money for an order comes to the pair's.
      account: other.account ?? order?.payTo ?? pairAccount,
      entryReference,
      amount: { amount: usd(dollars).amount, currency: other.currency ?? 'USD' },
      method: other.method ?? 'tt',
      valueDate: now.slice(0, 10),
      ...(other.payer && { payer: other.payer }),
    }),
    other.id === undefined ? {} : { id: other.id },
  );
/** The bank takes a credit back (R30). */
export const takenBack = (entryReference: string, other: { account?: string } = {}): Said =>
  bank('paymentReversed', ({ order }) => ({
    account: other.account ?? order?.payTo ?? pairAccount,
    entryReference,
    reason: 'recalled by the payer’s bank',
  }));

/** The buyer pays by a method of the processor, at this surcharge (R48). */
export const charged = (
  payment: string,
  dollars: number,
  surcharge = 0,
  method: PaymentMethod = 'card',
  token = 'tok_visa_4242',
): Said => buyer('pay', { payment, method, amount: usd(dollars), surcharge: usd(surcharge), token });
const chargeEffect = (order: Order | undefined, payment: string): string =>
  order?.charges.find((c) => c.payment === payment)?.effect ?? 'none';
/** The processor has charged it, or not; or the payer's bank has taken the charge back. */
export const captured = (payment: string): Said =>
  effect('chargeCaptured', ({ order }) => ({ effect: chargeEffect(order, payment), reference: `pr-${payment}` }));
export const refusedCharge = (payment: string): Said =>
  effect('chargeDeclined', ({ order }) => ({ effect: chargeEffect(order, payment), reason: 'insufficient funds' }));
export const chargedBack = (payment: string): Said =>
  processor('chargeReturned', ({ order }) => ({ effect: chargeEffect(order, payment), reason: 'chargeback' }));
/** Charged and captured at once. */
export const paidByCard = (payment: string, dollars: number, surcharge = 0, method: PaymentMethod = 'card'): Step => [
  charged(payment, dollars, surcharge, method),
  captured(payment),
];

/** The effect that pays a refund out. */
export const refundEffect = (order: Order | undefined, refund: number): string =>
  order?.effects.find((e) => e.kind === 'refund' && e.of === String(refund))?.id ?? 'none';
/** The refund of this number has been paid out. */
export const refundPaid = (refund: number): Said =>
  effect('refundPaid', ({ order }) => ({ effect: refundEffect(order, refund), reference: `out-${String(refund)}` }));
/** Two operators order a refund. */
export const refundOrdered = (dollars: number): Step => [
  platform('orderRefund', { amount: usd(dollars), reason: 'goodwill' }),
  platform('approve', ({ order }) => ({ approval: order?.approvals ?? 0 }), { member: 'operator-2' }),
];
/** Both agree to cancel the paid order, with this refund (R57). */
export const cancelledWithRefund = (dollars: number): Step => [
  supplier('proposeCancellation', { reason: 'cannot deliver', refund: usd(dollars) }),
  buyer('acceptProposal', ({ order }) => ({ proposal: order?.proposals ?? 0 })),
];
/** Both agree to another price, in dollars (R52). */
export const repriced = (dollars: number): [Step, Step] => [
  supplier('proposeAmendment', {
    changes: {
      product: { lines: [{ name: 'Lamp', hsCode: '94051100', quantity: 1, unit: 'piece', unitPrice: usd(dollars) }] },
    },
  }),
  buyer('acceptProposal', ({ order }) => ({ proposal: order?.proposals ?? 0 })),
];
/** The advance has arrived: the order awaits shipment (R31). */
export const advancePaid = (contract?: ContractDraft): Step => [confirmed(contract), credited(3_000, 'advance')];
export const registered = (exportOrder: string, declaration: string): Step =>
  supplier('registerExport', {
    exportOrder,
    declaration,
    goods: [{ hsCode: '94051100', name: 'LED lamps', quantity: 900, unit: 'piece', value: usd(10_000) }],
  });
export const released = (declaration: string, releasedAt?: string): Step =>
  customs('customsReleased', ({ now }) => ({ declaration, releasedAt: releasedAt ?? now }));
export const revoked = (declaration: string, revokedAt?: string): Step =>
  customs('customsRevoked', ({ now }) => ({ declaration, revokedAt: revokedAt ?? now }));
/** One export service order, released: the buyer is asked (R34). */
export const shipped = (contract?: ContractDraft): Step => [
  advancePaid(contract),
  registered('export-1', 'D1'),
  supplier('completeExport'),
  released('D1'),
];
/** The goods are accepted, the balance is in: both may review (R35). */
export const completed = (contract?: ContractDraft): Step => [
  shipped(contract),
  buyer('answerShipment', { asAgreed: true }),
  credited(7_000, 'balance'),
];
/** Both have reviewed; the supplier's credit is to be accrued (R3). */
export const reviewed = (contract?: ContractDraft): Step => [
  completed(contract),
  buyer('review', { stars: 5, text: 'Bright, well packed' }),
  supplier('review', { stars: 5 }),
];
/** The credit has been accrued. */
export const accrued = (): Step =>
  effect('creditAccrued', ({ order }) => ({
    effect: order?.effects.find(({ kind }) => kind === 'accrueCredit')?.id ?? 'none',
    limitBefore: usd(20_000),
    limitAfter: usd(22_000),
    grade: 3,
    policy: 'ta-limit/v1',
  }));
/** The whole main road (R7): completed, its credit accrued. The buyer may still complain for a while. */
export const mainRoad = (contract?: ContractDraft): Step => [reviewed(contract), accrued()];
/** The time for complaints is over (R20). */
export const windowOver = (): Step => [at((order) => order.complainBy), clock('complaintWindowClosed')];
/** The main road to the very end of the order. */
export const ended = (contract?: ContractDraft): Step => [mainRoad(contract), windowOver()];

/** The two settle the open complaint with all that was paid. */
export const allRefunded = (): Step => [
  supplier('proposeSettlement', ({ order }) => ({ refund: order?.paid ?? usd(0) })),
  buyer('acceptProposal', ({ order }) => ({ proposal: order?.proposals ?? 0 })),
];

// --- Secure Payment

/** A contract of USD 10,000.00 that Secure Payment takes: by express, the whole price before shipment. */
export const escrowContract = (changes: ModuleChanges = {}): Contract =>
  completeContract({
    ...changes,
    shipping: { method: 'express', ...changes.shipping },
    payment: { advancePercent: 100, methods: ['tt', 'card'], ...changes.payment },
  });
/** Both have confirmed a Secure Payment order. */
export const escrowConfirmed = (contract: ContractDraft = escrowContract()): Step => [
  supplier('draft', draftData({ scheme: 'secure-payment', contract })),
  supplier('confirm', { revision: 1 }),
  buyer('confirm', { revision: 1 }),
];
/** The platform's account in Singapore (R27). */
export const escrowAccount = 'CITI-SG-ESCROW';
/** The whole price is held by the platform. */
export const held = (contract?: ContractDraft): Step => [
  escrowConfirmed(contract),
  credited(10_000, 'price', { account: escrowAccount }),
];
export const tracking = 'JD0146000031';
/** The carrier has the goods. */
export const receiptAwaited = (contract?: ContractDraft): Step => [
  held(contract),
  supplier('shipGoods', { shipment: 'ship-1', carrier: 'DHL Express', tracking }),
  carrier('goodsShipped', ({ now }) => ({ tracking, shippedAt: now })),
];
/** The carrier has delivered the goods. */
export const delivered = (deliveredAt?: string): Said =>
  carrier('goodsDelivered', ({ now }) => ({ tracking, deliveredAt: deliveredAt ?? now }));
/** The buyer has confirmed receipt: the supplier is paid, both may review. */
export const received = (contract?: ContractDraft): Step => [receiptAwaited(contract), buyer('confirmReceipt')];

// --- stories

export const orderId = 'order-1';
const minuteMs = 60_000;

/** What one message came to. */
export interface Played {
  order: Order;
  /** None when the message changed nothing. */
  events: OrderEvent[];
  entry: JournalEntry | undefined;
  transfers: Transfer[];
}

/** One message, played on an order as it stands. */
export function play(
  order: Order | undefined,
  name: string,
  data: unknown,
  who: {
    as: Role;
    member?: string | undefined;
    at: string;
    id: string;
    around?: Surroundings;
    disposed?: readonly Disposed[];
    order?: string;
  },
): Played | Refusal {
  const message = parseMessage(name, {
    id: who.id,
    actor: { role: who.as, member: who.member ?? members[who.as] },
    data,
  });
  if (isRefusal(message)) return message;
  const first = decide(order, message, who.at);
  if (isRefusal(first)) return first;
  const decision = order ? withDisposed(order, message, first, who.disposed ?? [], who.at) : first;
  if (isRefusal(decision)) return decision;
  const events = needsSurroundings(decision) ? admit(order, decision, who.around ?? surroundings(), who.at) : decision;
  if (isRefusal(events)) return events;
  if (events.length === 0) {
    if (!order) throw new Error(`${name} neither began an order nor was refused`);
    return { order, events, entry: undefined, transfers: [] };
  }
  const entry = journalEntry.parse({
    order: order?.id ?? who.order ?? orderId,
    version: (order?.version ?? 0) + 1,
    at: who.at,
    message: message.name,
    messageId: message.id,
    actor: message.actor,
    events,
  });
  const after = apply(order, entry);
  return { order: after, events: entry.events, entry, transfers: transfersOf(entry, after) };
}

/** Where messages say when something happened. */
const saidAt = [
  'releasedAt',
  'revokedAt',
  'heldAt',
  'returnedAt',
  'cancelledAt',
  'shippedAt',
  'deliveredAt',
  'inspectedAt',
];

/** One order's story: its state, its journal, its postings, its clock. */
export class Story {
  now = startsAt;
  journal: JournalEntry[] = [];
  transfers: Transfer[] = [];
  around: Surroundings;
  /** Whether the supplier's balance and debts are those of the story's own postings. */
  byTheBooks = false;
  private disposed: Disposed[] = [];
  #order: Order | undefined;
  #sent = 0;

  constructor(around: Surroundings = surroundings()) {
    this.around = around;
  }

  /** The order as it stands. */
  get order(): Order {
    if (!this.#order) throw new Error('the story has no order yet');
    return this.#order;
  }
  /** The order, or undefined before the draft. */
  get orderSoFar(): Order | undefined {
    return this.#order;
  }

  /** Plays the steps; every message must be accepted. */
  play(...steps: Step[]): this {
    for (const step of steps) {
      if (Array.isArray(step)) this.play(...step);
      else if ('clock' in step) this.now = step.clock({ now: this.now, order: this.#order });
      else if ('around' in step) this.around = { ...this.around, ...step.around };
      else if ('withdraw' in step) this.withdraw(step.withdraw);
      else if ('dispose' in step) this.dispose(step.dispose);
      else {
        const outcome = this.send(step);
        if (isRefusal(outcome)) throw new Error(`${step.say} was refused: ${JSON.stringify(outcome)}`);
      }
    }
    return this;
  }

  /** Sends one message, whatever comes of it. */
  send({ say, as, member, id, data }: Said): Played | Refusal {
    const scene: Scene = { now: this.now, order: this.#order };
    this.#sent += 1;
    const body: unknown = typeof data === 'function' ? (data as (s: Scene) => unknown)(scene) : data;
    this.waitFor(body);
    const outcome = play(this.#order, say, body, {
      as,
      member,
      at: this.now,
      id: id ?? `${say}-${String(this.#sent)}`,
      around: this.byTheBooks ? { ...this.around, ...this.standing() } : this.around,
      disposed: this.disposed,
    });
    if (!isRefusal(outcome)) {
      this.#order = outcome.order;
      if (outcome.entry) this.journal.push(outcome.entry);
      this.transfers.push(...outcome.transfers);
    }
    this.now = new Date(Date.parse(this.now) + minuteMs).toISOString();
    return outcome;
  }

  /** Nobody speaks of what is to come: the clock goes on to the date that a word of customs or a carrier bears. */
  private waitFor(body: unknown): void {
    const said = body as Record<string, unknown>;
    const says = saidAt.map((field) => said[field]).find((value) => typeof value === 'string');
    if (says !== undefined && Date.parse(says) > Date.parse(this.now)) this.now = new Date(says).toISOString();
  }

  /** What stands on each account, in minor units: `{ 'supplier:s-1 USD': 300000 }`; accounts at zero are left out. */
  balances(): Record<string, number> {
    return Object.fromEntries(
      changesOf(this.transfers).map(({ account: name, currency, change }) => [`${name} ${currency}`, change]),
    );
  }

  private standing(): Pick<Surroundings, 'balance' | 'owed'> {
    const standing = this.balances();
    return {
      balance: moneyOf(standing[`${account.supplier(supplierId)} USD`] ?? 0, 'USD'),
      owed: moneyOf(-(standing[`${account.receivable(supplierId)} USD`] ?? 0), 'USD'),
    };
  }

  private dispose(one: Disposed): void {
    const before = this.disposed.findLast((other) => other.entryReference === one.entryReference)?.gone ?? 0;
    this.disposed = [...this.disposed.filter((other) => other.entryReference !== one.entryReference), one];
    const id = `return-${String(this.transfers.length)}`;
    const isPutBack = one.gone < before;
    const [from, to] = isPutBack ? [account.returns, account.suspense] : [account.suspense, account.returns];
    const known = this.order.payments.find((p) => p.entryReference === one.entryReference);
    const amount = moneyOf(Math.abs(one.gone - before), known?.amount.currency ?? 'USD');
    this.transfers.push({
      id,
      kind: isPutBack ? 'suspense-put-back' : 'suspense-return-due',
      from,
      to,
      amount,
      at: this.now,
    });
  }

  private withdraw(cents: number): void {
    const [from, to] = [account.supplier(supplierId), account.bank];
    const id = `withdrawal-${String(this.transfers.length)}`;
    this.transfers.push({ id, kind: 'withdrawal-paid', from, to, amount: moneyOf(cents, 'USD'), at: this.now });
  }

  /** The message that the story is about; the steps before the last are played first. */
  when(...steps: [...Step[], Step]): Outcome {
    const last = steps.at(-1);
    this.play(...steps.slice(0, -1));
    if (last === undefined || Array.isArray(last) || !('say' in last)) throw new Error('when() ends with one message');
    return new Outcome(this, this.send(last));
  }

  /** These fields of the order, inner objects in part; `{}` stands for an object with nothing in it, `undefined` for none. */
  expectOrder(expected: { [Field in keyof Order]?: unknown }): this {
    const given = Object.entries(expected).filter(([, value]) => value !== undefined);
    expect(this.order).toMatchObject(Object.fromEntries(given));
    for (const [field, value] of Object.entries(expected))
      if (value === undefined) expect(this.order[field as keyof Order]).toBeUndefined();
      else if (JSON.stringify(value) === '{}') expect(this.order[field as keyof Order]).toEqual({});
    return this;
  }
}

/** What the message of `when` came to. */
export class Outcome {
  constructor(
    readonly story: Story,
    readonly result: Played | Refusal,
  ) {}

  /** These events and no others; a name alone stands for an event of that type, an object for its fields. */
  then(expected: (OrderEvent['type'] | ({ type: OrderEvent['type'] } & Record<string, unknown>))[]): Story {
    const result = isRefusal(this.result) ? this.result : this.result.events;
    expect(result).toMatchObject(expected.map((event) => (typeof event === 'string' ? { type: event } : event)));
    return this.story;
  }
  /** The message was a repetition, or had been overtaken: no event. */
  thenNothing(): Story {
    return this.then([]);
  }
  /** Refused with this code, and a detail that matches. */
  thenRefused(code: RefusalCode, detail?: RegExp | string): Story {
    const result = isRefusal(this.result) ? this.result : { accepted: this.result.events };
    expect(result).toMatchObject({
      refused: code,
      ...(detail !== undefined && { detail: expect.stringMatching(detail) as unknown }),
    });
    return this.story;
  }
}

/** A story so far. */
export const given = (...steps: Step[]): Story => new Story().play(...steps);
/** A story that begins in other surroundings. */
export const givenIn = (around: Partial<Surroundings>, ...steps: Step[]): Story =>
  new Story(surroundings(around)).play(...steps);
/** A story in which the supplier has what its postings leave it, and nothing else. */
export function givenByTheBooks(...steps: Step[]): Story {
  const story = new Story();
  story.byTheBooks = true;
  return story.play(...steps);
}
