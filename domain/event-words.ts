/**
 * What happened to an order, in words and in both languages, one line an event: the timeline and the journal, and what an
 * action will do before it is done. Amounts and dates come from the reader's side, which knows its locale. Every event has its words; the
 * compiler checks it.
 */
import type { ContractModule } from './contract';
import type { Proposal, PutForward } from './events';
import { moneyOf, type Money } from './money';
import { maskAccount } from './payee';
import type { ToldEvent } from './view';
import {
  complaintWords,
  methodWords,
  moduleWords,
  outcomeWords,
  pageWords,
  reasonWords,
  proposalWords,
  refundWords,
  roleWords,
  sourceWords,
  statusWords,
  suspenseWords,
  type Texts,
} from './vocabulary';

/** How the reader writes amounts, instants and calendar dates; and the order's currency, for amounts in minor units. */
export interface Teller {
  money: (money: Money) => string;
  at: (instant: string) => string;
  day: (date: string) => string;
  currency: Money['currency'];
}

type Told<Type extends ToldEvent['type']> = Extract<ToldEvent, { type: Type }>;
type Words = { [Type in ToldEvent['type']]: (event: Told<Type>, tell: Teller) => Texts };

const t = (en: string, zh: string): Texts => ({ en, zh });
const both = (make: (language: keyof Texts) => string): Texts => ({ en: make('en'), zh: make('zh') });

/** `: “text”`, where there is one. */
const noted = (text: string | undefined): Texts => (text ? t(`: “${text}”`, `：“${text}”`) : t('', ''));
const listOf = (words: readonly Texts[]): Texts =>
  t(words.map(({ en }) => en).join(', '), words.map(({ zh }) => zh).join('、'));
const modulesOf = (changes: object): Texts =>
  listOf((Object.keys(changes) as ContractModule[]).map((module) => moduleWords[module]));
const bySide = (side: keyof typeof roleWords): Texts =>
  t(`the ${roleWords[side].en.toLowerCase()}`, roleWords[side].zh);
const other = (side: 'supplier' | 'buyer') => (side === 'supplier' ? 'buyer' : 'supplier');
export const stars = (count: number): string => '★'.repeat(count) + '☆'.repeat(5 - count);

/** Amounts in minor units and what they are; parts of nothing are left out. */
const parts = (tell: Teller, amounts: readonly (readonly [amount: number, what: Texts])[]): Texts => {
  const told = amounts.filter(([amount]) => amount > 0);
  const money = (amount: number) => tell.money({ amount, currency: tell.currency });
  return t(
    told.map(([amount, { en }]) => `${money(amount)} ${en}`).join(', '),
    told.map(([amount, { zh }]) => `${zh} ${money(amount)}`).join('，'),
  );
};

const negotiation = {
  orderDrafted: ({ by, source: { kind, page, reference = '' } }) => {
    const words = [sourceWords[kind], ...(page ? [pageWords[page]] : []), t(reference, reference)];
    const from = both((language) =>
      words
        .map((word) => word[language])
        .filter(Boolean)
        .join(' '),
    );
    return t(`Drafted by ${bySide(by).en}, ${from.en}`, `${bySide(by).zh}起草了订单：${from.zh}`);
  },
  contractRevised: ({ revision, by, changes }) =>
    t(
      `Revision ${revision} by ${bySide(by).en}: ${modulesOf(changes).en}; older confirmations are withdrawn`,
      `${bySide(by).zh}修改为第 ${revision} 版：${modulesOf(changes).zh}；旧版的确认失效`,
    ),
  revisionConfirmed: ({ revision, by }) =>
    t(`Revision ${revision} confirmed by ${bySide(by).en}`, `${bySide(by).zh}确认了第 ${revision} 版`),
  revisionDeclined: ({ revision, by, reason }) =>
    t(
      `Revision ${revision} declined by ${bySide(by).en}${noted(reason).en}`,
      `${bySide(by).zh}拒绝了第 ${revision} 版${noted(reason).zh}`,
    ),
  confirmationReminded: ({ by }) =>
    t(`The ${other(by)} is reminded to confirm the contract`, `已提醒${roleWords[other(by)].zh}确认合同`),
  coverOffered: ({ amount, limit }, { money }) =>
    t(
      `The platform would guarantee ${money(amount)} (the supplier’s limit is ${money(limit)})`,
      `平台可保障 ${money(amount)}（供应商额度 ${money(limit)}）`,
    ),
  orderConfirmed: ({ total, advance }, { money }) =>
    t(
      `Confirmed by both: total ${money(total)}, advance ${money(advance)}`,
      `双方已确认：总额 ${money(total)}，预付款 ${money(advance)}`,
    ),
} satisfies Partial<Words>;

