/**
 * The scheme's own words in both languages, once for everybody who shows them: statuses, milestones, modules and fields of
 * the contract, ways to pay and to ship, complaints. Notices, refusals and events have catalogues of their own.
 */
import type { ContractModule } from './contract';
import type { EnrolmentStatus } from './enrolment';
import type { Proposal, PutForward, RefundWhy } from './events';
import type { Assurance, User } from './member';
import type { Role } from './messages';
import type { Milestone, Order, OrderStatus } from './order';
import type { ComplaintKind, PaymentMethod, SchemeName } from './scheme';
import type { SuspenseItem } from './suspense';

/** What people read, in each language. */
export interface Texts {
  en: string;
  zh: string;
}
export type Language = keyof Texts;

const t = (en: string, zh: string): Texts => ({ en, zh });

export const statusWords: Record<OrderStatus, Texts> = {
  negotiating: t('In negotiation', '沟通中'),
  'awaiting-buyer': t('Awaiting buyer’s confirmation', '待买家确认'),
  'awaiting-supplier': t('Awaiting supplier’s confirmation', '待卖家确认'),
  'awaiting-activation': t('Awaiting activation', '待开通信用保障'),
  'awaiting-payment': t('Awaiting payment', '待买家付款'),
  'awaiting-shipment': t('Awaiting shipment', '待卖家发货'),
  'awaiting-answer': t('Awaiting buyer’s answer', '待买家确认发货'),
  'awaiting-receipt': t('Awaiting receipt', '待买家确认收货'),
  'awaiting-balance': t('Awaiting balance', '待付尾款'),
  'awaiting-reviews': t('Awaiting reviews', '待评价'),
  completed: t('Completed', '已完成'),
  'closed-unpaid': t('Closed unpaid', '未付款关闭'),
  cancelled: t('Cancelled', '已取消'),
  refunded: t('Refunded', '已退款'),
  lapsed: t('Lapsed', '已失效'),
};

/** R28, R46, R51: how an order came in, as the end of a sentence. */
export const sourceWords: Record<Order['source']['kind'], Texts> = {
  scratch: t('from scratch', '自拟订单'),
  'purchase-order': t('from the buyer’s purchase order', '依据买家采购单'),
  inquiry: t('from an inquiry', '来自询盘'),
  'start-order': t('as a Start Order', '买家起草（Start Order）'),
  'buy-now': t('by Buy Now', '买家立即购买'),
};

/** R46. */
export const pageWords: Record<NonNullable<Order['source']['page']>, Texts> = {
  'product-page': t('on a product page', '产品页'),
  minisite: t('on the minisite', '供应商旺铺'),
  quotation: t('on a quotation', '报价页'),
};

/** R50. */
export const milestoneWords: Record<Milestone, Texts> = {
  inflow: t('Order inflow', '订单流入'),
  negotiation: t('Negotiation', '订单沟通'),
  payment: t('Payment', '订单支付'),
  logistics: t('Logistics', '物流进度'),
  completion: t('Completion', '订单完成'),
};

export const moduleWords: Record<ContractModule, Texts> = {
  product: t('Product', '产品'),
  shipping: t('Shipping', '运输'),
  payment: t('Payment', '付款'),
  contacts: t('Contacts', '联系人'),
};

/** Fields of the contract by the last part of their path. */
export const fieldWords = {
  name: t('Name', '名称'),
  product: t('Catalogue item', '目录产品'),
  lines: t('Goods', '货物'),
  hsCode: t('HS code', '海关编码'),
  quantity: t('Quantity', '数量'),
  unit: t('Unit', '单位'),
  unitPrice: t('Unit price', '单价'),
  inspectionStandard: t('Inspection standard', '验货标准'),
  method: t('Transport', '运输方式'),
  incoterm: t('Incoterm', '贸易术语'),
  destination: t('Destination', '目的国家/地区'),
  consignee: t('Consignee', '收货人'),
  shipBy: t('Ship by', '最晚发货日'),
  freight: t('Freight', '运费'),
  advancePercent: t('Advance', '预付款比例'),
  methods: t('Ways to pay', '付款方式'),
  balance: t('Balance due', '尾款支付时间'),
  supplier: t('Supplier', '供应商'),
  buyer: t('Buyer', '买家'),
  email: t('E-mail', '邮箱'),
  phone: t('Phone', '电话'),
  documents: t('Documents', '文件'),
  link: t('Link', '链接'),
  payee: t('Payee', '收款人'),
  account: t('Account', '账户'),
  reason: t('Reason', '理由'),
  amount: t('Amount', '金额'),
  title: t('Title', '标题'),
  text: t('Text', '内容'),
  description: t('Description', '说明'),
  goods: t('Goods', '货物'),
  declaration: t('Declaration', '报关单号'),
  exportOrder: t('Export service order', '出口服务订单号'),
  carrier: t('Carrier', '承运人'),
  tracking: t('Tracking number', '运单号'),
  inspector: t('Inspector', '验货机构'),
  token: t('Card', '银行卡'),
} as const satisfies Record<string, Texts>;

