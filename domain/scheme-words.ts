/**
 * What a scheme's policy says, in both languages, subject by subject in the guide's order (table B): for the comparison of the
 * two schemes, and for whoever reads the policy. Every field of the policy's form is told, or named in `notInWords`.
 */
import type { Teller } from './event-words';
import type { SchemePolicy } from './scheme-policy';
import {
  complaintWords,
  methodWords,
  roleWords,
  sourceWords,
  transportWords,
  type Language,
  type Texts,
} from './vocabulary';

/** How amounts and dates are written for whoever reads. */
export type PolicyTeller = Pick<Teller, 'money' | 'day'>;

/** Fields of the policy's form that are not in its words, and why. */
export const notInWords: Readonly<Record<string, string>> = {
  kind: 'the same for both: it tells files of policies apart',
  scheme: 'the key of the column',
  'name.en': 'the head of the column',
  'name.zh': 'the head of the column, in Chinese',
};

/** A subject: the rules behind it, what it is called, and what a policy says of it. */
export interface SchemeSubject {
  rules: string;
  label: Texts;
  say: (policy: SchemePolicy, tell: PolicyTeller) => Texts;
}

const t = (en: string, zh: string): Texts => ({ en, zh });
const subject = (rules: string, label: Texts, say: SchemeSubject['say']): SchemeSubject => ({ rules, label, say });

// --- small words, for policies of other kinds, too

export const days = (count: number): Texts =>
  t(`${String(count)} ${count === 1 ? 'day' : 'days'}`, `${String(count)} 天`);
export const none = t('none', '无');
/** `1 %` for 100 basis points. */
export const percentOf = (basisPoints: number): string => `${String(basisPoints / 100)} %`;
export const listed = (words: readonly Texts[]): Texts =>
  t(words.map(({ en }) => en).join(', '), words.map(({ zh }) => zh).join('、'));
export const inTurn = (words: readonly Texts[]): Texts =>
  t(words.map(({ en }) => en).join('; '), words.map(({ zh }) => zh).join('；'));

const countryNames: Record<Language, Intl.DisplayNames> = {
  en: new Intl.DisplayNames('en', { type: 'region', style: 'short' }),
  zh: new Intl.DisplayNames('zh-CN', { type: 'region', style: 'short' }),
};
/** `China, Hong Kong and Taiwan`, by their codes. */
export function countries(codes: readonly string[]): Texts {
  const named = (language: Language) => codes.map((code) => countryNames[language].of(code) ?? code);
  return t(new Intl.ListFormat('en-GB').format(named('en')), named('zh').join('、'));
}

// --- the subjects

