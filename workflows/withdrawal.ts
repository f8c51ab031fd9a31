/**
 * The workflow of one withdrawal (R9): the money is reserved, the bank pays it out or refuses, and the books say so. The
 * bank's word is what the bank answers when it is asked: its call-back only says that it is worth asking now, so it may
 * come twice, late, or never.
 */
import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { format } from '../domain/money';
import { isRefusal, type Refusal } from '../domain/refusal';
import {
  isWithBank,
  withdrawalRequest,
  type PayoutEnd,
  type Withdrawal,
  type WithdrawalRequest,
} from '../domain/withdrawal';
import { viewQuery } from './contract';
import { withdrawalDetails } from './describe-funds';
import { answerOf, inputOf, now, sameAs, step } from './funds';
import { payoutSettledSignal, reservedUpdate } from './funds-contract';

/** Minutes until the bank is asked again: 5, 10, 20 … 6 hours. A thousand days of that fit into one run's history. */
const pauseMinutes = (asked: number): number => Math.min(5 * 2 ** asked, 360);

export async function withdrawal(input: WithdrawalRequest): Promise<Withdrawal> {
  const request = inputOf(withdrawalRequest, input);
  const { id, supplier } = request;
  let standing: Withdrawal | Refusal | undefined;
  let calls = 0;
  setHandler(defineUpdate<Withdrawal, [unknown]>(reservedUpdate), () => answerOf(() => standing), {
    description: 'Answers once the money is reserved, or with the refusal (R9)',
    validator: sameAs(withdrawalRequest, request),
  });
  setHandler(defineSignal(payoutSettledSignal), () => void (calls += 1), {
    description: 'The bank has called back: ask it now',
  });
  setHandler(defineQuery<Withdrawal | Refusal | undefined>(viewQuery), () => standing, {
    description: 'The withdrawal as the workflow has it',
  });
  const stands = (next: Withdrawal | Refusal): void => {
    standing = next;
    setCurrentDetails(withdrawalDetails(request, next));
  };

  async function bankWord(reserved: Withdrawal): Promise<PayoutEnd> {
    for (let asked = 0; ; asked += 1) {
      const heard = calls; // a call-back that comes before the bank's answer is not lost
      const summary = asked === 0 ? `Pay ${format(reserved.payout)} to ${supplier}` : `Ask the bank about ${id}`;
      const answer = await step(summary).payOutWithdrawal(reserved);
      if (answer.status !== 'pending') return answer;
      stands({ ...reserved, state: 'with-bank' });
      await condition(() => calls > heard, `${pauseMinutes(asked)} minutes`, { summary: 'Ask the bank again' });
    }
  }

  const reserved = await step(`Reserve money of ${supplier}`).reserveWithdrawal(request, now());
  stands(reserved);
  if (!isRefusal(reserved) && isWithBank(reserved)) {
    const end = await bankWord(reserved);
    stands(await step(end.status === 'paid' ? 'Book the payout' : 'Put the money back').endWithdrawal(id, end, now()));
  }
  await condition(allHandlersFinished);
  return answerOf(() => standing);
}
