/**
 * Effects with the card processor and the bank: charges and refunds (R26, R48, R57). The effect's id is the key at the other
 * party, so that asking again, after a crash or a time-out, never moves money twice. What the other party has not decided
 * yet is asked again later; its call-back may come first.
 */
import { ApplicationFailure } from '@temporalio/common';
import type { ChargeRequest, EffectResults, RefundRequest } from '../domain/effects';
import type { Payee } from '../domain/messages';
import type { Money } from '../domain/money';

type Undecided = { status: 'pending' };
/** What an order asks of the card processor. */
export interface CardProcessor {
  charge(
    request: ChargeRequest,
  ): Promise<{ status: 'captured'; reference: string } | { status: 'declined'; reason: string } | Undecided>;
  refund(request: {
    key: string;
    charge: string;
    amount: Money;
  }): Promise<{ status: 'refunded'; reference: string } | { status: 'failed'; reason: string } | Undecided>;
}
/** What an order asks of the bank. */
export interface Bank {
  payOut(request: {
    key: string;
    amount: Money;
    to: Payee;
    reference: string;
  }): Promise<{ status: 'paid'; reference: string } | { status: 'refused'; reason: string } | Undecided>;
}

export interface MoneyDependencies {
  card?: CardProcessor | undefined;
  bank?: Bank | undefined;
}

/** How long after “pending” the other party is asked again. */
const askAgainAfter = '30s';

export function createMoneyActivities({ card, bank }: MoneyDependencies) {
  return {
    /** Charges the buyer, once for the key. */
    async charge({ key, method, amount, token }: ChargeRequest): Promise<EffectResults['charge']> {
      const answer = await forGoodIfRefused(() =>
        configured(card, 'card processor').charge({ key, method, amount, token }),
      );
      if (answer.status === 'captured') return { state: 'captured', reference: answer.reference };
      if (answer.status === 'declined') return { state: 'declined', reason: answer.reason };
      throw pending(`charge ${key}`);
    },

    /** Pays a refund, once for the key. Fails for good with `refund.refused` when the other party will not pay it. */
    async refund({ key, order, amount, charge, payee }: RefundRequest): Promise<EffectResults['refund']> {
      const answer =
        charge === undefined
          ? await askBank(bank, { key, amount, to: known(payee), reference: `Refund ${order}` })
          : await forGoodIfRefused(() => configured(card, 'card processor').refund({ key, charge, amount }));
      if (answer.status === 'paid' || answer.status === 'refunded') return { reference: answer.reference };
      if (answer.status === 'pending') throw pending(`refund ${key}`);
      throw ApplicationFailure.nonRetryable(answer.reason, 'refund.refused');
    },
  };
}

/** The bank's word on a payout; a request that it will never take is refused, what it has not decided is asked again. */
export async function askBank(
  bank: Bank | undefined,
  request: Parameters<Bank['payOut']>[0],
): Promise<Exclude<Awaited<ReturnType<Bank['payOut']>>, Undecided>> {
  const answer = await forGoodIfRefused(() => configured(bank, 'bank').payOut(request));
  if (answer.status === 'pending') throw pending(`payout ${request.key}`);
  return answer;
}

function configured<Partner>(partner: Partner | undefined, name: string): Partner {
  if (partner) return partner;
  throw new Error(`no ${name} is configured for this worker`);
}

function known(payee: RefundRequest['payee']): NonNullable<RefundRequest['payee']> {
  if (payee) return payee;
  throw ApplicationFailure.nonRetryable('the refund names neither a card nor an account', 'refund.no-payee');
}

const pending = (what: string): ApplicationFailure =>
  ApplicationFailure.create({
    message: `${what} is not decided yet`,
    type: 'partner.pending',
    nextRetryDelay: askAgainAfter,
  });

/** Asking again helps against a party that is away, not against a request that it will never take. */
async function forGoodIfRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (fault) {
    if (!(fault instanceof Error) || fault.name !== 'PartnerRefused') throw fault;
    throw ApplicationFailure.create({
      type: 'partner.refused',
      message: fault.message,
      nonRetryable: true,
      cause: fault,
    });
  }
}
