/** The stage of the portal's browser tests: real servers, the API with the portal, and orders at every milestone. */
import { readDraft } from '../../seeds/load';
import { as, type World } from './world';

const lighting = readDraft('lighting.json');

/** Days from now as a calendar date. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The contract of the staged orders. */
export const contract = {
  ...lighting.contract,
  product: {
    ...lighting.contract.product,
    lines: lighting.contract.product?.lines ?? [],
    inspectionStandard: 'AQL 2.5, level II',
  },
  shipping: { ...lighting.contract.shipping, shipBy: inDays(45) },
  payment: { advancePercent: 30, methods: ['tt' as const, 'card' as const] },
};

export interface Staged {
  /** Drafted, not complete. */
  draft: string;
  /** The supplier has confirmed: the buyer is asked. */
  offered: string;
  /** Both have confirmed: to be paid. */
  unpaid: string;
  /** The advance is in. */
  advance: string;
  /** Shipped: the buyer is asked. */
  shipped: string;
  /** Shipped, with a complaint. */
  disputed: string;
  /** All is paid; reviews are awaited. */
  reviewing: string;
}

/** Plays orders of the lighting supplier and the Hamburg buyer to every milestone. */
export async function stageOrders({ ta, orderId }: World): Promise<Staged> {
  const draft = async (name: string, changes: Partial<typeof lighting> = {}) => {
    const id = orderId(name);
    await ta.start(id, { ...lighting, contract, ...changes }, as.supplier);
    return id;
  };
  const { contacts: _contacts, ...incomplete } = contract;
  const staged = {
    draft: await draft('draft', { contract: incomplete }),
    offered: await draft('offered'),
    unpaid: await draft('unpaid'),
    advance: await draft('advance'),
    shipped: await draft('shipped'),
    disputed: await draft('disputed'),
    reviewing: await draft('reviewing'),
  };
  const { offered, unpaid, advance, shipped, disputed, reviewing } = staged;
  const shipping = {
    ...contract.shipping,
    incoterm: 'CIF' as const,
    freight: { amount: 180_000, currency: 'USD' as const },
  };
  await ta.revise(offered, { baseRevision: 1, changes: { shipping } }, as.buyer);
  await ta.confirm(offered, { revision: 2 }, as.supplier);
  for (const id of [unpaid, advance, shipped, disputed, reviewing]) {
    await ta.confirm(id, { revision: 1 }, as.supplier);
    await ta.confirm(id, { revision: 1 }, as.buyer);
  }
  for (const id of [advance, shipped, disputed, reviewing]) await credit({ ta }, id, 'advance');
  for (const id of [shipped, disputed, reviewing]) {
    const declaration = `D-${id}`.slice(0, 40);
    await ta.registerExport(id, { exportOrder: `E-${id}`, declaration, goods: goods() }, as.supplier);
    await ta.completeExport(id, {}, as.supplier);
    await ta.customsReleased(id, { declaration, releasedAt: new Date().toISOString() }, as.customs);
  }
  await ta.complain(
    disputed,
    {
      kind: 'quality-after-shipment',
      description: 'A fifth of the panels flicker.',
      claim: { amount: 120_000, currency: 'USD' },
    },
    as.buyer,
  );
  await ta.answerComplaint(disputed, { answer: 'We ask for photographs of the driver’s label.' }, as.supplier);
  await ta.answerShipment(reviewing, { asAgreed: true }, as.buyer);
  await credit({ ta }, reviewing, 'balance');
  return staged;
}

/** Its goods, as they are declared: ten fewer of the first line. */
export const goods = () =>
  contract.product.lines.map(({ hsCode = '', name = '', quantity = 1, unit = '', unitPrice }, index) => ({
    hsCode,
    name,
    quantity: index === 0 ? quantity - 10 : quantity,
    unit,
    value: { amount: (unitPrice?.amount ?? 0) * (index === 0 ? quantity - 10 : quantity), currency: 'USD' as const },
  }));

/** The bank books the advance, or what is outstanding. */
export async function credit({ ta }: Pick<World, 'ta'>, id: string, what: 'advance' | 'balance'): Promise<void> {
  const { payTo = '', advance, outstanding } = await ta.view(id);
  const amount = what === 'advance' ? advance : outstanding;
  if (!amount) throw new Error(`${id} has nothing to be paid`);
  await ta.paymentCredited(
    id,
    {
      account: payTo,
      entryReference: `${id}-${what}`.slice(0, 64),
      amount,
      method: 'tt',
      valueDate: inDays(0),
      payer: { name: 'Alster Home & Living GmbH', account: 'DE02120300000000202051' },
    },
    as.bank,
  );
}
