/**
 * The contract of an order: its four modules Product, Shipping, Payment and Contacts, which both sides revise (R52), and
 * the completeness that confirming asks for (R53).
 */
import { z } from 'zod';
import { country, email, opaqueId } from './member';
import { add, format, money, moneyOf, positiveMoney, times, type Money } from './money';
import { refuse, type Refusal } from './refusal';
import { methodOf, paymentMethod, transport } from './scheme';
import type { SchemePolicy } from './scheme-policy';
import { calendarDate, chinaDate } from './time';

const line = z.strictObject({
  /** Id in the supplier's catalogue, when the line comes from there. */
  product: opaqueId.optional(),
  name: z.string().min(1).max(200),
  /** Harmonized System code, 6 to 10 digits: what customs will be told. */
  hsCode: z.string().regex(/^\d{6,10}$/, '6 to 10 digits'),
  quantity: z.int().positive().max(1_000_000_000),
  unit: z.string().min(1).max(20),
  unitPrice: positiveMoney,
});

const contact = z.strictObject({
  name: z.string().min(1).max(100),
  email: email.max(200),
  phone: z.string().min(1).max(40).optional(),
});

/** R22: what the goods are inspected by before shipment, when the buyer may ask for it. */
const inspectionStandard = z.string().min(1).max(500).optional();
const product = z.strictObject({ lines: z.array(line).min(1).max(100), inspectionStandard });
const shipping = z.strictObject({
  method: transport,
  incoterm: z.enum(['EXW', 'FCA', 'FAS', 'FOB', 'CFR', 'CIF', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP']),
  /** Country of destination of the goods (R43, R45). */
  destination: country,
  consignee: z.string().min(1).max(300),
  /** Agreed last shipping date, a calendar date in China (R33). */
  shipBy: calendarDate,
  /** Freight that the buyer pays on top of the goods. */
  freight: money.optional(),
});
const payment = z.strictObject({
  /** Part of the total that is due in advance, in whole percent (R24, R31). */
  advancePercent: z.int().min(1).max(100),
  methods: z.array(paymentMethod).min(1).max(8),
  /** When the rest is due; after shipment, where nothing is said. */
  balance: z.enum(['before-shipment', 'after-shipment']).optional(),
});
const contacts = z.strictObject({ supplier: contact, buyer: contact });

/** A complete contract. */
export const contract = z.strictObject({ product, shipping, payment, contacts });
export type Contract = z.infer<typeof contract>;

/** A contract in the making: any field may still be missing; those present have their form. */
export const contractDraft = z.strictObject({
  product: z.strictObject({ lines: z.array(line.partial()).max(100), inspectionStandard }).optional(),
  shipping: shipping.partial().optional(),
  payment: payment.partial().optional(),
  contacts: z.strictObject({ supplier: contact.partial().optional(), buyer: contact.partial().optional() }).optional(),
});
export type ContractDraft = z.infer<typeof contractDraft>;
export type ContractModule = keyof ContractDraft;

export interface Completeness {
  /** Filled required fields, in whole percent, rounded down; 100 means complete. */
  percent: number;
  /** Paths of the required fields that are missing, e.g. `shipping.shipBy`. */
  missing: string[];
}

const missingIn = (draft: unknown): string[] =>
  contract.safeParse(draft).error?.issues.map((issue) => issue.path.join('.')) ?? [];

/** A contract is never changed, only replaced: what is known of one holds as long as it is there. */
const known = new WeakMap<ContractDraft, Completeness>();

/** How far the contract is filled in (填写完整率, R53). */
export function completeness(draft: ContractDraft): Completeness {
  const found = known.get(draft) ?? workOut(draft);
  known.set(draft, found);
  return found;
}

function workOut(draft: ContractDraft): Completeness {
  const lines = draft.product?.lines.length ?? 0;
  const required = requiredOf(lines);
  const missing = missingIn(inForm(draft, lines));
  return { percent: Math.floor(((required - missing.length) * 100) / required), missing };
}

/** A contract of so many lines, with what is filled in. */
const inForm = ({ product, shipping, payment, contacts }: ContractDraft, lines: number) => ({
  product: { lines: product?.lines.length ? product.lines : Array.from({ length: Math.max(lines, 1) }, () => ({})) },
  shipping: shipping ?? {},
  payment: payment ?? {},
  contacts: { supplier: contacts?.supplier ?? {}, buyer: contacts?.buyer ?? {} },
});

/** How many fields are required, by the number of lines. */
const required = new Map<number, number>();
function requiredOf(lines: number): number {
  const fields = required.get(lines) ?? missingIn(inForm({}, lines)).length;
  required.set(lines, fields);
  return fields;
}

/** Total of a complete contract: goods and freight. Throws on mixed currencies and beyond the safe integers. */
export function totalOf(terms: Pick<Contract, 'product' | 'shipping'>): Money {
  const [first] = terms.product.lines;
  const start = moneyOf(0, first?.unitPrice.currency ?? 'USD');
  const goods = terms.product.lines.reduce(
    (sum, { unitPrice, quantity }) => add(sum, times(unitPrice, quantity)),
    start,
  );
  return terms.shipping.freight ? add(goods, terms.shipping.freight) : goods;
}

/** The advance: the agreed part of the total, rounded up to the minor unit (R31). */
export function advanceOf(total: Money, advancePercent: number): Money {
  // Whole part and remainder apart, so that percent × total stays inside the safe integers.
  const whole = Math.floor(total.amount / 100) * advancePercent;
  return moneyOf(whole + Math.ceil(((total.amount % 100) * advancePercent) / 100), total.currency);
}

/**
 * Why this contract cannot be confirmed now, if so: `order.incomplete` (R53) or `order.inconsistent` (currency and total
 * against the scheme, R15; transport, R16; prepayment, R24; methods, R26; destination, R43; a shipping date that has passed).
 */
export function contractRefusal(draft: ContractDraft, scheme: SchemePolicy, at: string): Refusal | undefined {
  const { percent, missing } = completeness(draft);
  if (missing.length > 0)
    return refuse('order.incomplete', `${String(percent)} % complete; missing: ${missing.join(', ')}`);
  const problems = contradictions(contract.parse(draft), scheme, at);
  return problems.length > 0 ? refuse('order.inconsistent', problems.join('; ')) : undefined;
}

function contradictions(terms: Contract, scheme: SchemePolicy, at: string): string[] {
  const { shipping } = terms;
  const prices = [
    ...terms.product.lines.map(({ unitPrice }) => unitPrice),
    ...(shipping.freight ? [shipping.freight] : []),
  ];
  const problems: string[] = [];
  if (prices.some(({ currency }) => currency !== scheme.currency))
    problems.push(`prices must be in ${scheme.currency}`);
  else if (!Number.isSafeInteger(roughTotal(terms))) problems.push('the total is beyond what can be counted');
  else if (totalOf(terms).amount <= scheme.totalAbove.amount) problems.push('the total must be above zero');
  else if (scheme.totalAtMost && totalOf(terms).amount > scheme.totalAtMost.amount)
    problems.push(`the total ${format(totalOf(terms))} is above the scheme’s limit of ${format(scheme.totalAtMost)}`);
  if (!scheme.transports.includes(shipping.method)) problems.push(`shipping.method ${shipping.method} is not offered`);
  if (scheme.prepay === 'full' && terms.payment.advancePercent !== 100)
    problems.push('payment.advancePercent: the whole price is due before shipment, so it must be 100');
  for (const method of terms.payment.methods)
    if (!methodOf(scheme, method)) problems.push(`payment.methods: ${method} is not offered`);
  if (shipping.destination === 'CN') problems.push('shipping.destination: the goods must be exported from China');
  if (shipping.shipBy < chinaDate(at)) problems.push(`shipping.shipBy ${shipping.shipBy} has passed`);
  return problems;
}

const roughTotal = ({ product: { lines }, shipping: { freight } }: Contract): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, freight?.amount ?? 0);

/** The goods of a contract's lines, as an export service order declares them (R6). */
export const goodsOf = ({ product: goods }: ContractDraft) =>
  (goods?.lines ?? []).map(({ hsCode, name, quantity, unit, unitPrice }) => ({
    hsCode,
    name,
    quantity,
    unit,
    ...(unitPrice && quantity !== undefined && { value: times(unitPrice, quantity) }),
  }));
