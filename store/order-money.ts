/**
 * Whether an order's money is where the order says, also after its end (R2, R14, R29, R30, R48): counted from the postings of the
 * order by what they did to each party and partner, and held against what the order says of its payments, refunds and debts.
 */
import { account, changesOf, type Transfer } from '../domain/ledger';
import { maxPayments, type Order } from '../domain/order';

/** What does not add up, in words; nothing when all is well. `transfers` are those of the order, funds' included. */
export function moneyDifferences(order: Order, transfers: readonly Transfer[]): string[] {
  return [
    ...supplierDiffers(order, transfers),
    ...bankDiffers(order, transfers),
    ...processorDiffers(order, transfers),
    ...strangers(order, transfers),
  ];
}

/** What accounts have changed by, in minor units of a currency. */
function changeOf(transfers: readonly Transfer[], currency: string, isOne: (name: string) => boolean): number {
  const changes = changesOf(transfers).filter((one) => one.currency === currency && isOne(one.account));
  return changes.reduce((sum, { change }) => sum + change, 0);
}

const differs = (what: string, is: number, should: number): string[] =>
  is === should ? [] : [`${what}: ${String(is)} by the ledger, ${String(should)} by the order (minor units)`];

/**
 * What the supplier got less what it gave is what was paid, less what was refunded and the fee. What it has withdrawn or sold
 * for CNY it has got; what it owes it gave. What the buyer has twice, and owes, was taken from neither.
 */
function supplierDiffers(order: Order, transfers: readonly Transfer[]): string[] {
  const { purse, paid, refunded, buyerOwes, awardOwed = 0, supplier } = order;
  const own = [account.supplier(supplier), account.receivable(supplier), account.fx, account.schemeFees];
  const isSupplierSide = (name: string) => own.includes(name) || /^(withdrawal|settlement):/.test(name);
  const got = changeOf(transfers, order.total?.currency ?? 'USD', isSupplierSide);
  const held = purse.order + purse.hold;
  return differs(
    'what the supplier and the fee got, less what was taken back',
    got,
    (paid?.amount ?? 0) - refunded + buyerOwes - held - awardOwed,
  );
}

/** The bank has got each credit that was not taken back, and has paid each refund by the bank. */
function bankDiffers({ payments, refunds }: Order, transfers: readonly Transfer[]): string[] {
  if (payments.length >= maxPayments) return []; // further ones the order does not record
  const credits = payments.filter((p) => p.account !== 'card' && p.account !== 'suspense' && !p.reversed);
  const currencies = new Set([
    ...credits.map(({ amount }) => amount.currency),
    ...transfers.map((t) => t.amount.currency),
  ]);
  const paidOut = refunds.filter(({ via, state }) => via === 'bank' && state === 'paid');
  const sum = (of: readonly { amount: { amount: number; currency: string } }[], currency: string) =>
    of.reduce((all, { amount }) => (amount.currency === currency ? all + amount.amount : all), 0);
  return [...currencies].flatMap((currency) => [
    ...differs(
      `${currency} that the bank has got`,
      -changeOf(transfers, currency, (name) => name.startsWith('pair:')),
      sum(credits, currency),
    ),
    ...differs(
      `${currency} that the bank has refunded`,
      changeOf(transfers, currency, (name) => name === account.bank),
      sum(paidOut, currency),
    ),
  ]);
}

/** The processor owes each charge that no payer's bank has taken back, less what it has refunded. */
function processorDiffers({ charges, refunds, reversals, total }: Order, transfers: readonly Transfer[]): string[] {
  const owed = charges
    .filter(({ state, payment }) => state === 'captured' && !reversals.includes(`card:${payment}`))
    .reduce((sum, { amount, surcharge }) => sum + amount.amount + surcharge.amount, 0);
  const refunded = refunds
    .filter(({ via, state }) => via === 'card' && state === 'paid')
    .reduce((sum, { amount }) => sum + amount.amount, 0);
  const isCard = (name: string) => name === account.card;
  return differs('what the processor owes', -changeOf(transfers, total?.currency ?? 'USD', isCard), owed - refunded);
}

/** Only the order's own two parties get or owe anything of it. */
function strangers({ supplier, buyer }: Order, transfers: readonly Transfer[]): string[] {
  const names = [...new Set(transfers.flatMap(({ from, to }) => [from, to]))];
  const own = [account.supplier(supplier), account.awards(supplier), ...[supplier, buyer].map(account.receivable)];
  return names
    .filter((name) => /^(supplier|awards|receivable):/.test(name) && !own.includes(name))
    .map((name) => `${name} is no party of it`);
}