export const balanceWords: Record<'before-shipment' | 'after-shipment', Texts> = {
  'before-shipment': t('Before shipment', '发货前付清'),
  'after-shipment': t('After shipment', '发货后支付'),
};

/** R26. */
export const methodWords: Record<PaymentMethod, Texts> = {
  tt: t('T/T (bank transfer)', 'T/T 电汇'),
  card: t('Credit card', '信用卡'),
  'e-checking': t('e-Checking', '电子支票'),
  'western-union': t('Western Union', '西联汇款'),
  qiwi: t('QIWI', 'QIWI'),
  maestro: t('Maestro', 'Maestro'),
  webmoney: t('WebMoney', 'WebMoney'),
  tef: t('TEF', 'TEF'),
};

/** Why the processor or the bank did not do it, by their codes. */
const reasons: Readonly<Record<string, Texts>> = {
  'insufficient-funds': t('not enough funds', '余额不足'),
  'do-not-honour': t('refused by the card’s bank', '发卡行拒绝'),
  'unknown-token': t('the card is not known', '无法识别该卡'),
  'wrong-method': t('not for this way to pay', '不适用于此付款方式'),
  'account-without-cover': t('the account has no cover', '账户余额不足'),
  'account-closed': t('the account is closed', '账户已关闭'),
  'name-mismatch': t('the name is not that of the account', '户名与账户不符'),
  'card-closed': t('the card is closed', '该卡已注销'),
};
/** A reason in words; one that is not known as it is. */
export const reasonWords = (reason: string): Texts => reasons[reason] ?? { en: reason, zh: reason };

/** Units that goods are traded in; members write them as they like, and what is not here stays as it was written. */
const units: Readonly<Record<string, Texts>> = {
  piece: t('piece', '件'),
  set: t('set', '套'),
  pair: t('pair', '双'),
  slab: t('slab', '块'),
  box: t('box', '盒'),
  carton: t('carton', '箱'),
  bag: t('bag', '袋'),
  roll: t('roll', '卷'),
  dozen: t('dozen', '打'),
  metre: t('metre', '米'),
  'square metre': t('square metre', '平方米'),
  'cubic metre': t('cubic metre', '立方米'),
  kg: t('kg', '千克'),
  kilogram: t('kilogram', '千克'),
  tonne: t('tonne', '吨'),
  litre: t('litre', '升'),
};
/** A unit in words; one that is not known as it is. */
export const unitWords = (unit: string): Texts => units[unit.toLowerCase()] ?? { en: unit, zh: unit };

export const transportWords: Record<'express' | 'air' | 'land' | 'sea' | 'post', Texts> = {
  express: t('Express', '快递'),
  air: t('Air', '空运'),
  land: t('Land', '陆运'),
  sea: t('Sea', '海运'),
  post: t('Post', '邮政'),
};

export const schemeWords: Record<SchemeName, Texts> = {
  'trade-assurance': t('Trade Assurance', '信用保障'),
  'secure-payment': t('Secure Payment', '在线批发'),
};

/** R20, R22. */
export const complaintWords: Record<ComplaintKind, Texts> = {
  'order-refused': t('Order refused', '拒绝订单'),
  'late-shipment': t('Late shipment', '延迟发货'),
  'quality-before-shipment': t('Quality before shipment', '发货前质量问题'),
  'quality-after-shipment': t('Quality after shipment', '发货后质量问题'),
  'colour-or-size': t('Colour or size', '颜色或尺寸不符'),
  'not-as-agreed': t('Not as agreed', '与约定不符'),
  'not-received': t('Not received', '未收到货'),
};

export const outcomeWords: Record<'withdrawn' | 'settled' | 'upheld' | 'partly-upheld' | 'rejected', Texts> = {
  withdrawn: t('withdrawn', '已撤回'),
  settled: t('settled', '已和解'),
  upheld: t('upheld', '投诉成立'),
  'partly-upheld': t('upheld in part', '部分成立'),
  rejected: t('rejected', '投诉不成立'),
};