export const schemeSubjects: readonly SchemeSubject[] = [
  subject('R12', t('supplier', '适用供应商'), ({ supplierCountries }) => {
    const { en, zh } = countries(supplierCountries);
    return t(`China supplier member registered in ${en}`, `注册地为${zh}的中国供应商会员`);
  }),
  subject('R13', t('activation', '开通'), ({ needsActivation }) =>
    needsActivation
      ? t('the supplier applies and is approved', '供应商申请并经审核开通')
      : t('none needed', '无需开通'),
  ),
  subject('R8, R14', t('fee on the order', '交易手续费'), fees),
  subject('R15', t('amount of an order', '订单金额'), amounts),
  subject('R16', t('transport', '物流方式'), ({ transports }) => listed(transports.map((one) => transportWords[one]))),
  subject('R17', t('export', '出口方式'), (policy) => exportWords[policy.export]),
  subject('R18, R19', t('the supplier may collect', '卖家收款'), ({ release }) => releaseWords[release]),
  subject('R2', t('guarantee', '保障额度'), ({ guarantee }) =>
    guarantee ? t('the platform, within the supplier’s credit limit', '平台在供应商信保额度内保障') : none,
  ),
  subject('R20, R22', t('the buyer may complain of', '买家投诉范围'), ({ complaint }) =>
    listed(complaint.kinds.map((kind) => complaintWords[kind])),
  ),
  subject('R20, R22', t('an open complaint stops', '投诉期间暂停'), ({ complaint: { stops } }) =>
    stops.length > 0 ? listed(stops.map((what) => stopWords[what])) : t('nothing', '不暂停'),
  ),
  subject('R20', t('periods of a complaint', '投诉时限'), complaintPeriods),
  subject('R22', t('inspection before shipment', '发货前验货'), ({ inspection }) =>
    inspection ? t('the buyer may ask for it', '买家可申请') : none,
  ),
  subject('R23, R28, R46, R51', t('drafting', '起草订单'), waysIn),
  subject('R24, R25', t('due before shipment', '发货前付款'), ({ prepay }) => prepayWords[prepay]),
  subject('R26, R48', t('methods of payment (caps: a reading)', '付款方式（限额为平台解释）'), ({ methods }, tell) =>
    inTurn(methods.map((method) => methodText(method, tell))),
  ),
  subject('R31', t('transfers may fall short by (a reading)', '银行扣费容差（平台解释）'), shortfall),
  subject('R27, R30', t('payee account', '收款账户'), payee),
  subject('R52', t('a draft lapses after', '草稿有效期'), ({ draftDays }) => {
    const { en, zh } = days(draftDays);
    return t(`${en} without a revision`, `${zh}未修改即失效`);
  }),
  subject('R29', t('time to pay', '付款期限'), ({ paymentDays }) => {
    const { en, zh } = days(paymentDays);
    return t(`${en} from the second confirmation`, `双方确认后 ${zh}`);
  }),
  subject('R55', t('between two reminders', '提醒间隔'), ({ reminderHours }) =>
    t(`${String(reminderHours)} hours`, `${String(reminderHours)} 小时`),
  ),
  subject('R18, R34', t('time for the buyer’s answer', '买家确认期限'), answerPeriod),
  subject('R34', t('each side may extend it by', '可延长'), ({ extensionDays }) => {
    const { en, zh } = days(extensionDays);
    return t(`${en}, once`, `${zh}，一次`);
  }),
  subject('R35', t('time to review', '评价期限'), ({ reviewDays }) => days(reviewDays)),
  subject('R3', t('credit for completed orders', '信用累积'), ({ accruesCredit }) =>
    accruesCredit ? t('for the supplier', '计入供应商') : none,
  ),
  subject('R45', t('countries that are not served', '限制地区'), ({ servedRegionsOnly }) =>
    servedRegionsOnly ? t('refused, by today’s list', '按当日名单拒绝') : t('no list', '无名单'),
  ),
];

const exportWords: Record<SchemePolicy['export'], Texts> = {
  onetouch: t('through OneTouch, with customs declarations', '经一达通报关出口'),
  own: t('the seller’s own, with a carrier’s tracking number', '卖家自行出口，提供运单号'),
};
const releaseWords: Record<SchemePolicy['release'], Texts> = {
  'at-credit': t('at once, as soon as what is due before shipment is credited', '发货前应付款到账后即可'),
  'on-receipt': t(
    'once the buyer has confirmed receipt, or its time has run out after a proven delivery',
    '买家确认收货后，或证实送达且期限届满后',
  ),
};
const prepayWords: Record<SchemePolicy['prepay'], Texts> = {
  advance: t('the contract’s advance', '合同约定的预付款'),
  full: t('the whole price', '全款'),
};
const stopWords: Record<SchemePolicy['complaint']['stops'][number], Texts> = {
  completion: t('completion', '订单完成'),
  release: t('release', '放款'),
};

function fees({ feeBasisPoints }: SchemePolicy): Texts {
  const paid = (['supplier', 'buyer'] as const)
    .filter((side) => feeBasisPoints[side] > 0)
    .map((side) => {
      const { en, zh } = roleWords[side];
      const share = percentOf(feeBasisPoints[side]);
      return t(`the ${en.toLowerCase()} pays ${share} of the total`, `${zh}付订单总额的 ${share}`);
    });
  return paid.length > 0 ? listed(paid) : t('none, on neither side', '双方均免');
}

