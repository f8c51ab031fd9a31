/**
 * What a policy says, in both languages: each of its numbers with what it means, for whoever reads policies rather than JSON.
 * Every field of every policy's form is told, or named in `notInLines` with the reason.
 */
import type { LimitPolicy } from './credit-policy';
import type { RegionPolicy } from './eligibility';
import type { EnrolmentPolicy } from './enrolment-policy';
import type { LabelPolicy } from './labels';
import type { PointsPolicy } from './points';
import type { RankingPolicy } from './ranking';
import { countries, days, inTurn, listed, notInWords, schemeSubjects, type PolicyTeller } from './scheme-words';
import type { SchemePolicy } from './scheme-policy';
import { schemeWords, type Texts } from './vocabulary';
import type { WithdrawalPolicy } from './withdrawal-policy';

/** Policies by the first part of their ids. */
interface Policies {
  'trade-assurance': SchemePolicy;
  'secure-payment': SchemePolicy;
  'ta-limit': LimitPolicy;
  points: PointsPolicy;
  labels: LabelPolicy;
  ranking: RankingPolicy;
  enrolment: EnrolmentPolicy;
  regions: RegionPolicy;
  withdrawal: WithdrawalPolicy;
}
export type PolicyName = keyof Policies;
export type Policy = Policies[PolicyName];

/** What is said of one subject. */
export interface PolicyLine {
  label: Texts;
  value: Texts;
}

const t = (en: string, zh: string): Texts => ({ en, zh });
const line = (label: Texts, value: Texts): PolicyLine => ({ label, value });
const same = (text: string): Texts => t(text, text);
const percent = (value: number): string => `${String(value)} %`;

/** Fields that no line tells, by the policy's name, and why. */
export const notInLines: Readonly<Record<string, string>> = {
  id: 'the head of the policy',
  effectiveFrom: 'the head of the policy: since when',
  ...notInWords,
  'labels.id': 'a label is known by its text',
  'campaigns.id': 'a campaign is known by its name',
};

export const policyNames: Record<PolicyName, Texts> = {
  ...schemeWords,
  'ta-limit': t('Credit limit', '信保额度'),
  points: t('Points', '积分'),
  labels: t('Labels', '标签'),
  ranking: t('Search ranking', '搜索排名'),
  enrolment: t('Enrolment', '开通申请'),
  regions: t('Countries that are not served', '限制地区'),
  withdrawal: t('Fees of withdrawals', '提现手续费'),
};

export const nameOfPolicy = (id: string): PolicyName => id.slice(0, id.lastIndexOf('/')) as PolicyName;

/** What a policy says, line by line. */
export function linesOfPolicy(policy: Policy, tell: PolicyTeller): PolicyLine[] {
  const name = nameOfPolicy(policy.id);
  return (lines[name] as (policy: Policy, tell: PolicyTeller) => PolicyLine[])(policy, tell);
}

/** A line of a policy beside what the version before it said; what is gone has no value any more. */
export interface ComparedLine {
  label: Texts;
  value?: Texts;
  before?: Texts;
}

/** The lines of a version, each with what the former version said where that is another; then those that are gone. */
export function comparedLines(policy: Policy, former: Policy | undefined, tell: PolicyTeller): ComparedLine[] {
  const now = linesOfPolicy(policy, tell);
  if (!former) return now;
  const then = linesOfPolicy(former, tell);
  const formerly = new Map(then.map(({ label, value }) => [label.en, value]));
  const labels = new Set(now.map(({ label }) => label.en));
  return [
    ...now.map(({ label, value }) => {
      const before = formerly.get(label.en);
      return { label, value, ...(before?.en !== value.en && { before: before ?? same('—') }) };
    }),
    ...then.filter(({ label }) => !labels.has(label.en)).map(({ label, value }) => ({ label, before: value })),
  ];
}

const schemeLines = (policy: SchemePolicy, tell: PolicyTeller): PolicyLine[] =>
  schemeSubjects.map(({ label, say }) => line(label, say(policy, tell)));