const payment = {
  accountAssigned: ({ payTo }) => t(`The buyer pays to account ${payTo}`, `买家付款至账户 ${payTo}`),
  paymentOpened: ({ payBy }, { at }) =>
    t(`The money must have arrived by ${at(payBy)}`, `款项须于 ${at(payBy)} 前到账`),
  paymentReminded: () => t('The buyer is reminded to pay', '已提醒买家付款'),
  paymentLapsed: () =>
    t('The time to pay is over; the supplier may close the order', '付款期限已过，供应商可以关闭订单'),
  paymentApplied: ({ amount, method }, { money }) =>
    t(`${money(amount)} arrived by ${methodWords[method].en}`, `收到 ${money(amount)}（${methodWords[method].zh}）`),
  paymentSuspended: ({ amount, method, reason }, { money }) =>
    t(
      `${money(amount)} arrived by ${methodWords[method].en} and stands in suspense: ${suspenseWords[reason].en}`,
      `收到 ${money(amount)}（${methodWords[method].zh}），挂账待处理：${suspenseWords[reason].zh}`,
    ),
  paymentVoid: ({ amount }, { money }) =>
    t(`${money(amount)} had been taken back before it was heard of`, `${money(amount)} 在获知前已被银行撤回`),
  paymentReversed: ({ reason, fromOrder, fromSuspense, fromFees, fromBuyer, gone = 0 }, tell) => {
    const from = parts(tell, [
      [fromOrder, t('of the order’s money', '订单款项')],
      [fromSuspense, t('out of suspense', '挂账款项')],
      [fromFees, t('of the surcharge', '手续费')],
      [fromBuyer + gone, t('that the buyer had got back already', '买家此前已收到退款')],
    ]);
    return t(
      `The bank took a payment back${noted(reason).en}; ${from.en || 'it is not known here yet'}`,
      `银行撤回一笔款项${noted(reason).zh}；${from.zh || '此款尚未入账'}`,
    );
  },
  chargeRequested: ({ amount, surcharge, method }, { money }) =>
    t(
      `${money(amount)} and a surcharge of ${money(surcharge)} are charged by ${methodWords[method].en}`,
      `正在以${methodWords[method].zh}扣款 ${money(amount)}，另加手续费 ${money(surcharge)}`,
    ),
  chargeCaptured: ({ amount, surcharge, excess }, { money }) =>
    t(
      `${money(amount)} and a surcharge of ${money(surcharge)} were charged${excess.amount > 0 ? `; ${money(excess)} was not needed and goes back` : ''}`,
      `已扣款 ${money(amount)}，手续费 ${money(surcharge)}${excess.amount > 0 ? `；多余的 ${money(excess)} 将退回` : ''}`,
    ),
  chargeDeclined: ({ reason }) =>
    t(`The charge was declined${noted(reasonWords(reason).en).en}`, `扣款被拒绝${noted(reasonWords(reason).zh).zh}`),
  advanceCompleted: () => t('What is due before shipment is in', '发货前应付款项已到账'),
  advanceUndone: () => t('What is due before shipment is no longer complete', '发货前应付款项不再足额'),
  coverReserved: ({ amount, limit }, { money }) =>
    t(
      `${money(amount)} is guaranteed to the buyer (the supplier’s limit is ${money(limit)})`,
      `平台为买家保障 ${money(amount)}（供应商额度 ${money(limit)}）`,
    ),
  coverReleased: ({ amount }, { money }) =>
    t(
      `The guarantee of ${money(amount)} is given back to the supplier’s limit`,
      `保障的 ${money(amount)} 已释放回供应商额度`,
    ),
  supplierPaid: ({ amount }, { money }) =>
    t(`The supplier may collect ${money(amount)}`, `供应商可提取 ${money(amount)}`),
  excessApplied: ({ amount }, { money }) =>
    t(`${money(amount)} that had come beyond the price counts towards it`, `此前多付的 ${money(amount)} 计入订单款项`),
  suspenseDisposed: () =>
    t('Operators have disposed of money in suspense that had come for the order', '运营人员已处理该订单名下的挂账款项'),
  buyerRepaid: ({ amount }, { money }) =>
    t(`${money(amount)} repays what the buyer had got twice`, `${money(amount)} 用于偿还买家重复收到的款项`),
  receivableRepaid: ({ amount }, { money }) =>
    t(`${money(amount)} repays what the supplier owes the platform`, `${money(amount)} 用于偿还供应商欠平台的款项`),
  supplierClawedBack: ({ amount, fee, short }, { money }) =>
    t(
      `${money(amount)} is taken back from the supplier${fee.amount > 0 ? `, its fee of ${money(fee)} with it` : ''}${short.amount > 0 ? `; ${money(short)} was no longer there, and is owed` : ''}`,
      `从供应商扣回 ${money(amount)}${fee.amount > 0 ? `（连同手续费 ${money(fee)}）` : ''}${short.amount > 0 ? `；其中 ${money(short)} 余额不足，记为欠款` : ''}`,
    ),
  moneyHeld: ({ amount }, { money }) =>
    t(`The platform holds ${money(amount)} until the goods are received`, `平台托管 ${money(amount)}，至买家收货`),
  holdUndone: ({ amount }, { money }) =>
    t(`The platform no longer holds ${money(amount)}`, `平台不再托管 ${money(amount)}`),
  moneyReleased: ({ amount, fee }, { money }) =>
    t(
      `${money(amount)} is released to the supplier${fee.amount > 0 ? `, less a fee of ${money(fee)}` : ''}`,
      `向供应商放款 ${money(amount)}${fee.amount > 0 ? `，扣手续费 ${money(fee)}` : ''}`,
    ),
  refundDue: ({ amount, sources, why }, tell) => {
    const from = parts(tell, [
      [sources.order, t('of the order’s money', '订单款项')],
      [sources.hold, t('of what is held', '托管款项')],
      [sources.supplier, t('from the supplier', '供应商余额')],
      [sources.guarantee, t('from the platform’s guarantee', '平台保障')],
      [sources.fee ?? 0, t('of the platform’s fee', '平台手续费')],
      [sources.award ?? 0, t('of what the supplier has repaid', '供应商偿还款项')],
    ]);
    return t(
      `${tell.money(amount)} goes back to the buyer, ${refundWords[why].en}: ${from.en}`,
      `退还买家 ${tell.money(amount)}（${refundWords[why].zh}）：${from.zh}`,
    );
  },
  refundAccountNamed: ({ payee: { name, account } }) =>
    t(`Refunds go to ${name}, account ${maskAccount(account)}`, `退款至 ${name}，账户 ${maskAccount(account)}`),
  refundWithheld: ({ amount }, { money }) =>
    t(
      `A refund of ${money(amount)} is not paid: its payment was taken back`,
      `${money(amount)} 的退款因原付款被撤回而不再支付`,
    ),
  refundPaid: ({ reference }) => t(`The refund is paid out, reference ${reference}`, `退款已支付，凭证号 ${reference}`),
} satisfies Partial<Words>;

