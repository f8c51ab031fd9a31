/**
 * The activities of a supplier's money over books in memory, for tests of the workflows alone. They keep the store's
 * promises: a step happens once, no party falls below zero; and they can be made to die once after each step.
 */
import type { FundsActivities } from '../../activities/funds';
import { collectableOf, type Funds, type Part } from '../../domain/funds';
import { account, changesOf, neverNegative, type Transfer } from '../../domain/ledger';
import type { CurrencyCode } from '../../domain/money';
import { isRefusal, type Refusal } from '../../domain/refusal';
import {
  conversionKey,
  endSettlement,
  quote as quoteForm,
  quoteRefusal,
  repeatedSettlement,
  reserveSettlement,
  settlementTransfers,
  soldBy,
  type Settlement,
} from '../../domain/settlement';
import {
  endWithdrawal,
  payoutKey,
  repeatedWithdrawal,
  reserveWithdrawal,
  withdrawalTransfers,
  type Withdrawal,
} from '../../domain/withdrawal';
import type { WithdrawalPolicy } from '../../domain/withdrawal-policy';
import { FakeBank } from './fake-bank';
import { ownPayee } from './funds-builders';

export interface KnownOrder {
  supplier: string;
  scheme: Funds['orders'][number]['scheme'];
}

export class MemoryFunds {
  readonly bank = new FakeBank();
  readonly withdrawals = new Map<string, Withdrawal>();
  readonly settlements = new Map<string, Settlement>();
  readonly transfers: Transfer[] = [];
  /** Names of activities of which the next attempt does its work and is then lost. */
  readonly dying = new Set<string>();
  /** How often each activity was attempted. */
  readonly attempts: Record<string, number> = {};

  constructor(
    readonly orders: Record<string, KnownOrder>,
    readonly policy: WithdrawalPolicy,
  ) {}

  /** Posts transfers. Throws when a party's balance would fall below zero. */
  post(transfers: readonly Transfer[]): void {
    const known = new Set(this.transfers.map(({ id }) => id));
    for (const { id } of transfers) if (known.has(id)) throw new Error(`${id} was posted before`);
    this.transfers.push(...transfers);
    for (const { account: name, currency, change } of changesOf(this.transfers))
      if (change < 0 && neverNegative.test(name)) throw new Error(`${name} holds ${String(change)} ${currency}`);
  }

  balance(name: string, currency: CurrencyCode): number {
    return changesOf(this.transfers).find((c) => c.account === name && c.currency === currency)?.change ?? 0;
  }

  fundsOf(supplier: string, wanted: readonly Part[], currency: CurrencyCode): Funds {
    return {
      company: { id: supplier },
      owed: [],
      balance: this.balance(account.supplier(supplier), currency),
      orders: wanted.flatMap(({ order }) => {
        const known = this.orders[order];
        const ofOrder = this.transfers.filter((posting) => posting.order === order);
        return known ? [{ order, ...known, collectable: collectableOf(ofOrder, supplier, currency) }] : [];
      }),
    };
  }

  /** Runs one attempt of an activity; a dying one does its work, and nobody hears of it. */
  private async attempt<T>(name: keyof FundsActivities, work: () => T | Promise<T>): Promise<T> {
    this.attempts[name] = (this.attempts[name] ?? 0) + 1;
    const answer = await work();
    if (this.dying.delete(name)) throw new Error('the worker was lost');
    return answer;
  }

  private keepWithdrawal<T extends Withdrawal | Refusal>(after: T): T {
    if (isRefusal(after) || this.withdrawals.get(after.id)?.state === after.state) return after;
    this.withdrawals.set(after.id, after);
    this.post(withdrawalTransfers(after));
    return after;
  }

  private keepSettlement<T extends Settlement | Refusal>(after: T): T {
    if (isRefusal(after) || this.settlements.get(after.id)?.state === after.state) return after;
    this.settlements.set(after.id, after);
    this.post(settlementTransfers(after));
    return after;
  }

  readonly activities: FundsActivities = {
    reserveWithdrawal: (request, at) =>
      this.attempt('reserveWithdrawal', () => {
        const known = this.withdrawals.get(request.id);
        if (known) return repeatedWithdrawal(known, request);
        const funds = this.fundsOf(request.supplier, request.orders, request.channel);
        return this.keepWithdrawal(reserveWithdrawal(request, { funds, payees: [ownPayee], policy: this.policy }, at));
      }),
    payOutWithdrawal: ({ id, payout, payee }) =>
      this.attempt('payOutWithdrawal', async () => {
        const key = payoutKey(id);
        const known = await this.bank.find(key);
        return known ?? this.bank.payOut({ key, amount: payout, to: payee, reference: id });
      }),
    endWithdrawal: (id, how, at) =>
      this.attempt('endWithdrawal', () => this.keepWithdrawal(endWithdrawal(there(this.withdrawals.get(id)), how, at))),
    quoteSettlement: (request, at) =>
      this.attempt('quoteSettlement', async () => {
        const known = this.settlements.get(request.id);
        if (known) return repeatedSettlement(known, request);
        const sell = soldBy(request);
        const refused = quoteRefusal(request, this.fundsOf(request.supplier, request.orders, sell.currency));
        if (refused) return refused;
        this.bank.now = () => Date.parse(at); // the test server's time, not this machine's
        const quote = quoteForm.parse(await this.bank.quote({ sell }));
        return this.keepSettlement({ ...request, state: 'quoted', quote, quotedAt: at });
      }),
    reserveSettlement: (id, by, at) =>
      this.attempt('reserveSettlement', () => {
        const before = there(this.settlements.get(id));
        if (before.state !== 'quoted') return before;
        const funds = this.fundsOf(before.supplier, before.orders, before.quote.sell.currency);
        return this.keepSettlement(reserveSettlement(before, by, funds, at));
      }),
    convertSettlement: ({ id, quote }) =>
      this.attempt('convertSettlement', () => this.bank.convert({ key: conversionKey(id), quote: quote.quote })),
    endSettlement: (id, how, at) =>
      this.attempt('endSettlement', () => this.keepSettlement(endSettlement(there(this.settlements.get(id)), how, at))),
  };
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such thing in the books');
  return value;
}
