/** Members of the marketplace: the companies that trade, and what the rules need to know of them (R12, R13, R40–R42). */
import { z } from 'zod';
import { instant } from './time';

/** An opaque id: letters, digits, `-`, `_` and `.`, up to 64 characters. */
export const opaqueId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, - _ . (at most 64)');

/** An address that mail servers take: before the @ at most 64 characters, in all at most 254 (RFC 5321). */
export const email = z.email({
  pattern: new RegExp(`^(?=[^@]{1,64}@)(?=.{1,254}$)${z.regexes.email.source.slice(1)}`),
});

/** ISO 3166-1 alpha-2 code of a country or territory. */
export const country = z.string().regex(/^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)');

/** Kinds of account on the site. China supplier (中国供应商) is the paid membership of suppliers. */
export const accountKind = z.enum(['china-supplier', 'overseas-free', 'overseas-paid', 'domestic-free']);

/** The languages of the product. */
export const language = z.enum(['en', 'zh']);

/** A person who acts for a member. One who has left stays on record, inactive. */
export const user = z.strictObject({
  id: opaqueId,
  name: z.string().min(1).max(100),
  email,
  /** What it may send: `domain/users.ts`. */
  role: z.enum(['owner', 'sales', 'logistics', 'finance', 'viewer']),
  active: z.boolean(),
  /** In which it is written to; the member's unless said. */
  language: language.optional(),
});
export type User = z.infer<typeof user>;

/** Where a supplier stands with Trade Assurance (R13, R58). */
export const assurance = z.enum(['none', 'applied', 'activated', 'suspended']);
export type Assurance = z.infer<typeof assurance>;

export const member = z.strictObject({
  id: opaqueId,
  name: z.string().min(1).max(200),
  /** The name in the member's own script. */
  localName: z.string().max(200).optional(),
  account: accountKind,
  /** Where the member is registered. */
  country,
  city: z.string().max(100).optional(),
  /** Trade Assurance of a supplier (R13, R58). Includes the OneTouch contract (R5). */
  tradeAssurance: assurance.default('none'),
  joinedAt: instant,
  contact: z.strictObject({ name: z.string().max(100), email, phone: z.string().max(40).optional() }),
  /** In which it is written to; Chinese in China and English elsewhere unless said. */
  language: language.optional(),
  /** A company has several. */
  users: z.array(user).max(100).optional(),
  /** What was known of its people has been erased since; it trades no more. */
  erasedAt: instant.optional(),
});
export type Member = z.infer<typeof member>;

/** A product of a supplier's catalogue. */
export const product = z.strictObject({
  id: opaqueId,
  supplier: opaqueId,
  name: z.string().min(1).max(200),
  localName: z.string().max(200).optional(),
  /** Harmonized System code, 6 to 10 digits. */
  hsCode: z.string().regex(/^\d{6,10}$/),
  unit: z.string().min(1).max(20),
  unitPrice: z.strictObject({ amount: z.int().positive(), currency: z.literal('USD') }),
  minimumOrder: z.int().positive(),
});