const shipment = {
  exportRegistered: ({ exportOrder, declaration, goods, forwarder }) =>
    t(
      `Export service order ${exportOrder}, declaration ${declaration}, ${goods.length === 1 ? '1 line' : `${goods.length} lines`} of goods${forwarder ? `, declared by the forwarder ${forwarder.name}` : ''}`,
      `登记出口服务订单 ${exportOrder}，报关单 ${declaration}，货物 ${goods.length} 项${forwarder ? `，由货代 ${forwarder.name} 报关` : ''}`,
    ),
  exportCancelled: ({ exportOrder }) =>
    t(`Export service order ${exportOrder} cancelled`, `出口服务订单 ${exportOrder} 已取消`),
  exportSetCompleted: () => t('The set of export service orders is complete', '出口服务订单已齐全'),
  declarationReleased: ({ declaration }) =>
    t(`Customs released declaration ${declaration}`, `海关放行报关单 ${declaration}`),
  declarationRevoked: ({ declaration }) =>
    t(`Customs revoked the release of declaration ${declaration}`, `海关撤回报关单 ${declaration} 的放行`),
  declarationHeld: ({ declaration, note }) =>
    t(
      `Customs holds the goods of declaration ${declaration}${noted(note).en}`,
      `海关查验报关单 ${declaration}${noted(note).zh}`,
    ),
  declarationReturned: ({ declaration, note }) =>
    t(
      `Customs returned declaration ${declaration} to be corrected${noted(note).en}`,
      `海关退回报关单 ${declaration} 待更正${noted(note).zh}`,
    ),
  declarationCancelled: ({ declaration, note }) =>
    t(
      `Customs cancelled declaration ${declaration}${noted(note).en}`,
      `海关撤销报关单 ${declaration}${noted(note).zh}`,
    ),
  shipmentRegistered: ({ carrier, tracking }) =>
    t(`Handed to ${carrier}, tracking number ${tracking}`, `已交 ${carrier}，运单号 ${tracking}`),
  carrierTook: ({ shippedAt }, { at }) =>
    t(`The carrier took the goods on ${at(shippedAt)}`, `承运人于 ${at(shippedAt)} 揽收`),
  carrierDelivered: ({ deliveredAt, answerBy }, { at }) =>
    t(
      `The carrier delivered the goods on ${at(deliveredAt)}; the buyer confirms by ${at(answerBy)}`,
      `承运人于 ${at(deliveredAt)} 送达；买家须于 ${at(answerBy)} 前确认`,
    ),
  inspectionRequested: ({ inspector }) => t(`An inspection is asked of ${inspector}`, `已委托 ${inspector} 验货`),
  inspectionReported: ({ passed, report }) =>
    t(
      `The inspected goods ${passed ? 'meet' : 'do not meet'} the agreed standard (${report})`,
      `验货结果：货物${passed ? '符合' : '不符合'}约定标准（${report}）`,
    ),
  goodsShipped: ({ shippingDate, onTime, answerBy }, { day, at }) =>
    t(
      `Shipped on ${day(shippingDate)}, ${onTime ? 'on time' : 'late'}${answerBy === undefined ? '' : `; the buyer answers by ${at(answerBy)}`}`,
      `已于 ${day(shippingDate)} 发货（${onTime ? '准时' : '逾期'}）${answerBy === undefined ? '' : `；买家须于 ${at(answerBy)} 前答复`}`,
    ),
  shippingReopened: () => t('The goods count as not shipped again', '货物重新视为未发货'),
  answerExtended: ({ by, answerBy }, { at }) =>
    t(
      `${capital(bySide(by).en)} extended the time for the answer to ${at(answerBy)}`,
      `${bySide(by).zh}将答复期限延长至 ${at(answerBy)}`,
    ),
  shipmentAccepted: ({ by, comment }) => {
    if (by === 'clock') return t('No answer in time, which counts as yes', '逾期未答复，视为认可');
    if (by === 'complaint')
      return t('With the complaint over, the goods count as accepted', '投诉结束，货物视为已接受');
    return t(`The buyer accepts the goods${noted(comment).en}`, `买家认可货物${noted(comment).zh}`);
  },
  shipmentDisputed: () => t('The buyer finds the goods not shipped as agreed', '买家认为货物未按约定发运'),
} satisfies Partial<Words>;

