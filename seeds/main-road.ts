/**
 * The main road of an order, from draft to both reviews: twelve messages, each with an id and a body that follow from the
 * order alone, so that playing it again after a crash goes on where it stopped. The demo, tests and the bench play it.
 */
import type { SendableName, Sender, TradeAssuranceClient } from '../clients';
import { goodsOf } from '../domain/contract';
import type { MessageData } from '../domain/messages';
import { subtract, type Money } from '../domain/money';
import type { OrderView } from '../domain/view';
import type { Answer } from '../workflows/contract';

export interface Step {
  message: SendableName;
  sender: Sender['as'];
  answer: Answer;
}

/** What a step needs to know of the order: nothing before the draft. */
type Body = (order: OrderView) => unknown;

interface Script {
  message: Exclude<SendableName, 'draft'>;
  from: 'supplier' | 'buyer' | 'bank' | 'customs';
  body: Body;
}

const script: readonly Script[] = [
  {
    message: 'revise',
    from: 'buyer',
    body: ({ contract: { payment } }) => ({
      baseRevision: 1,
      changes: { payment: { ...payment, advancePercent: 40 } },
    }),
  },
  { message: 'confirm', from: 'supplier', body: () => ({ revision: 2 }) },
  { message: 'confirm', from: 'buyer', body: () => ({ revision: 2 }) },
  { message: 'paymentCredited', from: 'bank', body: (order) => credit(order, 'advance', order.advance) },
  {
    message: 'registerExport',
    from: 'supplier',
    body: ({ contract }) => ({ exportOrder: 'export-1', declaration: declarationNumber, goods: goodsOf(contract) }),
  },
  { message: 'completeExport', from: 'supplier', body: () => ({}) },
  {
    message: 'customsReleased',
    from: 'customs',
    body: ({ draftedAt }) => ({ declaration: declarationNumber, releasedAt: draftedAt }),
  },
  { message: 'answerShipment', from: 'buyer', body: () => ({ asAgreed: true }) },
  {
    message: 'paymentCredited',
    from: 'bank',
    body: (order) => credit(order, 'balance', order.total && order.advance && subtract(order.total, order.advance)),
  },
  { message: 'review', from: 'supplier', body: () => ({ stars: 5, text: 'Paid as agreed.' }) },
  { message: 'review', from: 'buyer', body: () => ({ stars: 5, text: 'Shipped in time, as described.' }) },
];

/** Number of messages on the main road. */
export const mainRoadLength = script.length + 1;

const declarationNumber = '310120260000000001';

const credit = ({ id, payTo, draftedAt }: OrderView, part: string, amount: Money | undefined) => ({
  account: payTo,
  entryReference: `${id.slice(-48)}-${part}`, // a bank entry is booked for one order only
  amount,
  method: 'tt',
  valueDate: draftedAt.slice(0, 10),
});

/** Plays the main road on an order, one step at a time; every answer is committed when it is yielded. */
export async function* playMainRoad(
  ta: TradeAssuranceClient,
  order: string,
  draft: MessageData<'draft'>,
): AsyncGenerator<Step> {
  const senders = {
    supplier: { role: 'supplier', member: draft.supplier },
    buyer: { role: 'buyer', member: draft.buyer },
    bank: { role: 'bank', member: 'citibank-sg' },
    customs: { role: 'customs', member: 'china-customs' },
  } as const;
  yield {
    message: 'draft',
    sender: senders.supplier,
    answer: await ta.start(order, draft, { as: senders.supplier, id: '01-draft' }),
  };
  // The bodies that follow from the contract follow from the revised one, which the second message makes.
  for (const [index, { message, from, body }] of script.entries()) {
    const id = `${String(index + 2).padStart(2, '0')}-${message}`;
    const data = body(await ta.view(order)) as MessageData<typeof message>;
    const sender = senders[from];
    yield { message, sender, answer: await ta.send(message, order, data, { as: sender, id }) };
  }
}
