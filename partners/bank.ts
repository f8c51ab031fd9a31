/**
 * The bank: payouts to suppliers and buyers (R9), and foreign money sold for CNY (结汇). Its forms are one source for the
 * client and for whoever answers it.
 */
import { z } from 'zod';
import { payee } from '../domain/messages';
import { positiveMoney, type Money } from '../domain/money';
import { quote as quoteForm, type Quote } from '../domain/settlement';
import { partnerAt, reason, reference, type PartnerOptions } from './call';

export const payOutRequest = z.strictObject({
  amount: positiveMoney,
  to: payee,
  /** What the payee reads on its statement. */
  reference: z.string().min(1).max(140),
});

export const quoteRequest = z.strictObject({ sell: positiveMoney, buy: z.literal('CNY') });

export const convertRequest = z.strictObject({ quote: z.string().min(1).max(64) });

export const payOutAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('paid'), reference }),
  z.object({ status: z.literal('refused'), reason }),
  z.object({ status: z.literal('pending') }),
]);
export type PayOutAnswer = z.infer<typeof payOutAnswer>;

/** The bank gives `buy` for `sell`, to whoever converts by the id `quote` before `expiresAt`, once. */
export const quote = z.object(quoteForm.shape);

export const convertAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), reference, sell: positiveMoney, buy: positiveMoney }),
  /** `expired`, `unknown-quote`, `used` (under another key), or a bank's own. Ask for another quote. */
  z.object({ status: z.literal('refused'), reason }),
]);
export type ConvertAnswer = z.infer<typeof convertAnswer>;

/** Whatever is thrown may be mended by asking again under the same key, but for `PartnerRefused`. */
export interface Bank {
  /** Pays out once for `key`. `pending`: the call-back `payout.paid` or `payout.refused` follows. */
  payOut(payOut: { key: string } & z.infer<typeof payOutRequest>): Promise<PayOutAnswer>;
  /** How the payout under `key` stands; undefined if there is none. */
  find(key: string): Promise<PayOutAnswer | undefined>;
  /** What the bank gives for `sell` now. Binds nobody: it may be asked for again. */
  quote(wish: { sell: Money; buy: 'CNY' }): Promise<Quote>;
  /** Sells by a quote, once for `key`. */
  convert(conversion: { key: string; quote: string }): Promise<ConvertAnswer>;
}

/** The bank at `url`. */
export function bankAt(url: string, options?: PartnerOptions): Bank {
  const partner = partnerAt('bank', url, options);
  return {
    payOut: ({ key, ...body }) => partner.put('payouts', key, body, payOutAnswer),
    find: (key) => partner.find('payouts', key, payOutAnswer),
    quote: (wish) => partner.post('quotes', wish, quote),
    convert: ({ key, ...body }) => partner.put('conversions', key, body, convertAnswer),
  };
}
