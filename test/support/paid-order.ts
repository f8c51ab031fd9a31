/** Orders whose advance has been paid, on real servers: what suppliers have money of. */
import { moneyOf } from '../../domain/money';
import { as, lighting, type World } from './world';

/** An order of the lighting supplier that `amount` cents (its advance, unless said otherwise) have been paid of (R18). */
export async function paidOrder({ ta, orderId }: World, name: string, amount?: number): Promise<string> {
  const id = orderId(name);
  await ta.start(id, { ...lighting, confirm: true }, as.supplier);
  await ta.confirm(id, { revision: 1 }, as.buyer);
  const { payTo = '', advance } = await ta.view(id);
  const credit = {
    account: payTo,
    entryReference: id,
    amount: moneyOf(amount ?? advance?.amount ?? 0, 'USD'),
    method: 'tt',
    valueDate: '2026-11-22',
  } as const;
  await ta.paymentCredited(id, credit, as.bank);
  return id;
}

/** What its advance is, in cents. */
export const advance = 700_800;
