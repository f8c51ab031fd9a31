/**
 * What withdrawals and settlements do outside of themselves: the books, and the bank. Each activity may be tried again at
 * any point: the books know their step by its id, the bank by its key.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { Actor } from '../domain/messages';
import { refuse, type Refusal } from '../domain/refusal';
import {
  conversionKey,
  quote as quoteForm,
  soldBy,
  type ConversionEnd,
  type Settlement,
  type SettlementRequest,
} from '../domain/settlement';
import { payoutKey, type PayoutEnd, type Withdrawal, type WithdrawalRequest } from '../domain/withdrawal';
import type { Bank, PayOutAnswer } from '../partners/bank';
import { PartnerRefused } from '../partners/call';
import * as settlements from '../store/settlements';
import type { Store } from '../store/store';
import * as withdrawals from '../store/withdrawals';
export interface FundsDependencies {
  store: Store;
  /** Without one, what needs the bank waits, visibly, for a worker that has one. */
  bank?: Bank | undefined;
}

export type FundsActivities = ReturnType<typeof createFundsActivities>;

/** Instants are the workflow's: when it decided. */
export function createFundsActivities({ store, bank }: FundsDependencies) {
  const theBank = (): Bank => {
    if (bank) return bank;
    throw ApplicationFailure.create({ type: 'bank.not-configured', message: 'This worker knows no bank.' });
  };
  return {
    /** Takes the money aside before the bank is asked (R9), or refuses. */
    reserveWithdrawal: (request: WithdrawalRequest, at: string): Promise<Withdrawal | Refusal> =>
      withdrawals.reserve(store, request, at),

    /** Has the bank pay it out, once, however often it is asked for; answers how the payout stands. */
    payOutWithdrawal: async ({ id, payout, payee }: Withdrawal): Promise<PayOutAnswer> => {
      const key = payoutKey(id);
      const reference = `Withdrawal ${id}`;
      const answer =
        (await theBank().find(key)) ??
        (await orRefused(() => theBank().payOut({ key, amount: payout, to: payee, reference })));
      if (answer.status === 'pending') await withdrawals.noteWithBank(store, id);
      return answer;
    },

    /** Books what the bank has said: the money leaves, or is put back whole. */
    endWithdrawal: (id: string, how: PayoutEnd, at: string): Promise<Withdrawal> => withdrawals.end(store, id, how, at),

    /** Has the bank offer a rate for the money, if it is there. Nothing is reserved. */
    quoteSettlement: async (request: SettlementRequest, at: string): Promise<Settlement | Refusal> => {
      const before = await settlements.beforeQuote(store, request);
      if (before) return before;
      const sell = soldBy(request);
      const offer = await orRefused(() => theBank().quote({ sell, buy: 'CNY' }));
      if ('status' in offer) return refuse('fx.refused', offer.reason);
      if (offer.sell.amount !== sell.amount || offer.sell.currency !== sell.currency)
        throw new Error(`the bank has quoted another amount than it was asked for: ${JSON.stringify(offer.sell)}`);
      return settlements.keepQuote(store, request, quoteForm.parse(offer), at);
    },

    /** Takes the money aside before the bank is asked to convert it, or refuses. */
    reserveSettlement: (id: string, by: Actor, at: string): Promise<Settlement | Refusal> =>
      settlements.reserve(store, id, by, at),

    /** Has the bank convert at the quote, once, however often it is asked for. */
    convertSettlement: async ({ id, quote }: Settlement): Promise<ConversionEnd> => {
      const answer = await orRefused(() => theBank().convert({ key: conversionKey(id), quote: quote.quote }));
      if (answer.status === 'refused') return answer;
      // The books say what was quoted. A bank that did something else is for an operator, who sees this fail again and again.
      if (answer.sell.amount !== quote.sell.amount || answer.buy.amount !== quote.buy.amount)
        throw new Error(`the bank has converted otherwise than it quoted: ${JSON.stringify(answer)}`);
      return { status: 'done', reference: answer.reference };
    },

    /** Books both legs at once, or puts the money back, or notes that nobody took the quote. */
    endSettlement: (id: string, how: ConversionEnd | { status: 'lapsed' }, at: string): Promise<Settlement> =>
      settlements.end(store, id, how, at),
  };
}

/**
 * What the bank says it will never do is refused by it. But under a key that stands for another request something may have
 * happened: that is thrown, for an operator.
 */
async function orRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer | { status: 'refused'; reason: string }> {
  try {
    return await ask();
  } catch (fault) {
    if (!(fault instanceof PartnerRefused) || fault.code === 'key.conflict') throw fault;
    return { status: 'refused', reason: fault.message.slice(0, 200) };
  }
}
