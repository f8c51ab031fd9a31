/**
 * The card processor of the sandbox. It decides by magic values of the token, as the test modes of real processors do; see
 * docs/reference/sandbox.md.
 */
import type { mongo } from 'mongoose';
import type { z } from 'zod';
import { chargeRequest, refundRequest } from '../partners/card';
import { referenceOf, type Outcome, type Script } from './script';
import { route, type Routes } from './server';
import { idOf, type State } from './state';

type Charge = z.infer<typeof chargeRequest>;
type Refund = z.infer<typeof refundRequest>;

/** What each token does when it is charged, given the reference of the charge. */
const charges: Readonly<Record<string, (reference: string) => Script>> = {
  tok_ok: (reference) => ({ steps: [[captured(reference)]] }),
  tok_declined: () => ({ steps: [[declined('insufficient-funds')]] }),
  tok_slow: (reference) => ({ steps: [[pending], [captured(reference), 'settleMs']] }),
  tok_slow_declined: () => ({ steps: [[pending], [declined('do-not-honour'), 'settleMs']] }),
  tok_timeout: (reference) => ({ steps: [[captured(reference)]], late: true }),
  tok_twice: (reference) => ({ steps: [[captured(reference)]], calls: 'twice' }),
  tok_returned: (reference) => ({ steps: [[captured(reference)], [returned(reference), 'returnMs']] }),
  tok_backwards: (reference) => ({
    steps: [[captured(reference)], [returned(reference), 'returnMs']],
    calls: 'backwards',
  }),
  tok_refund_slow: (reference) => ({ steps: [[captured(reference)]] }),
  tok_refund_failed: (reference) => ({ steps: [[captured(reference)]] }),
};
export const tokens = Object.keys(charges);
/** Tokens of a bank account: only by e-checking is a charge returned. */
const onlyByChecking = ['tok_returned', 'tok_backwards'];
/** Methods that are the bank's business. */
const notOurs: readonly Charge['method'][] = ['tt', 'western-union'];

const pending: Outcome = { status: 'pending' };
const captured = (reference: string): Outcome => ({ status: 'captured', reference });
const declined = (reason: string): Outcome => ({ status: 'declined', reason });
const returned = (reference: string): Outcome => ({ status: 'returned', reference, reason: 'account-without-cover' });
const failed = (reason: string): Script => ({ steps: [[{ status: 'failed', reason }]] });

export function scriptOfCharge(key: string, { token, method }: Charge): Script {
  const script = Object.hasOwn(charges, token) ? charges[token] : undefined;
  if (!script) return { steps: [[declined('unknown-token')]] };
  const isWrong = notOurs.includes(method) || (method !== 'e-checking' && onlyByChecking.includes(token));
  if (isWrong) return { steps: [[declined('wrong-method')]] };
  return script(referenceOf('charge', key));
}

export function cardRoutes(state: State): Routes {
  return {
    'PUT /card/charges': route(chargeRequest, async (body, key) => {
      const { outcome, ...first } = await state.once('charge', key, body, () => scriptOfCharge(key, body));
      // What became of a captured charge is no answer to a request to charge.
      const answer = outcome.status === 'returned' ? captured(outcome.reference ?? '') : outcome;
      return { outcome: answer, ...first };
    }),
    'GET /card/charges': async (key) => ({ outcome: (await state.find('charge', key))?.outcome }),
    'PUT /card/refunds': route(refundRequest, (body, key) =>
      state.once('refund', key, body, (session) => scriptOfRefund(state, key, body, session)),
    ),
  };
}

/** Never more than was captured, however many refunds there are: the sum is kept on the charge, and moved with it. */
async function scriptOfRefund(
  state: State,
  key: string,
  refund: Refund,
  session: mongo.ClientSession,
): Promise<Script> {
  const charge = await state.find('charge', refund.charge, session);
  if (!charge) return failed('unknown-charge');
  if (charge.outcome.status !== 'captured') return failed(`charge-${charge.outcome.status}`);
  const { amount, token } = chargeRequest.parse(charge.body);
  if (amount.currency !== refund.amount.currency) return failed('wrong-currency');
  if (token === 'tok_refund_failed') return failed('card-closed');
  const { modifiedCount } = await state.operations.updateOne(
    { _id: idOf('charge', refund.charge), refunded: { $lte: amount.amount - refund.amount.amount } },
    { $inc: { refunded: refund.amount.amount } },
    { session },
  );
  if (modifiedCount === 0) return failed('more-than-charged');
  const refunded: Outcome = { status: 'refunded', reference: referenceOf('refund', key) };
  return { steps: token === 'tok_refund_slow' ? [[pending], [refunded, 'settleMs']] : [[refunded]] };
}
