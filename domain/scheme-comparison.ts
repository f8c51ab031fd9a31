/**
 * The two schemes side by side (table B of the guide), in words, read off their policies and that of withdrawals. Every
 * field of a policy's form is told in a row, or is named in `notInRows` with the reason.
 */
import withdrawal1 from '../seeds/policies/withdrawal-v1.json';
import { format, isZero } from './money';
import { schemeInForce, schemeName, schemePolicies, type PaymentMethod, type SchemeName } from './scheme';
import type { SchemePolicy } from './scheme-policy';
import { newestInForce } from './time';
import type { WithdrawalPolicy } from './withdrawal-policy';

/** A text in English and Chinese. */
export interface Words {
  en: string;
  zh: string;
}

export interface ComparisonRow {
  /** The rules behind it: `R14, R8`. */
  rules: string;
  label: Words;
  values: Record<SchemeName, string>;
}

export interface SchemeComparison {
  /** The instant that it is told for. */
  at: string;
  names: Record<SchemeName, Words>;
  rows: ComparisonRow[];
}

/** Fields of the policy's form that no row tells, and why. */
export const notInRows: Readonly<Record<string, string>> = {
  kind: 'the same for both: it tells files of policies apart',
  scheme: 'the key of the column',
  'name.en': 'the head of the column',
  'name.zh': 'the head of the column, in Chinese',
};

const withdrawalPolicies = [withdrawal1] as unknown as readonly WithdrawalPolicy[];

/** What is in force at an instant. Throws RangeError when there was no policy of a scheme, or of withdrawals, yet. */
export function compareSchemes(
  at: string,
  policies: readonly SchemePolicy[] = schemePolicies,
  withdrawals: readonly WithdrawalPolicy[] = withdrawalPolicies,
): SchemeComparison {
  const inForce = bySchemes((scheme) => schemeInForce(scheme, at, policies));
  const withdrawal = newestInForce(withdrawals, at);
  if (!withdrawal) throw new RangeError(`no policy of withdrawals is in force at ${at}`);
  return {
    at,
    names: bySchemes((scheme) => inForce[scheme].name),
    rows: subjects.map(([rules, en, zh, say]) => ({
      rules,
      label: { en, zh },
      values: bySchemes((scheme) => say(inForce[scheme], withdrawal)),
    })),
  };
}

const bySchemes = <T>(of: (scheme: SchemeName) => T): Record<SchemeName, T> =>
  Object.fromEntries(schemeName.options.map((scheme) => [scheme, of(scheme)])) as Record<SchemeName, T>;

type Subject = readonly [
  rules: string,
  en: string,
  zh: string,
  say: (policy: SchemePolicy, withdrawal: WithdrawalPolicy) => string,
];

/** The rows in the guide's order. */
const subjects: readonly Subject[] = [
  ['R56', 'policy', '政策版本', (p) => `${p.id}, in force since ${p.effectiveFrom.slice(0, 10)}`],
  [
    'R12',
    'supplier',
    '适用供应商',
    (p) => `China supplier member registered in ${all(p.supplierCountries.map(countryName))}`,
  ],
  ['R13', 'activation', '开通', (p) => (p.needsActivation ? 'the supplier applies and is approved' : 'none needed')],
  ['R8, R14', 'fee on the order', '交易手续费', fees],
  ['R9', 'fee of a withdrawal', '提现手续费', withdrawalFees],
  ['R15', 'amount of an order', '订单金额', amounts],
  ['R16', 'transport', '物流方式', (p) => listed(p.transports)],
  ['R17', 'export', '出口方式', (p) => exportWords[p.export]],
  ['R18, R19', 'the supplier may collect', '卖家收款', (p) => releaseWords[p.release]],
  ['R2', 'guarantee', '保障额度', (p) => (p.guarantee ? 'the platform, within the supplier’s credit limit' : 'none')],
  ['R20, R22', 'the buyer may complain of', '买家投诉范围', (p) => listed(p.complaint.kinds.map(spaced))],
  ['R20, R22', 'an open complaint stops', '投诉期间暂停', (p) => listed(p.complaint.stops) || 'nothing'],
  ['R20', 'periods of a complaint', '投诉时限', complaintPeriods],
  ['R22', 'inspection before shipment', '发货前验货', (p) => (p.inspection ? 'the buyer may ask for it' : 'none')],
  ['R23, R28, R46, R51', 'drafting', '起草订单', waysIn],
  ['R24, R25', 'due before shipment', '发货前付款', (p) => prepayWords[p.prepay]],
  ['R26, R48', 'methods of payment', '付款方式', (p) => p.methods.map(methodText).join('; ')],
  ['R31', 'transfers may fall short by', '银行扣费容差', shortfall],
  ['R27, R30', 'payee account', '收款账户', payee],
  ['R52', 'a draft lapses after', '草稿有效期', (p) => `${days(p.draftDays)} without a revision`],
  ['R29', 'time to pay', '付款期限', (p) => `${days(p.paymentDays)} from the second confirmation`],
  ['R55', 'between two reminders', '提醒间隔', (p) => `${String(p.reminderHours)} hours`],
  ['R18, R34', 'time for the buyer’s answer', '买家确认期限', answerPeriod],
  ['R34', 'each side may extend it by', '可延长', (p) => `${days(p.extensionDays)}, once`],
  ['R35', 'time to review', '评价期限', (p) => days(p.reviewDays)],
  ['R3', 'credit for completed orders', '信用累积', (p) => (p.accruesCredit ? 'for the supplier' : 'none')],
  [
    'R45',
    'countries that are not served',
    '限制地区',
    (p) => (p.servedRegionsOnly ? 'refused, by today’s list' : 'no list'),
  ],
];

