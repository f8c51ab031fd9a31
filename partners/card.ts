/**
 * The card processor: charges and refunds of cards, of e-checking, and of whatever else it takes (R26, R48). Its forms are one source for the client
 * and for whoever answers it.
 */
import { z } from 'zod';
import { positiveMoney } from '../domain/money';
import { paymentMethod } from '../domain/scheme';
import { partnerAt, partnerKey, reason, reference, type PartnerOptions } from './call';

export const chargeRequest = z.strictObject({
  amount: positiveMoney,
  /** One whose channel is the processor (R26); what goes through the bank is declined. */
  method: paymentMethod,
  /** What the processor's own form made of the payer's card or account; we never see the number. */
  token: z.string().min(1).max(200),
});

export const refundRequest = z.strictObject({
  /** The key of the charge that it gives back, in whole or in part. */
  charge: partnerKey,
  amount: positiveMoney,
});

const captured = z.object({ status: z.literal('captured'), reference });
const declined = z.object({ status: z.literal('declined'), reason });
const pending = z.object({ status: z.literal('pending') });
/** Captured first, then taken back by the payer's bank. */
const returned = z.object({ status: z.literal('returned'), reference, reason });

export const chargeAnswer = z.discriminatedUnion('status', [captured, declined, pending]);
export type ChargeAnswer = z.infer<typeof chargeAnswer>;

export const chargeState = z.discriminatedUnion('status', [captured, declined, pending, returned]);
export type ChargeState = z.infer<typeof chargeState>;

export const refundAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('refunded'), reference }),
  z.object({ status: z.literal('failed'), reason }),
  pending,
]);
export type RefundAnswer = z.infer<typeof refundAnswer>;

/** Whatever is thrown may be mended by asking again under the same key, but for `PartnerRefused`. */
export interface CardProcessor {
  /** Charges once for `key`. `pending`: the call-back `charge.captured` or `charge.declined` follows. */
  charge(charge: { key: string } & z.infer<typeof chargeRequest>): Promise<ChargeAnswer>;
  /** How the charge under `key` stands; undefined if there is none. */
  find(key: string): Promise<ChargeState | undefined>;
  /** Gives back once for `key`. `pending`: the call-back `refund.paid` or `refund.failed` follows. */
  refund(refund: { key: string } & z.infer<typeof refundRequest>): Promise<RefundAnswer>;
}

/** The card processor at `url`. */
export function cardProcessorAt(url: string, options?: PartnerOptions): CardProcessor {
  const partner = partnerAt('card processor', url, options);
  return {
    charge: ({ key, ...body }) => partner.put('charges', key, body, chargeAnswer),
    find: (key) => partner.find('charges', key, chargeState),
    refund: ({ key, ...body }) => partner.put('refunds', key, body, refundAnswer),
  };
}
