/**
 * The requests that people send, as the portal's buttons name them, and in Chinese what the message table says of each in
 * English. One entry for each message of a party or of the platform; a test holds it against the table.
 */
import type { messages, MessageName, Role } from './messages';
import type { Texts } from './vocabulary';
import { wording } from './wording';

/** Roles that people have. */
type PeopleRole = Extract<Role, 'supplier' | 'buyer' | 'platform'>;

/** Messages that a person sends by hand. */
export type PeopleMessage = {
  [Name in MessageName]: Extract<(typeof messages)[Name]['from'][number], PeopleRole> extends never ? never : Name;
}[MessageName];

interface Words {
  /** On the button. */
  label: Texts;
  /** What `says` of the table is in Chinese. */
  zh: string;
}
const w = (en: string, zh: string, says: string): Words => ({ label: { en, zh }, zh: says });

export const messageWords: Record<PeopleMessage, Words> = {
  draft: w('Start order', '创建订单', '起草供应商与买家之间的订单；起草方可同时确认'),
  revise: w('Revise contract', '修改合同', '修改合同的若干模块；旧版的确认全部失效'),
  confirm: { label: wording.confirm, zh: '确认合同的某一版本；合同须填写完整' },
  decline: w('Decline revision', '拒绝该版本', '说明理由，拒绝对方已确认的版本；继续沟通'),
  remindConfirmation: w('Remind to confirm', '提醒确认', '提醒对方确认合同'),
  cancel: w('Cancel order', '取消订单', '在任何款项到账前取消订单'),
  remindPayment: w('Remind to pay', '提醒付款', '提醒买家付款'),
  pay: { label: wording.pay, zh: '以信用卡或支付机构的其他方式付款；手续费事先告知' },
  nameRefundAccount: w('Name refund account', '填写退款账户', '银行未提供付款账户或退款被拒时，指定退款账户'),
  closeUnpaid: w('Close unpaid order', '关闭未付款订单', '预付款未在 15 天内到账，供应商单方关闭订单'),
  registerExport: w('Register export', '登记出口', '登记出口服务订单、报关单号及货物'),
  cancelExport: w('Cancel export', '取消出口', '取消尚未放行的出口服务订单'),
  completeExport: w('Mark exports complete', '标记出口齐全', '标记出口服务订单已齐全'),
  shipGoods: w('Hand to carrier', '交给承运人', '将货物交给承运人，运单号用于证明送达'),
  requestInspection: w('Request inspection', '申请验货', '按约定标准在发货前验货'),
  answerShipment: w('Answer shipment', '确认发货', '答复货物是否按约定发运；答“否”即提出投诉'),
  extendAnswer: w('Extend time to answer', '延长答复期限', '将买家答复期限延长 15 天，每方一次'),
  confirmReceipt: w('Confirm receipt', '确认收货', '确认已收到货物；供应商获得货款'),
  proposeAmendment: w('Propose amendment', '提议修改合同', '提议修改已确认的合同；新提议取代旧提议'),
  proposeCancellation: w('Propose cancellation', '提议取消订单', '提议取消已付款的订单，并说明退款'),
  proposeSettlement: w('Propose settlement', '提议和解', '提议和解进行中的投诉，可含退款'),
  acceptProposal: w('Accept proposal', '接受提议', '接受对方的提议'),
  declineProposal: w('Decline proposal', '拒绝提议', '拒绝对方的提议，或撤回自己的提议'),
  complain: w('Complain', '发起投诉', '就订单提出投诉'),
  answerComplaint: w('Answer complaint', '答复投诉', '答复进行中的投诉'),
  addEvidence: w('Add evidence', '补充证据', '为进行中的投诉补充证据：说明及链接'),
  escalate: w('Ask platform to rule', '申请平台裁决', '申请平台裁决进行中的投诉；自第 4 天起'),
  withdrawComplaint: w('Withdraw complaint', '撤回投诉', '撤回投诉'),
  review: w('Review', '评价', '评价对方；双方均评价或期限届满前不公开'),
  supplierActivated: w('Open for payment', '开放付款', '供应商已开通信用保障；已确认的订单可以付款'),
  rule: w('Rule on complaint', '裁决投诉', '裁决已升级的投诉；须由另一名运营人员复核'),
  orderRefund: w('Order refund', '决定退款', '决定从供应商款项中退款；须由另一名运营人员复核'),
  collectAward: w('Pay award', '支付判付余款', '将供应商此后偿还的判付款项付给买家'),
  approve: w('Approve', '复核通过', '复核通过另一名运营人员的提交'),
  disapprove: w('Turn down', '驳回', '驳回运营人员的提交'),
  suspenseAllocated: w('Allocate suspense', '分配挂账', '挂账款项属于此订单；已由两名运营人员认定'),
  retryEffect: w('Try again', '重试', '重试最终失败的后台操作'),
};
