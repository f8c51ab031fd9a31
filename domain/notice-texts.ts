/**
 * The one catalogue of notices, in English and Chinese, as ICU messages. `{order}` is the order's number; money and dates come
 * as text; what codes, instants and members are called is in `notice-words.ts`. What a notice is sent for, and to whom, is in `notices.ts`.
 */

import type { Texts } from './vocabulary';
import { wording } from './wording';

const { confirm, pay, delivery } = wording;

export const noticeTexts = {
  // Negotiation
  'contract.drafted': {
    en: '{by} has drafted order {order}. Read the contract, then revise or confirm it.',
    zh: '{by} 已起草订单 {order}。请查看合同，修改或确认。',
  },
  'contract.revised': {
    en: '{by} has revised order {order} (revision {revision}: {modules}). Read it, then revise or confirm it.',
    zh: '{by} 修改了订单 {order}（第 {revision} 版：{modules}）。请查看后修改或确认。',
  },
  'contract.confirm-awaited': {
    en: `${confirm.en}: {by} has confirmed revision {revision} of order {order}. It now awaits your confirmation.`,
    zh: `${confirm.zh}：{by} 已确认订单 {order} 第 {revision} 版，等待您确认。`,
  },
  'contract.declined': {
    en: '{by} has declined revision {revision} of order {order}: {reason}',
    zh: '{by} 拒绝了订单 {order} 第 {revision} 版：{reason}',
  },
  'contract.confirm-reminder': {
    en: 'A reminder: order {order} awaits your confirmation.',
    zh: '提醒：订单 {order} 等待您确认。',
  },
  'cover.short': {
    en: 'Order {order} would be guaranteed up to {amount} only, because the supplier’s available limit is short.',
    zh: '供应商可用额度不足，订单 {order} 的保障金额仅为 {amount}。',
  },
  'order.confirmed': {
    en: 'Both sides have confirmed order {order}: total {total}, advance {advance}.',
    zh: '双方已确认订单 {order}：总额 {total}，预付款 {advance}。',
  },
  // Payment
  'payment.awaited': {
    en: `${pay.en}: Pay {amount} for order {order} to account {account}. The money must have arrived by {by}.`,
    zh: `${pay.zh}：请为订单 {order} 向账户 {account} 支付 {amount}，款项须于 {by} 前到账。`,
  },
  'payment.reminder': {
    en: `${pay.en}: The supplier reminds you to pay {amount} for order {order}.`,
    zh: `${pay.zh}：供应商提醒您支付订单 {order} 的 {amount}。`,
  },
  'payment.lapsed-buyer': {
    en: 'The time to pay for order {order} is over. The supplier may now close it; until then your payment still counts.',
    zh: '订单 {order} 的付款期限已过，供应商有权关闭订单；关闭前到账仍然有效。',
  },
  'payment.lapsed-supplier': {
    en: 'The advance of order {order} has not arrived in time. You may close the order, or go on waiting.',
    zh: '订单 {order} 的预付款未按时到账。您可以关闭订单，也可以继续等待。',
  },
  'payment.received': {
    en: '{amount} has arrived for order {order}; {outstanding} is outstanding.',
    zh: '订单 {order} 收到 {amount}，尚欠 {outstanding}。',
  },
  'payment.suspended': {
    en: '{amount} that came for order {order} could not be applied ({reason}). The platform looks into it.',
    zh: '订单 {order} 收到的 {amount} 无法入账（{reason}），平台正在处理。',
  },
  'payment.complete': {
    en: '{amount} has arrived for order {order}: it is paid in full.',
    zh: '订单 {order} 收到 {amount}，已全额付清。',
  },
  'payment.reversed': {
    en: 'The bank has taken a payment for order {order} back: {reason}. {outstanding} is outstanding.',
    zh: '银行撤回了订单 {order} 的一笔款项：{reason}。尚欠 {outstanding}。',
  },
  'charge.declined': {
    en: 'Your payment for order {order} was declined: {reason}. Pay by another card or method.',
    zh: '订单 {order} 的付款被拒绝：{reason}。请使用其他卡或方式付款。',
  },
  'suspense.opened': {
    en: '{amount} of order {order} stands in suspense ({reason}): allocate it, or return it.',
    zh: '订单 {order} 有 {amount} 挂账待处理（{reason}）：请分配或退回。',
  },
  'money.released': {
    en: '{amount} of order {order} is yours to collect.',
    zh: '订单 {order} 的 {amount} 已可提取。',
  },
  'money.released-less-fee': {
    en: '{amount} of order {order} is yours to collect, after a fee of {fee}.',
    zh: '订单 {order} 的 {amount} 已可提取（已扣手续费 {fee}）。',
  },
  'money.repaid': {
    en: '{amount} of order {order} was taken for what you owe.',
    zh: '订单 {order} 的款项中已扣除 {amount}，用于偿还欠款。',
  },
  'member.debt-repaid': {
    en: '{amount} of the money that came to your balance was taken for what you owe.',
    zh: '进入您余额的款项中已扣除 {amount}，用于偿还欠款。',
  },
  'money.clawed-back': {
    en: '{amount} of order {order} was taken back from your account, because the buyer’s payment was reversed.',
    zh: '因买家款项被撤回，订单 {order} 的 {amount} 已从您的账户扣回。',
  },
  'money.owed': {
    en: 'You owe {amount} of order {order}: the buyer’s payment was reversed, and your balance did not hold it. Nothing can be withdrawn until it is repaid.',
    zh: '订单 {order} 的买家款项被撤回，您的余额不足，尚欠 {amount}。还清前不能提现。',
  },
  'award.uncovered': {
    en: '{amount} of the award on order {order} is not covered by the supplier’s balance or the guarantee. The supplier owes it; it is paid to the buyer once the supplier repays.',
    zh: '订单 {order} 的判付中有 {amount} 超出供应商余额与平台保障，由供应商偿还；偿还后付给买家。',
  },
  'refund.due': {
    en: '{amount} of order {order} goes back to the buyer ({reason}).',
    zh: '订单 {order} 的 {amount} 将退还买家（{reason}）。',
  },
  'refund.account-awaited': {
    en: 'Name the account that the refund of order {order} is to be paid to: the bank has not named the payer’s.',
    zh: '请提供订单 {order} 退款的收款账户：银行未提供付款账户。',
  },
  'refund.account-named': {
    en: 'The refund of order {order} goes to {payee}, account {account}. If you do not know of this, contact the platform at once.',
    zh: '订单 {order} 的退款将付至 {payee}，账户 {account}。如不知情，请立即联系平台。',
  },
  'refund.paid': {
    en: 'The refund of order {order} has been paid (reference {reference}).',
    zh: '订单 {order} 的退款已支付（凭证号 {reference}）。',
  },
  // Shipment
  'shipment.awaited': {
    en: 'The payment due before shipment of order {order} is in. Ship the goods by {by}.',
    zh: '订单 {order} 发货前应付款项已到账，请于 {by} 前发货。',
  },
  'declaration.stopped': {
    en: `${delivery.en}: Customs has stopped declaration {declaration} of order {order} ({word}). {note}`,
    zh: `${delivery.zh}：订单 {order} 的报关单 {declaration} 被海关处理（{word}）。{note}`,
  },
  'shipment.shipped': {
    en: `${delivery.en}: The goods of order {order} were shipped on {date}.`,
    zh: `${delivery.zh}：订单 {order} 的货物已于 {date} 发运。`,
  },
  'shipment.answer-awaited': {
    en: `${delivery.en}: The goods of order {order} were shipped on {date}. Answer by {by} whether they were shipped as agreed.`,
    zh: `${delivery.zh}：订单 {order} 的货物已于 {date} 发运。请于 {by} 前确认是否按约定发货。`,
  },
  'shipment.reopened': {
    en: `${delivery.en}: The goods of order {order} count as not shipped again: customs has taken its release back.`,
    zh: `${delivery.zh}：海关撤回放行，订单 {order} 重新视为未发货。`,
  },
  'receipt.awaited': {
    en: `${delivery.en}: The goods of order {order} were delivered. Confirm the receipt by {by}, or complain.`,
    zh: `${delivery.zh}：订单 {order} 的货物已送达。请于 {by} 前确认收货或投诉。`,
  },
  'answer.extended': {
    en: '{by} has extended the time to answer on order {order} to {until}.',
    zh: '{by} 已将订单 {order} 的确认期限延长至 {until}。',
  },
  'inspection.requested': {
    en: 'The buyer has the goods of order {order} inspected before shipment by {inspector}.',
    zh: '买家委托 {inspector} 对订单 {order} 的货物进行发货前验货。',
  },
  'inspection.reported': {
    en: 'The inspection of order {order}: {result}. Report: {report}',
    zh: '订单 {order} 验货结果：{result}。报告：{report}',
  },
  'goods.accepted': {
    en: 'The goods of order {order} are accepted.',
    zh: '订单 {order} 的货物已被接受。',
  },
  'balance.awaited': {
    en: `${pay.en}: Pay the balance of {amount} for order {order} to account {account}.`,
    zh: `${pay.zh}：请向账户 {account} 支付订单 {order} 的尾款 {amount}。`,
  },
  // Agreements
  'proposal.answer-awaited': {
    en: '{by} proposes for order {order}: {what}. Accept or decline proposal {proposal}.',
    zh: '{by} 就订单 {order} 提出：{what}。请接受或拒绝第 {proposal} 号提议。',
  },
  'proposal.declined': {
    en: 'Proposal {proposal} on order {order} was declined.',
    zh: '订单 {order} 的第 {proposal} 号提议被拒绝。',
  },
  'proposal.accepted': {
    en: 'Proposal {proposal} on order {order} was accepted.',
    zh: '订单 {order} 的第 {proposal} 号提议已被接受。',
  },
  // Complaints
  'complaint.answer-awaited': {
    en: 'The buyer complains of order {order} ({kind}): {description} Answer by {by}.',
    zh: '买家就订单 {order} 投诉（{kind}）：{description} 请于 {by} 前答复。',
  },
  'complaint.answered': {
    en: 'The supplier has answered your complaint on order {order}. Settle it, or escalate it from {from} on.',
    zh: '供应商已答复您对订单 {order} 的投诉。可协商解决，或自 {from} 起申请平台介入。',
  },
  'complaint.unanswered': {
    en: 'The supplier has not answered your complaint on order {order}. You may ask the platform to rule.',
    zh: '供应商未答复您对订单 {order} 的投诉，您可申请平台裁决。',
  },
  'complaint.evidence': {
    en: '{by} has added evidence to the complaint on order {order}: {title}',
    zh: '{by} 为订单 {order} 的投诉补充了证据：{title}',
  },
  'complaint.escalated': {
    en: 'The platform takes over the complaint on order {order}.',
    zh: '平台已介入订单 {order} 的投诉。',
  },
  'complaint.ruling-awaited': {
    en: 'Complaint {complaint} on order {order} awaits a ruling.',
    zh: '订单 {order} 的第 {complaint} 号投诉等待裁决。',
  },
  'complaint.closed': {
    en: 'The complaint on order {order} is over: {how}; {award} for the buyer.',
    zh: '订单 {order} 的投诉已结束：{how}；买家获得 {award}。',
  },
  'approval.awaited': {
    en: '{by} has put a decision on order {order} forward ({what}): a second operator approves it or turns it down.',
    zh: '{by} 就订单 {order} 提交了决定（{what}），需另一名运营人员复核。',
  },
  // Completion
  'review.awaited': {
    en: 'Order {order} is complete. Review the other side by {by}.',
    zh: '订单 {order} 已完成，请于 {by} 前评价对方。',
  },
  'reviews.published': {
    en: 'The reviews of order {order} are published.',
    zh: '订单 {order} 的评价已公布。',
  },
  'credit.accrued': {
    en: 'With order {order} your credit limit went from {before} to {after}.',
    zh: '完成订单 {order} 后，您的信用保障额度由 {before} 变为 {after}。',
  },
  'effect.failed': {
    en: 'An effect of order {order} has failed for good and waits for an operator: {reason}',
    zh: '订单 {order} 的一项后台操作最终失败，等待运营人员处理：{reason}',
  },
  'order.closed': {
    en: 'Order {order} is closed: {outcome}. {reason}',
    zh: '订单 {order} 已关闭：{outcome}。{reason}',
  },
  // Beside orders: applications, members, a supplier's money, suspense
  'enrolment.review-awaited': {
    en: '{supplier} has applied for Trade Assurance. Verify the company by {by}.',
    zh: '{supplier} 已申请开通信用保障，请于 {by} 前核实该公司。',
  },
  'enrolment.documents-awaited': {
    en: 'Your application for Trade Assurance waits for you: {question} Send the documents by {by}, or it lapses.',
    zh: '您的信用保障申请需要补充材料：{question} 请于 {by} 前提交，逾期申请失效。',
  },
  'enrolment.decision-awaited': {
    en: '{supplier} is verified (score {score}): another operator approves or refuses the application by {by}.',
    zh: '{supplier} 已通过核实（评分 {score}），请另一名运营人员于 {by} 前批准或拒绝其申请。',
  },
  'enrolment.overdue': {
    en: 'The application of {supplier} has waited for the platform for too long ({status}).',
    zh: '{supplier} 的申请等待平台处理已逾期（{status}）。',
  },
  'enrolment.approved': {
    en: 'Your application is approved: Trade Assurance is activated, and your orders may be paid.',
    zh: '您的申请已获批准：信用保障已开通，订单可以收款。',
  },
  'enrolment.ended': {
    en: 'Your application for Trade Assurance has ended: {status}. {reason}',
    zh: '您的信用保障申请已结束：{status}。{reason}',
  },
  'member.suspended': {
    en: 'Trade Assurance is suspended for your company: {reason} Open orders go on; new ones are refused.',
    zh: '贵公司的信用保障服务已停用：{reason} 进行中的订单继续，新订单将被拒绝。',
  },
  'member.reinstatement-awaited': {
    en: '{by} proposes to reinstate {supplier}: {reason} Another operator approves it or turns it down.',
    zh: '{by} 提议恢复 {supplier} 的信用保障：{reason} 需另一名运营人员复核。',
  },
  'member.reinstatement-declined': {
    en: '{by} does not want {supplier} reinstated: {reason}',
    zh: '{by} 不同意恢复 {supplier} 的信用保障：{reason}',
  },
  'member.reinstated': {
    en: 'The suspension of Trade Assurance is lifted for your company: {reason}',
    zh: '贵公司的信用保障停用已解除：{reason}',
  },
  'withdrawal.paid': {
    en: 'Withdrawal {withdrawal} is paid: {amount}, after a fee of {fee}, to {payee} ({account}). {by} asked for it.',
    zh: '提现 {withdrawal} 已付款：{amount}（已扣手续费 {fee}），收款人 {payee}（{account}），申请人 {by}。',
  },
  'withdrawal.approval-awaited': {
    en: '{by} asks to withdraw {amount} to {payee} ({account}): a second person of your company approves {withdrawal}.',
    zh: '{by} 申请提现 {amount} 至 {payee}（{account}）：{withdrawal} 须由贵公司另一人复核。',
  },
  'payee.registered': {
    en: '{by} has registered {payee} ({account}) as a payee. It can be used from {from} on, or once a second person confirms it. If you do not know it, remove it now.',
    zh: '{by} 登记了收款账户 {payee}（{account}），自 {from} 起或经另一人确认后可用。如非贵公司账户，请立即移除。',
  },
  'payee.confirmed': {
    en: '{by} has confirmed the payee {payee} ({account}): money can be paid out to it now.',
    zh: '{by} 已确认收款账户 {payee}（{account}），现可提现至该账户。',
  },
  'payee.removed': {
    en: '{by} has removed the payee {payee} ({account}).',
    zh: '{by} 已移除收款账户 {payee}（{account}）。',
  },
  'withdrawal.put-back': {
    en: 'The bank has refused withdrawal {withdrawal} ({reason}): {amount} is back on your account. Check the payee and ask again.',
    zh: '银行拒绝了提现 {withdrawal}（{reason}）：{amount} 已退回您的账户。请核对收款信息后重新申请。',
  },
  'settlement.settled': {
    en: 'Settlement {settlement} is done: {sold} became {bought}.',
    zh: '结汇 {settlement} 已完成：{sold} 兑换为 {bought}。',
  },
  'settlement.put-back': {
    en: 'The bank has refused settlement {settlement} ({reason}): {sold} is back on your account. Ask for a new quote.',
    zh: '银行拒绝了结汇 {settlement}（{reason}）：{sold} 已退回您的账户。请重新询价。',
  },
  'settlement.lapsed': {
    en: 'The quote of settlement {settlement} has expired; {sold} stays where it is. Ask for a new quote.',
    zh: '结汇 {settlement} 的报价已过期，{sold} 未变动。请重新询价。',
  },
  'suspense.unmatched': {
    en: '{amount} came to {account} and stands in suspense as {item} ({reason}): allocate it, or return it.',
    zh: '账户 {account} 收到 {amount}，挂账待处理，编号 {item}（{reason}）：请分配或退回。',
  },
  'suspense.approval-awaited': {
    en: '{by} says what is to become of {amount} in suspense ({item}, {what}): another operator approves it.',
    zh: '{by} 就挂账 {amount} 提出处理方案（{item}，{what}），需另一名运营人员复核。',
  },
} as const satisfies Record<string, Texts>;

export type NoticeKey = keyof typeof noticeTexts;
