/** Steps of a dispute, for the stories of `builders.ts`: complaints, settlements, rulings with their second pair of eyes. */
import type { MessageData } from '../../domain/messages';
import { openComplaint, type Order } from '../../domain/order';
import type { ComplaintKind } from '../../domain/scheme';
import { at, buyer, clock, platform, supplier, usd, type Step } from './builders';

/** The agreed last shipping date of `completeContract()` has passed; the next day begins in China. */
export const dateMissed = '2026-06-30T16:00:00.000Z';
/** The second operator. */
export const other = { member: 'operator-2' };

const description = 'Every third lamp flickers';
/** The buyer complains; `dollars` is what it claims. */
export const complained = (kind: ComplaintKind, dollars?: number) =>
  buyer('complain', { kind, description, ...(dollars !== undefined && { claim: usd(dollars) }) });
/** The buyer takes its complaint back. */
export const withdrawn = buyer('withdrawComplaint', {});
export const evidence = (title: string, changes: Partial<MessageData<'addEvidence'>> = {}) => ({
  title,
  link: `https://files.example/${title}`,
  ...changes,
});

const ofOpen =
  (field: 'answerBy' | 'escalateFrom' | 'escalateBy') =>
  (order: Order): string | undefined =>
    openComplaint(order)?.[field];
export const answerBy = ofOpen('answerBy');
export const escalateFrom = ofOpen('escalateFrom');
export const escalateBy = ofOpen('escalateBy');

/** The buyer has asked the platform to rule. */
export const escalated = (): Step => [at(escalateFrom), buyer('escalate')];
/** An operator puts a ruling forward. */
export const ruling = (outcome: MessageData<'rule'>['outcome'], dollars = 0) =>
  platform('rule', { outcome, award: usd(dollars), reason: 'The photographs show it' });
/** Another operator approves what was put forward last. */
export const approved = () => platform('approve', ({ order }) => ({ approval: order?.approvals ?? 0 }), other);
/** Escalated, ruled and approved. */
export const ruled = (outcome: MessageData<'rule'>['outcome'], dollars = 0): Step => [
  escalated(),
  ruling(outcome, dollars),
  approved(),
];

/** The newest proposal is accepted by this side. */
export const accepts = (side: typeof buyer) =>
  side('acceptProposal', ({ order }) => ({ proposal: order?.proposals ?? 0 }));
/** Both agree to settle the open complaint with this refund. */
export const settled = (dollars: number): Step => [
  supplier('proposeSettlement', { refund: usd(dollars) }),
  accepts(buyer),
];
/** The buyer's time to answer is over. */
export const timedOut = (): Step => [at((order) => order.answerBy), clock('answerTimedOut')];
