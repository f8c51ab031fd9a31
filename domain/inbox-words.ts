/** What became of what a feed has delivered, in both languages: for the desk where operators look after it. */
import type { InboxRow } from './inbox';
import { refusals } from './refusal';
import type { Texts } from './vocabulary';

const t = (en: string, zh: string): Texts => ({ en, zh });

export const rowStateWords: Record<InboxRow['state'], Texts> = {
  pending: t('Under way', '处理中'),
  parked: t('Parked', '等待中'),
  routed: t('Done', '已处理'),
  dead: t('Waits for an operator', '待人工处理'),
  ignored: t('Nothing to do', '无需处理'),
};

export const rowOutcomeWords: Record<NonNullable<InboxRow['outcome']>, Texts> = {
  applied: t('Told to the order', '已通知订单'),
  duplicate: t('Known already', '此前已处理'),
  refused: t('Refused by the order', '订单拒绝'),
  suspense: t('In suspense', '已挂账'),
};

export const factWords: Record<NonNullable<InboxRow['fact']>, Texts> = {
  paymentCredited: t('Payment credited', '款项入账'),
  paymentReversed: t('Payment taken back', '款项撤回'),
  customsReleased: t('Customs released', '海关放行'),
  customsHeld: t('Customs holds', '海关查验'),
  customsReturned: t('Customs returned', '海关退单'),
  customsCancelled: t('Customs cancelled', '海关撤销'),
  customsRevoked: t('Release revoked', '撤回放行'),
  goodsShipped: t('Carrier took the goods', '承运人揽收'),
  goodsDelivered: t('Carrier delivered', '承运人送达'),
  inspectionReported: t('Inspection reported', '验货报告'),
};

/** What a row waits for, by the first part of it. */
const awaited: Readonly<Record<string, (what: string) => Texts>> = {
  declaration: (what) => t(`Until an order registers declaration ${what}`, `等待订单登记报关单 ${what}`),
  tracking: (what) => t(`Until an order is shipped as ${what}`, `等待订单登记运单 ${what}`),
  inspection: (what) => t(`Until an order asks for inspection ${what}`, `等待订单登记验货 ${what}`),
  entry: () => t('Until the bank books the credit that it is about', '等待所涉款项入账'),
  order: (what) => t(`Until order ${what} is ready for it`, `等待订单 ${what} 可处理`),
  time: () => t('Until its time has come', '等待到期'),
};

/** Why a row stands where it stands; nothing where that needs no word. The feed's own words are in `why`. */
export function rowReason({ state, outcome, code, waitsFor, index }: InboxRow): Texts | undefined {
  if (outcome === 'refused' && code !== undefined && code in refusals) {
    const { text, zh } = refusals[code as keyof typeof refusals];
    return t(text, zh);
  }
  if (state === 'parked' && waitsFor !== undefined) {
    const colon = waitsFor.indexOf(':');
    return awaited[colon < 0 ? waitsFor : waitsFor.slice(0, colon)]?.(waitsFor.slice(colon + 1));
  }
  if (state !== 'dead') return undefined;
  return index < 0
    ? t('The file cannot be read. Ask its sender for a right one.', '文件无法读取，请要求发送方重发。')
    : t('Nobody can act on it as it is.', '内容有误，无法处理。');
}