/** What banks on the way may keep. */
function shortfall({ bankChargesTolerance, bankChargesBasisPoints }: SchemePolicy, { money }: PolicyTeller): Texts {
  const [most, share] = [money(bankChargesTolerance), percentOf(bankChargesBasisPoints)];
  return t(`${most}, at most ${share} of what came by a bank`, `${most}，且不超过银行到账额的 ${share}`);
}

function amounts({ currency, totalAbove, totalAtMost }: SchemePolicy, { money }: PolicyTeller): Texts {
  const [least, most] = [money(totalAbove), totalAtMost && money(totalAtMost)];
  return t(
    `in ${currency}, above ${least}${most === undefined ? '' : `, at most ${most}`}`,
    `以 ${currency} 计，高于 ${least}${most === undefined ? '' : `，不超过 ${most}`}`,
  );
}

/** `T/T (bank transfer): by bank`, `Credit card: charged, plus 2.8 %` */
function methodText(
  { method, channel, surchargeBasisPoints, cap }: SchemePolicy['methods'][number],
  { money }: PolicyTeller,
): Texts {
  const surcharge = percentOf(surchargeBasisPoints);
  const { en, zh } = listed([
    channel === 'bank' ? t('by bank', '银行入账') : t('charged', '支付机构扣款'),
    ...(surchargeBasisPoints > 0 ? [t(`plus ${surcharge}`, `加收 ${surcharge}`)] : []),
    ...(cap ? [t(`at most ${money(cap)}`, `单笔不超过 ${money(cap)}`)] : []),
  ]);
  return t(`${methodWords[method].en}: ${en}`, `${methodWords[method].zh}：${zh}`);
}

function payee({ payee: whose, platformAccount }: SchemePolicy): Texts {
  const account = platformAccount === undefined ? t('', '') : t(`: ${platformAccount}`, `：${platformAccount}`);
  return whose === 'supplier'
    ? t(
        `the pair’s virtual account, the supplier’s at OneTouch${account.en}`,
        `买卖双方专属虚拟账户（供应商在一达通名下）${account.zh}`,
      )
    : t(`the platform’s own${account.en}`, `平台账户${account.zh}`);
}

/** A time for each transport that the scheme has; one for all where they are equal. */
function answerPeriod({ answerDays, transports, export: how }: SchemePolicy): Texts {
  const times = [...new Set(transports.map((transport) => answerDays[transport]))].map((time) => {
    const by = listed(transports.filter((one) => answerDays[one] === time).map((one) => transportWords[one]));
    return t(`${by.en} ${days(time).en}`, `${by.zh} ${days(time).zh}`);
  });
  const { en, zh } = inTurn(times);
  return how === 'onetouch'
    ? t(`${en}; from when the order learns the shipping date`, `${zh}；自获知发货日起`)
    : t(`${en}; from the proven delivery`, `${zh}；自证实送达起`);
}

function complaintPeriods({ complaint }: SchemePolicy): Texts {
  const [window, answer] = [days(complaint.windowDays), days(complaint.answerDays)];
  const [escalate, auto] = [complaint.escalateAfterDays + 1, complaint.autoEscalateAfterDays + 1].map(String);
  return inTurn([
    t(`open within ${window.en}`, `${window.zh}内可投诉`),
    t(`answer within ${answer.en}`, `${answer.zh}内答复`),
    t(`escalate from day ${escalate ?? ''} on`, `第 ${escalate ?? ''} 天起可申请平台介入`),
    t(`to the platform by itself on day ${auto ?? ''}`, `第 ${auto ?? ''} 天自动转平台`),
  ]);
}

function waysIn({ waysIn: by }: SchemePolicy): Texts {
  return inTurn(
    (['supplier', 'buyer'] as const).map((side) => {
      const { en, zh } = listed(by[side].map((way) => sourceWords[way]));
      return t(`${roleWords[side].en.toLowerCase()}: ${en}`, `${roleWords[side].zh}：${zh}`);
    }),
  );
}
