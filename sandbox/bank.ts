/**
 * The bank of the sandbox. It decides by the last four characters of the payee's account, as the test modes of real banks
 * do; see docs/reference/sandbox.md. Quotes are good for a time and for one conversion.
 */
import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import type { z } from 'zod';
import type { Quote } from '../domain/settlement';
import { convertRequest, payOutRequest, quoteRequest } from '../partners/bank';
import { inCny } from './fx';
import { referenceOf, type Outcome, type Script } from './script';
import { BadRequest, route, type Routes } from './server';
import type { State } from './state';

/** What happens to a payout, by the end of the payee's account; to any other it is paid at once. */
const payouts: Readonly<Record<string, (paid: Outcome) => Script>> = {
  '0001': () => ({ steps: [[refused('account-closed')]] }),
  '0002': (paid) => ({ steps: [[pending], [paid, 'settleMs']] }),
  '0003': () => ({ steps: [[pending], [refused('name-mismatch'), 'settleMs']] }),
  '0004': (paid) => ({ steps: [[paid]], late: true }),
  '0005': (paid) => ({ steps: [[paid]], calls: 'twice' }),
};
export const payeeEnds = Object.keys(payouts);

const pending: Outcome = { status: 'pending' };
const refused = (reason: string): Outcome => ({ status: 'refused', reason });

export function scriptOfPayOut(key: string, { to }: z.infer<typeof payOutRequest>): Script {
  const paid: Outcome = { status: 'paid', reference: referenceOf('payout', key) };
  const end = to.account.slice(-4);
  const script = Object.hasOwn(payouts, end) ? payouts[end] : undefined;
  return script ? script(paid) : { steps: [[paid]] };
}

export function bankRoutes(state: State, quoteMs: number): Routes {
  return {
    'PUT /bank/payouts': route(payOutRequest, (body, key) =>
      state.once('payout', key, body, () => scriptOfPayOut(key, body)),
    ),
    'GET /bank/payouts': async (key) => ({ outcome: (await state.find('payout', key))?.outcome }),
    'POST /bank/quotes': route(quoteRequest, async ({ sell }) => {
      const buy = inCny(sell);
      if (!buy) throw new BadRequest('sell: CNY itself, or less than a fen');
      const expiresAt = new Date(Date.now() + quoteMs).toISOString();
      const quote: Quote = { quote: `quote-${randomUUID()}`, sell, buy, expiresAt };
      await state.quotes.insertOne({ _id: quote.quote, sell, buy, expiresAt });
      return { outcome: quote };
    }),
    'PUT /bank/conversions': route(convertRequest, ({ quote }, key) =>
      state.once('conversion', key, { quote }, (session) => scriptOfConversion(state, key, quote, session)),
    ),
  };
}

/** A quote is used by one key, in the transaction that stores the conversion. */
async function scriptOfConversion(
  { quotes }: State,
  key: string,
  id: string,
  session: mongo.ClientSession,
): Promise<Script> {
  const quote = await quotes.findOne({ _id: id }, { session });
  if (!quote) return { steps: [[refused('unknown-quote')]] };
  if (quote.usedBy !== undefined) return { steps: [[refused('used')]] };
  if (quote.expiresAt <= new Date().toISOString()) return { steps: [[refused('expired')]] };
  await quotes.updateOne({ _id: id }, { $set: { usedBy: key } }, { session });
  const { sell, buy } = quote;
  return { steps: [[{ status: 'done', reference: referenceOf('conversion', key), sell, buy }]] };
}
