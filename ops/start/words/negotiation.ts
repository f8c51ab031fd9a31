/** From the draft to the confirmation of both. */
import { format } from '../../../domain/money';
import { noted, type Words } from './common';

const sources = {
  scratch: 'from scratch',
  'purchase-order': 'from the buyer’s purchase order',
  inquiry: 'from an inquiry',
  'start-order': 'as a Start Order',
  'buy-now': 'by Buy Now',
};
const pages = { 'product-page': 'on a product page', minisite: 'on the minisite', quotation: 'on a quotation' };

export const negotiation = {
  orderDrafted: ({ by, source: { kind, page, reference } }) =>
    [`drafted by the ${by}, ${sources[kind]}`, page && pages[page], reference].filter(Boolean).join(' '),
  contractRevised: ({ revision, by, changes }) =>
    `revision ${String(revision)} by the ${by}: ${Object.keys(changes).join(', ')} changed`,
  revisionConfirmed: ({ revision, by }) => `revision ${String(revision)} confirmed by the ${by}`,
  revisionDeclined: ({ revision, by, reason }) => `revision ${String(revision)} declined by the ${by}${noted(reason)}`,
  confirmationReminded: ({ by }) =>
    `the ${by === 'supplier' ? 'buyer' : 'supplier'} is reminded to confirm the contract`,
  coverOffered: ({ amount, limit }) =>
    `the platform would guarantee ${format(amount)} (the supplier’s limit is ${format(limit)})`,
  orderConfirmed: ({ total, advance }) => `confirmed by both: total ${format(total)}, advance ${format(advance)}`,
} satisfies Partial<Words>;
