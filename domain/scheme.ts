/**
 * The schemes as policy values, not code paths: what table B of the guide says of a scheme, and the periods that its
 * orders run by. An order keeps the version that was in force when both had confirmed (R56).
 */
import { z } from 'zod';
import { moneyOf, type CurrencyCode, type Money } from './money';

export const transport = z.enum(['express', 'air', 'land', 'sea', 'post']);
type Transport = z.infer<typeof transport>;

export const paymentMethod = z.enum(['tt', 'card', 'e-checking']);

export const schemeName = z.enum(['trade-assurance']);
export type SchemeName = z.infer<typeof schemeName>;

export interface SchemePolicy {
  version: string;
  /** Countries and territories (ISO 3166-1) whose supplier members may use the scheme (R12). */
  supplierCountries: readonly string[];
  /** Whether the supplier must apply and be approved first (R13). */
  needsActivation: boolean;
  /** Fee on the order total, in basis points, by side (R8, R14). */
  feeBasisPoints: { supplier: number; buyer: number };
  /** Orders are priced in this currency (R15). */
  currency: CurrencyCode;
  /** An order's total lies above this (R15). */
  totalAbove: Money;
  /** Ways in which the goods may travel (R16). */
  transports: readonly Transport[];
  /** Who clears the export (R17). */
  export: 'onetouch';
  /** R29: days from the second confirmation within which the money must have arrived. */
  paymentDays: number;
  /** R52: days after its last revision at which an order that is not fully confirmed lapses. */
  draftDays: number;
  /** R55: hours between two reminders to pay. */
  reminderHours: number;
  /** R34: days that the buyer has to answer whether the goods were shipped as agreed, from when the order learns the shipping date. */
  answerDays: Record<Transport, number>;
  /** R34: days that each side may add to that period, once. */
  extensionDays: number;
  /** R35: days in which both sides may review. */
  reviewDays: number;
}

export const schemes: Record<SchemeName, SchemePolicy> = {
  'trade-assurance': {
    version: 'trade-assurance/v1',
    supplierCountries: ['CN'],
    needsActivation: true,
    feeBasisPoints: { supplier: 0, buyer: 0 },
    currency: 'USD',
    totalAbove: moneyOf(0, 'USD'),
    transports: ['express', 'air', 'land', 'sea', 'post'],
    export: 'onetouch',
    paymentDays: 15,
    draftDays: 90,
    reminderHours: 24,
    answerDays: { express: 15, air: 15, land: 30, sea: 45, post: 60 },
    extensionDays: 15,
    reviewDays: 30,
  },
};
