/**
 * The workflow of one settlement into CNY (结汇, R4): the bank quotes; the supplier takes the quote before it expires; the
 * money is reserved, the bank converts or refuses, and the books say so. A quote that nobody takes lapses.
 */
import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineUpdate,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { actor, type Actor } from '../domain/messages';
import { format } from '../domain/money';
import { isRefusal, type Refusal } from '../domain/refusal';
import {
  hasEnded,
  settlementOutcome,
  settlementRequest,
  soldBy,
  type Settlement,
  type SettlementRequest,
} from '../domain/settlement';
import { viewQuery } from './contract';
import { settlementDetails } from './describe-funds';
import { answerOf, inputOf, now, sameAs, step } from './funds';
import { quotedUpdate, settleUpdate, type SettleInput } from './funds-contract';

export async function settlement(input: SettlementRequest): Promise<Settlement> {
  const request = inputOf(settlementRequest, input);
  const { id, supplier } = request;
  const sell = format(soldBy(request));
  let standing: Settlement | Refusal | undefined;
  /** Those who take the quote, and what they are told: several at once get one answer. */
  const taking: { by?: Actor | undefined; told?: Settlement | Refusal | undefined } = {};

  const stands = <Next extends Settlement | Refusal>(next: Next): Next => {
    standing = next;
    setCurrentDetails(settlementDetails(request, next));
    return next;
  };

  setHandler(defineUpdate<Settlement, [unknown]>(quotedUpdate), () => answerOf(() => standing), {
    description: 'Answers with the bank’s quote, or with the refusal',
    validator: sameAs(settlementRequest, request),
  });
  setHandler(
    defineUpdate<Settlement, [SettleInput]>(settleUpdate),
    async ({ by }) => {
      const quoted = await answerOf(() => standing);
      if (hasEnded(quoted)) return answerOf(() => settlementOutcome(quoted));
      if (!taking.by) Object.assign(taking, { by, told: undefined });
      return answerOf(() => taking.told);
    },
    {
      description: 'Take the quote: answers once both legs are booked, or with the refusal',
      validator: ({ by }: SettleInput) => void inputOf(actor, by),
    },
  );
  setHandler(defineQuery<Settlement | Refusal | undefined>(viewQuery), () => standing, {
    description: 'The settlement as the workflow has it',
  });

  /** Waits for somebody to take the quote. */
  const isTaken = ({ quote: { expiresAt } }: Settlement): Promise<boolean> => {
    const left = Date.parse(expiresAt) - Date.now();
    return left > 0
      ? condition(() => taking.by !== undefined, left, { summary: 'The quote expires' })
      : Promise.resolve(false);
  };

  /** The settlement with its money reserved, or lapsed. Short of money it may be taken again, until it expires. */
  async function reserved(quoted: Settlement): Promise<Settlement> {
    while (await isTaken(quoted)) {
      if (!taking.by) continue;
      const answer = await step(`Reserve ${sell} of ${supplier}`).reserveSettlement(id, taking.by, now());
      if (!isRefusal(answer)) return answer;
      Object.assign(taking, { by: undefined, told: answer });
    }
    return step('The quote has expired').endSettlement(id, { status: 'lapsed' }, now());
  }

  const quoted = stands(await step(`Ask the bank for CNY against ${sell}`).quoteSettlement(request, now()));
  if (!isRefusal(quoted) && !hasEnded(quoted)) {
    const next = stands(quoted.state === 'quoted' ? await reserved(quoted) : quoted);
    if (!hasEnded(next)) {
      const word = await step(`Convert ${sell} into ${format(next.quote.buy)}`).convertSettlement(next);
      stands(
        await step(word.status === 'done' ? 'Book both legs' : 'Put the money back').endSettlement(id, word, now()),
      );
    }
  }
  if (standing && !isRefusal(standing)) taking.told = settlementOutcome(standing);
  await condition(allHandlersFinished);
  return answerOf(() => standing);
}
