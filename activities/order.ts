/**
 * What an order does outside of itself. `commit` and `recall` are local activities, part of every message; `accrueCredit`
 * is an effect of its own. A factory over what they depend on.
 */
import type { CreditFact } from '../domain/credit';
import type { CreditRequest, EffectResults } from '../domain/effects';
import type { JournalEntry } from '../domain/events';
import { keyOf, type Message } from '../domain/messages';
import { commitOf, recallOf, type To } from '../domain/question';
import { commit, recall, type CommitAnswer, type CommitRequest } from '../store/commit';
import { bookFact, type Accrual } from '../store/credit';
import { journalPage } from '../store/read';
import { bookRepayment } from '../store/repayment';
import type { Store } from '../store/store';
import { forGoodIfHopeless } from './hopeless';
import { createMoneyActivities, type MoneyDependencies } from './money';

export interface Dependencies extends MoneyDependencies {
  store: Store;
  /** The time that effects are booked at; ISO instant. */
  now?: () => string;
}

export type OrderActivities = ReturnType<typeof createOrderActivities>;

export function createOrderActivities({ store, now = () => new Date().toISOString(), ...partners }: Dependencies) {
  return {
    ...createMoneyActivities(partners),

    /** Stores what a message did, in one transaction. Fails for good with `commit.failed` on what can never be stored. */
    commit: (request: CommitRequest): Promise<To<CommitAnswer>> =>
      forGoodIfHopeless(async () => ({
        ...(await commit(store, request)),
        to: commitOf(keyOf(request.message.actor, request.message.id), request.version),
      })),

    /** What the journal knows of a message that was sent before. */
    recall: (order: string, message: Message): Promise<To<CommitAnswer> | undefined> =>
      forGoodIfHopeless(async () => {
        const known = await recall(store, order, message);
        return known && { ...known, to: recallOf(keyOf(message.actor, message.id)) };
      }),

    /** What stands in the journal after this version, at most 50 entries. */
    readOn: (order: string, version: number): Promise<JournalEntry[]> =>
      forGoodIfHopeless(() => journalPage(store, order, version, 50)),

    /** Books an upheld complaint, a payout or a repayment on the supplier's credit (R2, R58); again changes nothing. */
    bookCredit: (request: CreditRequest): Promise<EffectResults['bookCredit']> =>
      forGoodIfHopeless(() => bookCredit(store, request, now())),

    /** Books a completed order on its supplier's credit (R3); the same order again changes nothing. */
    accrueCredit: (fact: CreditFact): Promise<Accrual> => forGoodIfHopeless(() => bookFact(store, fact, now())),
  };
}

async function bookCredit(store: Store, request: CreditRequest, at: string): Promise<EffectResults['bookCredit']> {
  if (request.kind === 'fact') {
    const { limitAfter, policy } = await bookFact(store, request.fact, at);
    return { limitAfter, policy };
  }
  return bookRepayment(store, request);
}