export const roleWords: Record<Role, Texts> = {
  supplier: t('Supplier', '供应商'),
  buyer: t('Buyer', '买家'),
  platform: t('Platform', '平台'),
  bank: t('Bank', '银行'),
  customs: t('Customs', '海关'),
  carrier: t('Carrier', '承运人'),
  inspector: t('Inspector', '验货机构'),
  processor: t('Card processor', '支付机构'),
  clock: t('Clock', '系统时钟'),
  effect: t('System', '系统'),
};

export const proposalWords: Record<Proposal['kind'], Texts> = {
  amendment: t('amend the contract', '修改合同'),
  cancellation: t('cancel the order', '取消订单'),
  settlement: t('settle the complaint', '和解投诉'),
};

/** What an operator has put forward on an order, for a second one to approve. */
export const approvalWords: Record<PutForward['kind'], Texts> = {
  ruling: t('a ruling', '裁决'),
  refund: t('a refund', '退款'),
  'refund-account': t('the account of a refund', '退款账户'),
};

/** What an operator would do with money in suspense. */
export const disposalWords: Record<NonNullable<SuspenseItem['proposal']>['action']['kind'], Texts> = {
  allocate: t('allocate it to an order', '分配至订单'),
  return: t('return it to the payer', '退回付款人'),
};

export const inspectionWords: Record<'passed' | 'failed', Texts> = {
  passed: t('passed', '合格'),
  failed: t('failed', '不合格'),
};

export const customsWords: Record<NonNullable<Order['exports'][number]['customs']>['word'], Texts> = {
  returned: t('Returned for correction', '退单'),
  held: t('Held for inspection', '查验扣留'),
  released: t('Released', '已放行'),
  cancelled: t('Cancelled', '已撤销'),
  revoked: t('Release revoked', '撤回放行'),
};

export const refundWords: Record<RefundWhy, Texts> = {
  ruling: t('by the platform’s ruling', '平台裁决'),
  settlement: t('by the settlement', '双方和解'),
  cancellation: t('by the cancellation', '订单取消'),
  amendment: t('because the price was lowered', '价格下调'),
  'closed-unpaid': t('because the order was closed unpaid', '订单未付款关闭'),
  'charge-not-needed': t('because the charge was not needed any more', '该笔扣款已不需要'),
  platform: t('by order of the platform', '平台决定'),
};

export const suspenseWords: Record<SuspenseItem['reason'], Texts> = {
  'after-close': t('the order is closed', '订单已关闭'),
  'not-awaited': t('no payment is awaited', '订单不在待付款状态'),
  overpaid: t('it is beyond the price', '超出订单金额'),
  'too-many': t('the order lists no more payments', '订单付款笔数已满'),
  'currency-mismatch': t('it is in another currency', '币种不符'),
  'account-mismatch': t('it was paid to another account', '付至其他账户'),
  'method-cap-exceeded': t('it is more than one payment by this method may be', '超出单笔上限'),
  'buyer.region-not-served': t('the buyer’s country is not served', '不服务该国家/地区'),
  'unknown-reference': t('no order could be told from it', '无法识别所属订单'),
};

export const suspenseStateWords: Record<SuspenseItem['state'], Texts> = {
  open: t('Open', '待处理'),
  proposed: t('Proposed', '待复核'),
  approved: t('Approved', '已复核'),
  allocated: t('Allocated', '已分配'),
  returning: t('Being returned', '退回中'),
  returned: t('Returned', '已退回'),
  reversed: t('Reversed', '已撤回'),
};

export const assuranceWords: Record<Assurance, Texts> = {
  none: t('Not applied', '未申请'),
  applied: t('Applied', '已申请'),
  activated: t('Activated', '已开通'),
  suspended: t('Suspended', '已停用'),
};

export const enrolmentWords: Record<EnrolmentStatus, Texts> = {
  applied: t('Applied', '已申请'),
  'awaiting-documents': t('Awaiting documents', '待补充材料'),
  verified: t('Verified', '已核实'),
  approved: t('Approved', '已批准'),
  refused: t('Refused', '已拒绝'),
  withdrawn: t('Withdrawn', '已撤回'),
  lapsed: t('Lapsed', '已失效'),
};

export const userRoleWords: Record<User['role'], Texts> = {
  owner: t('Owner', '所有者'),
  sales: t('Sales', '销售'),
  logistics: t('Logistics', '物流'),
  finance: t('Finance', '财务'),
  viewer: t('Viewer', '只读'),
};