const lines: { [Name in PolicyName]: (policy: Policies[Name], tell: PolicyTeller) => PolicyLine[] } = {
  'trade-assurance': schemeLines,
  'secure-payment': schemeLines,
  'ta-limit': limitLines,
  points: pointsLines,
  labels: ({ labels }) => labels.map(({ text, rule }) => line(t(unfilled(text.en), unfilled(text.zh)), ruleText(rule))),
  ranking: rankingLines,
  enrolment: ({ platformDays, supplierDays, reapplyDays, minimumScore }) => [
    line(t('The platform decides within', '平台审核期限'), days(platformDays)),
    line(t('The supplier hands in what it was asked for within', '供应商补充材料期限'), days(supplierDays)),
    line(t('A refused supplier may apply again after', '被拒后可再次申请'), days(reapplyDays)),
    line(t('Least score of the verification', '核实评分下限'), outOf100(minimumScore)),
  ],
  regions: ({ notServed }) => [line(t('Buyers and goods of', '买家及货物目的地'), countries(notServed))],
  withdrawal: ({ fees, payeeWaitingHours, secondPersonAbove }, { money }) => [
    ...(['trade-assurance', 'secure-payment'] as const).flatMap((scheme) =>
      (['USD', 'CNY'] as const).map((channel) => {
        const { en, zh } = schemeWords[scheme];
        const fee = fees[scheme][channel];
        return line(
          t(`${en}, paid out in ${channel}`, `${zh}，以 ${channel} 提现`),
          fee.amount === 0 ? t('free', '免费') : t(`${money(fee)} a withdrawal`, `每次 ${money(fee)}`),
        );
      }),
    ),
    line(
      t('A new payee can be used after', '新收款账户启用等待期'),
      t(
        `${String(payeeWaitingHours)} hours, or when a second person of the company confirms it`,
        `${String(payeeWaitingHours)} 小时，或经公司另一人确认后`,
      ),
    ),
    ...(['USD', 'CNY'] as const).map((channel) =>
      line(
        t(`A second person approves a withdrawal in ${channel} above`, `${channel} 提现须第二人批准的金额`),
        t(money(secondPersonAbove[channel]), money(secondPersonAbove[channel])),
      ),
    ),
  ],
};

// --- the credit limit (R11)

/** The scores that a grade is made from. */
const scoreWords: Record<keyof LimitPolicy['scores']['weightsPercent'], Texts> = {
  onTime: t('shipped on time', '准时发货'),
  undisputed: t('without disputes', '无争议'),
  reviews: t('reviews', '评价'),
  verification: t('verification', '公司核实'),
};
const outOf100 = (points: number): Texts => t(`${String(points)} of 100`, `${String(points)} 分（满分 100）`);
const gradeName = (grade: number): Texts => t(`Grade ${String(grade)}`, `${String(grade)} 级`);

function limitLines(policy: LimitPolicy, { money }: PolicyTeller): PolicyLine[] {
  return [
    line(t('Limit to begin with', '初始额度'), same(money(policy.base))),
    line(t('Rounded down to a multiple of', '向下取整单位'), same(money(policy.floorTo))),
    line(
      t('Most rise in a calendar month', '每月最高升幅'),
      t(
        `${percent(policy.maxMonthlyRisePercent)}, unless the limit to begin with is more`,
        `${percent(policy.maxMonthlyRisePercent)}（初始额度更高时除外）`,
      ),
    ),
    ...volumeLines(policy.volume),
    ...scoreLines(policy.scores),
    ...policy.grades.map(({ fromScore, ratePercent, cap }, grade) =>
      line(
        gradeName(grade),
        t(
          `from score ${String(fromScore)}: ${percent(ratePercent)} of the volume, at most ${money(cap)}`,
          `评分 ${String(fromScore)} 起：交易额的 ${percent(ratePercent)}，不超过 ${money(cap)}`,
        ),
      ),
    ),
    line(
      t('Grades above that of the weakest score', '可高于最弱评分的级数'),
      t(`at most ${String(policy.maxGradeAboveWeakest)}`, `最多 ${String(policy.maxGradeAboveWeakest)} 级`),
    ),
    ...deductionLines(policy.deductions),
    line(t('Strikes that suspend the supplier', '停用信用保障的违规次数'), same(String(policy.strikesToSuspend))),
  ];
}

function volumeLines(volume: LimitPolicy['volume']): PolicyLine[] {
  const { windowDays, halving, maxOrdersPerPairPerMonth, maxBuyerSharePercent } = volume;
  return [
    line(
      t('Orders that count for the volume', '计入交易额的订单'),
      t(`completed in the last ${days(windowDays).en}`, `近 ${days(windowDays).zh}内完成`),
    ),
    line(
      t('What they count for', '计入比例'),
      inTurn(
        halving.map(({ untilDay, divisor }) => {
          const share = divisor === 1 ? t('in full', '全额') : same(`1/${String(divisor)}`);
          return t(`up to ${String(untilDay)} days old ${share.en}`, `${String(untilDay)} 天内 ${share.zh}`);
        }),
      ),
    ),
    line(
      t('Orders of a pair that count in a month', '同一买卖双方每月计入订单数'),
      same(String(maxOrdersPerPairPerMonth)),
    ),
    line(
      t('Most that one buyer makes up', '单一买家占比上限'),
      t(`${percent(maxBuyerSharePercent)} of the volume`, `交易额的 ${percent(maxBuyerSharePercent)}`),
    ),
  ];
}