// --- words

const exportWords: Record<SchemePolicy['export'], string> = {
  onetouch: 'through OneTouch, with customs declarations',
  own: 'the seller’s own, with a carrier’s tracking number',
};
const releaseWords: Record<SchemePolicy['release'], string> = {
  'at-credit': 'at once, as soon as what is due before shipment is credited',
  'on-receipt': 'once the buyer has confirmed receipt, or its time has run out after a proven delivery',
};
const prepayWords: Record<SchemePolicy['prepay'], string> = {
  advance: 'the contract’s advance',
  full: 'the whole price',
};
const methodWords: Record<PaymentMethod, string> = {
  tt: 'T/T',
  card: 'credit card',
  'e-checking': 'e-checking',
  'western-union': 'Western Union',
  qiwi: 'QIWI',
  maestro: 'Maestro',
  webmoney: 'Webmoney',
  tef: 'TEF',
};

const listed = (words: readonly string[]): string => words.join(', ');
/** `China, Hong Kong and Taiwan` */
const all = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);
const spaced = (word: string): string => word.replaceAll('-', ' ');
const days = (count: number): string => `${String(count)} ${count === 1 ? 'day' : 'days'}`;
/** `2.8 %` */
const percent = (basisPoints: number): string => `${String(basisPoints / 100)} %`;

const countryNames = new Intl.DisplayNames('en', { type: 'region', style: 'short' });
const countryName = (code: string): string => countryNames.of(code) ?? code;

function fees({ feeBasisPoints }: SchemePolicy): string {
  const paid = Object.entries(feeBasisPoints)
    .filter(([, basisPoints]) => basisPoints > 0)
    .map(([side, basisPoints]) => `the ${side} pays ${percent(basisPoints)} of the total`);
  return listed(paid) || 'none, on neither side';
}

/** What banks on the way may keep. */
function shortfall({ bankChargesTolerance, bankChargesBasisPoints }: SchemePolicy): string {
  return `${format(bankChargesTolerance)}, at most ${percent(bankChargesBasisPoints)} of what came by a bank`;
}

/** One fee a withdrawal, however many orders it holds. */
function withdrawalFees({ scheme }: SchemePolicy, { id, effectiveFrom, fees: of }: WithdrawalPolicy): string {
  const by = Object.entries(of[scheme]).map(
    ([channel, fee]) => `${channel} channel ${isZero(fee) ? 'free' : `${format(fee)} a withdrawal`}`,
  );
  return `${by.join('; ')} (${id}, in force since ${effectiveFrom.slice(0, 10)})`;
}

function amounts({ currency, totalAbove, totalAtMost }: SchemePolicy): string {
  const most = totalAtMost ? `, at most ${format(totalAtMost)}` : '';
  return `in ${currency}, above ${format(totalAbove)}${most}`;
}

/** `T/T (by bank)`, `credit card (charged, plus 2.8 %)` */
function methodText({ method, channel, surchargeBasisPoints, cap }: SchemePolicy['methods'][number]): string {
  const terms = [
    channel === 'bank' ? 'by bank' : 'charged',
    surchargeBasisPoints > 0 && `plus ${percent(surchargeBasisPoints)}`,
    cap && `at most ${format(cap)}`,
  ];
  return `${methodWords[method]} (${listed(terms.filter((term) => typeof term === 'string'))})`;
}

function payee({ payee: whose, platformAccount }: SchemePolicy): string {
  const account = platformAccount === undefined ? '' : `: ${platformAccount}`;
  return whose === 'supplier'
    ? `the pair’s virtual account, the supplier’s at OneTouch${account}`
    : `the platform’s own${account}`;
}

/** A time for each transport that the scheme has; one for all where they are equal. */
function answerPeriod({ answerDays, transports, export: how }: SchemePolicy): string {
  const from = how === 'onetouch' ? 'from when the order learns the shipping date' : 'from the proven delivery';
  const times = [...new Set(transports.map((transport) => answerDays[transport]))].map((time) => {
    const by = transports.filter((transport) => answerDays[transport] === time);
    return `by ${listed(by)} ${days(time)}`;
  });
  return `${times.join('; ')}; ${from}`;
}

function complaintPeriods({ complaint }: SchemePolicy): string {
  const { windowDays, answerDays, escalateAfterDays, autoEscalateAfterDays } = complaint;
  return [
    `open within ${days(windowDays)}`,
    `answer within ${days(answerDays)}`,
    `escalate from day ${String(escalateAfterDays + 1)} on`,
    `to the platform by itself on day ${String(autoEscalateAfterDays + 1)}`,
  ].join('; ');
}

function waysIn({ waysIn: { supplier, buyer } }: SchemePolicy): string {
  return `supplier: ${listed(supplier.map(spaced))}; buyer: ${listed(buyer.map(spaced))}`;
}