const disputes = {
  proposalMade: ({ proposal: id, by, proposed }, tell) => {
    const what = contentOf(proposed, tell);
    return t(
      `${capital(bySide(by).en)} proposes to ${what.en} (proposal ${id})`,
      `${bySide(by).zh}提出第 ${id} 号提议：${what.zh}`,
    );
  },
  proposalDeclined: ({ proposal: id, by, reason }) =>
    t(
      `${capital(bySide(by).en)} declined proposal ${id}${noted(reason).en}`,
      `${bySide(by).zh}拒绝了第 ${id} 号提议${noted(reason).zh}`,
    ),
  proposalAccepted: ({ proposal: id, by }) =>
    t(`${capital(bySide(by).en)} accepted proposal ${id}`, `${bySide(by).zh}接受了第 ${id} 号提议`),
  contractAmended: ({ revision, changes, total, advance, payBy }, { money, at }) =>
    t(
      `The contract is amended, revision ${revision}: ${modulesOf(changes).en}; total ${money(total)}, advance ${money(advance)}${payBy === undefined ? '' : `, due by ${at(payBy)}`}`,
      `合同已修改为第 ${revision} 版：${modulesOf(changes).zh}；总额 ${money(total)}，预付款 ${money(advance)}${payBy === undefined ? '' : `，须于 ${at(payBy)} 前到账`}`,
    ),
  complaintOpened: ({ complaint: id, kind, description, claim, answerBy }, { money, at }) =>
    t(
      `Complaint ${id}: ${complaintWords[kind].en}${noted(description).en}${claim ? `, the buyer claims ${money(claim)}` : ''}; the supplier answers by ${at(answerBy)}`,
      `第 ${id} 号投诉：${complaintWords[kind].zh}${noted(description).zh}${claim ? `，索赔 ${money(claim)}` : ''}；供应商须于 ${at(answerBy)} 前答复`,
    ),
  complaintAnswered: ({ answer }) =>
    t(`The supplier answered the complaint${noted(answer).en}`, `供应商答复了投诉${noted(answer).zh}`),
  evidenceAdded: ({ by, title }) =>
    t(`${capital(bySide(by).en)} added evidence: “${title}”`, `${bySide(by).zh}补充了证据：“${title}”`),
  complaintUnanswered: () => t('The supplier has not answered the complaint in time', '供应商未按时答复投诉'),
  complaintEscalated: ({ by }) =>
    by === 'clock'
      ? t('The platform takes the complaint over', '平台介入投诉')
      : t(`${capital(bySide(by).en)} asked the platform to rule`, `${bySide(by).zh}申请平台裁决`),
  complaintClosed: ({ complaint: id, how, award, reason }, { money }) =>
    t(
      `Complaint ${id} ${outcomeWords[how].en}: ${award.amount > 0 ? money(award) : 'nothing'} for the buyer${noted(reason).en}`,
      `第 ${id} 号投诉${outcomeWords[how].zh}：买家获得 ${money(award)}${noted(reason).zh}`,
    ),
  awardUncovered: ({ amount }, { money }) =>
    t(
      `${money(amount)} of the award is not covered by the supplier’s balance or the guarantee: the supplier owes it`,
      `判付中有 ${money(amount)} 超出供应商余额与平台保障，由供应商偿还`,
    ),
  creditAdjusted: ({ refunded, disputed }, { money }) =>
    t(
      `The supplier’s credit follows: ${money(moneyOf(refunded, 'USD'))} of the price has gone back${disputed ? ', and there was a complaint' : ''}`,
      `供应商信用随之调整：货款中 ${money(moneyOf(refunded, 'USD'))} 已退回${disputed ? '，且有投诉' : ''}`,
    ),
  awardWaived: ({ amount }, { money }) =>
    t(
      `${money(amount)} of the award is not owed any more: the buyer has got it back by a reversal`,
      `判付中的 ${money(amount)} 不再拖欠：买家已通过撤回付款收回`,
    ),
  approvalAsked: ({ approval, by, decision }, tell) => {
    const what = decisionOf(decision, tell);
    return t(
      `${by} put forward: ${what.en}; another operator must approve it (approval ${approval})`,
      `${by} 提交：${what.zh}；须由另一名运营人员复核（第 ${approval} 号）`,
    );
  },
  approvalGiven: ({ approval, by }) =>
    t(`${by} approved (approval ${approval})`, `${by} 复核通过（第 ${approval} 号）`),
  approvalRefused: ({ approval, by, reason }) =>
    t(
      `${by} turned it down (approval ${approval})${noted(reason).en}`,
      `${by} 驳回（第 ${approval} 号）${noted(reason).zh}`,
    ),
  complaintWindowClosed: () => t('The time for complaints is over', '投诉期限已过'),
} satisfies Partial<Words>;

