/**
 * What partners call back with, over HTTP, signed as Standard Webhooks. A call may come twice, late, in any order with
 * others, and before the answer to the request that it is about.
 */
import { z } from 'zod';
import { instant } from '../domain/time';
import { partnerKey, reason, reference } from './call';

/** `key`: of the request that it is about. `at`: when it happened, not when it is told. */
const about = { key: partnerKey, at: instant };
const done = { ...about, reference };
const undone = { ...about, reason };

export const partnerEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('charge.captured'), ...done }),
  z.strictObject({ type: z.literal('charge.declined'), ...undone }),
  /** Of a captured charge: the payer's bank has taken the money back. */
  z.strictObject({ type: z.literal('charge.returned'), ...undone }),
  z.strictObject({ type: z.literal('refund.paid'), ...done }),
  z.strictObject({ type: z.literal('refund.failed'), ...undone }),
  z.strictObject({ type: z.literal('payout.paid'), ...done }),
  z.strictObject({ type: z.literal('payout.refused'), ...undone }),
]);
export type PartnerEvent = z.infer<typeof partnerEvent>;
