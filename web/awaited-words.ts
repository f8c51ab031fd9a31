/** What an order waits for and from whom, in both languages: the view's `awaits` says the same to operators in English. */
import type { OrderStatus } from '../domain/order';
import type { Texts } from '../domain/vocabulary';
import type { OrderView } from '../domain/view';

const t = (en: string, zh: string): Texts => ({ en, zh });

const byStatus: Record<OrderStatus, Texts> = {
  negotiating: t('Supplier and buyer complete and confirm the contract.', '双方补全并确认合同。'),
  'awaiting-buyer': t('The buyer confirms the contract.', '等待买家确认合同。'),
  'awaiting-supplier': t('The supplier confirms the contract.', '等待供应商确认合同。'),
  'awaiting-activation': t(
    'The platform activates Trade Assurance for the supplier.',
    '等待平台为供应商开通信用保障。',
  ),
  'awaiting-payment': t('The buyer pays the advance.', '等待买家支付预付款。'),
  'awaiting-shipment': t('The supplier declares and ships the goods.', '等待供应商报关发货。'),
  'awaiting-answer': t(
    'The buyer answers whether the goods were shipped as agreed.',
    '等待买家确认货物是否按约定发运。',
  ),
  'awaiting-receipt': t('The buyer confirms that the goods were received.', '等待买家确认收货。'),
  'awaiting-balance': t('The buyer pays the balance.', '等待买家支付尾款。'),
  'awaiting-reviews': t('Supplier and buyer review each other.', '等待双方评价。'),
  completed: t('The order is complete.', '订单已完成。'),
  'closed-unpaid': t('The order was closed, because the advance did not arrive.', '预付款未到账，订单已关闭。'),
  cancelled: t('The order was cancelled.', '订单已取消。'),
  refunded: t('The order was refunded in full.', '订单已全额退款。'),
  lapsed: t('The draft lapsed: nobody brought it to full confirmation.', '订单未在期限内确认，已失效。'),
};

const complained = t('A complaint is open.', '有投诉进行中。');
const wholePrice = t('The buyer pays the whole price.', '等待买家支付全款。');
const handOver = t('The supplier hands the goods to a carrier.', '等待供应商将货物交给承运人。');
const release = t('Customs releases every declaration.', '等待海关放行全部报关单。');
const charging = t('The processor answers the charge.', '等待支付机构答复扣款。');

function ofRoad(view: OrderView): Texts {
  if (view.charges.some(({ state }) => state === 'pending')) return charging;
  const isSecure = view.scheme === 'secure-payment';
  if (view.status === 'awaiting-payment' && isSecure) return wholePrice;
  if (view.status === 'awaiting-shipment' && isSecure) return handOver;
  if (view.status === 'awaiting-shipment' && view.exportSetComplete) return release;
  return byStatus[view.status];
}

export function awaitedWords(view: OrderView): Texts {
  const road = ofRoad(view);
  if (!view.complaints.some(({ closed }) => !closed)) return road;
  return t(`${road.en} ${complained.en}`, `${road.zh}${complained.zh}`);
}