const completion = {
  orderCompleted: ({ reviewBy }, { at }) =>
    t(
      `Goods accepted and paid in full; both may review until ${at(reviewBy)}`,
      `货物已认可、款项已付清；双方可于 ${at(reviewBy)} 前评价`,
    ),
  completionReopened: () =>
    t('The price is no longer paid in full; the balance is due again', '款项不再足额，尾款重新待付'),
  reviewGiven: (event) => {
    const { en, zh } = bySide(event.by);
    if (!('stars' in event)) return t(`Review by ${en}`, `${zh}已评价`);
    const text = noted(event.text);
    return t(`Review by ${en} ${stars(event.stars)}${text.en}`, `${zh}已评价 ${stars(event.stars)}${text.zh}`);
  },
  reviewsPublished: () => t('The reviews are published', '评价已公布'),
  creditAccrued: ({ limitBefore, limitAfter }, { money }) =>
    t(
      `The supplier’s credit limit: ${money(limitBefore)} → ${money(limitAfter)}`,
      `供应商信用保障额度：${money(limitBefore)} → ${money(limitAfter)}`,
    ),
  creditBooked: ({ limitAfter }, { money }) =>
    t(
      `Booked on the supplier’s credit; its limit is now ${money(limitAfter)}`,
      `已计入供应商信用；额度现为 ${money(limitAfter)}`,
    ),
  effectFailed: ({ reason }) =>
    t(
      `Something in the background failed and waits for an operator${noted(reason).en}`,
      `后台操作失败，等待运营人员处理${noted(reason).zh}`,
    ),
  effectRetried: () => t('It is tried again', '正在重试'),
  orderClosed: ({ outcome, reason, complainBy }, { at }) =>
    t(
      `The order is ${statusWords[outcome].en.toLowerCase()}${noted(reason).en}${complainBy === undefined ? '' : `; the buyer may complain until ${at(complainBy)}`}`,
      `订单${statusWords[outcome].zh}${noted(reason).zh}${complainBy === undefined ? '' : `；买家可于 ${at(complainBy)} 前投诉`}`,
    ),
  orderEnded: () => t('The order has ended', '订单已结束'),
} satisfies Partial<Words>;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a proposal is about, as the end of a sentence. */
export function contentOf(proposed: Proposal, { money }: Teller): Texts {
  const what = proposalWords[proposed.kind];
  switch (proposed.kind) {
    case 'amendment':
      return both((language) =>
        [what[language], `(${modulesOf(proposed.changes)[language]})`, noted(proposed.reason)[language]]
          .join(' ')
          .trim(),
      );
    case 'cancellation':
      return t(
        `${what.en} with a refund of ${money(proposed.refund)}${noted(proposed.reason).en}`,
        `${what.zh}，退款 ${money(proposed.refund)}${noted(proposed.reason).zh}`,
      );
    case 'settlement':
      return t(
        `${what.en} with a refund of ${money(proposed.refund)}${noted(proposed.comment).en}`,
        `${what.zh}，退款 ${money(proposed.refund)}${noted(proposed.comment).zh}`,
      );
  }
}

/** What an operator has put forward. */
export function decisionOf(decision: PutForward, { money }: Teller): Texts {
  switch (decision.kind) {
    case 'ruling':
      return t(
        `complaint ${decision.complaint} ${outcomeWords[decision.outcome].en} with ${money(decision.award)}${noted(decision.reason).en}`,
        `第 ${decision.complaint} 号投诉${outcomeWords[decision.outcome].zh}，判付 ${money(decision.award)}${noted(decision.reason).zh}`,
      );
    case 'refund':
      return t(
        `a refund of ${money(decision.amount)}${noted(decision.reason).en}`,
        `退款 ${money(decision.amount)}${noted(decision.reason).zh}`,
      );
    case 'refund-account': {
      const { name, account } = decision.payee;
      return t(`refunds to ${name}, account ${account}`, `退款账户：${name}，${account}`);
    }
  }
}

const words: Words = { ...negotiation, ...payment, ...shipment, ...disputes, ...completion };

/** The line of one event. */
export const eventWords = (event: ToldEvent, tell: Teller): Texts =>
  (words[event.type] as (event: ToldEvent, tell: Teller) => Texts)(event, tell);