function scoreLines({ weightsPercent, prior, pointsByStars }: LimitPolicy['scores']): PolicyLine[] {
  const weights = (Object.keys(scoreWords) as (keyof typeof scoreWords)[]).map((score) => {
    const { en, zh } = scoreWords[score];
    return t(`${en} ${percent(weightsPercent[score])}`, `${zh} ${percent(weightsPercent[score])}`);
  });
  return [
    line(t('Weights of the scores', '评分权重'), listed(weights)),
    line(
      t('Where each score starts', '评分起点'),
      t(
        `as if ${String(prior.orders)} orders had scored ${String(prior.mean)}`,
        `视同已有 ${String(prior.orders)} 笔订单得 ${String(prior.mean)} 分`,
      ),
    ),
    line(
      t('What a review is worth', '评价得分'),
      listed(pointsByStars.map((points, i) => same(`${'★'.repeat(i + 1)} ${String(points)}`))),
    ),
  ];
}

function deductionLines({
  lateShipment,
  upheldComplaint,
  unreimbursedPayoutPercent,
}: LimitPolicy['deductions']): PolicyLine[] {
  const off = ({ percent: share, days: time }: { percent: number; days: number }) =>
    t(`${percent(share)} of the limit, for ${days(time).en}`, `额度的 ${percent(share)}，为期 ${days(time).zh}`);
  const upheld = off(upheldComplaint);
  const strikes = String(upheldComplaint.strikes);
  return [
    line(t('A late shipment takes off', '逾期发货扣减'), off(lateShipment)),
    line(
      t('An upheld complaint takes off', '投诉成立扣减'),
      t(`${upheld.en}; strikes: ${strikes}`, `${upheld.zh}；记违规 ${strikes} 次`),
    ),
    line(
      t('A guarantee that is not paid back takes off', '未偿还的保障赔付扣减'),
      t(`${percent(unreimbursedPayoutPercent)} of it`, `其 ${percent(unreimbursedPayoutPercent)}`),
    ),
  ];
}

// --- points, labels, ranking (R36, R38, R39)

function pointsLines({ pointsPerUsd, maxOrdersPerPairPerMonth, campaigns }: PointsPolicy, { day }: PolicyTeller) {
  return [
    line(t('Points for a whole US dollar', '每 1 美元积分'), same(String(pointsPerUsd))),
    line(
      t('Orders of a pair that earn in a month', '同一买卖双方每月可得积分订单数'),
      same(String(maxOrdersPerPairPerMonth)),
    ),
    ...campaigns.map(({ name, from, until, reward }) => {
      const earns =
        'bonus' in reward
          ? t(`${String(reward.bonus)} points more for an order`, `每笔订单加 ${String(reward.bonus)} 分`)
          : t(`${percent(reward.percent)} of the points`, `${percent(reward.percent)} 积分`);
      return line(name, t(`${day(from)} to ${day(until)}: ${earns.en}`, `${day(from)} 至 ${day(until)}：${earns.zh}`));
    }),
  ];
}

/** A label's text before it is a supplier's own. */
const unfilled = (text: string): string => text.replaceAll(/\{\w+\}/g, '…');

type Rule = LabelPolicy['labels'][number]['rule'];

function ruleText(rule: Rule): Texts {
  switch (rule.when) {
    case 'activated':
      return t('Trade Assurance is active', '已开通信用保障');
    case 'grade':
      return t(`credit grade ${String(rule.atLeast)} or above`, `信用等级 ${String(rule.atLeast)} 级及以上`);
    case 'score': {
      const { en, zh } = scoreWords[rule.of];
      return t(`score of “${en}” ${String(rule.atLeast)} or above`, `“${zh}”评分 ${String(rule.atLeast)} 及以上`);
    }
    case 'orders':
      return t(`${String(rule.atLeast)} completed orders or more`, `完成订单 ${String(rule.atLeast)} 笔及以上`);
  }
}

function rankingLines({ byGrade, byVolume }: RankingPolicy, { money }: PolicyTeller): PolicyLine[] {
  const more = (perMille: number) => same(`+ ${percent(perMille / 10)}`);
  return [
    ...byGrade.map((perMille, grade) => line(gradeName(grade), more(perMille))),
    ...byVolume.map(({ from, add }) =>
      line(t(`Volume of ${money(from)} or more`, `交易额 ${money(from)} 及以上`), more(add)),
    ),
  ];
}
