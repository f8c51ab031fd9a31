/**
 * How the parameters of a notice are shown to people: codes by the scheme's own words, instants in UTC and in China,
 * companies by their names. The stored notice keeps codes, instants and ids; what they are called may change.
 */
import type { Member } from './member';
import { nameOf } from './member-name';
import type { NoticeKey } from './notice-texts';
import type { Notice } from './notices';
import { chinaDateTime, instant } from './time';
import {
  approvalWords,
  complaintWords,
  customsWords,
  disposalWords,
  enrolmentWords,
  inspectionWords,
  moduleWords,
  outcomeWords,
  proposalWords,
  refundWords,
  statusWords,
  suspenseWords,
  type Language,
  type Texts,
} from './vocabulary';

type Shown = Pick<Notice, 'key' | 'params'>;
type Vocabulary = Readonly<Record<string, Texts>>;

/** Parameters that are codes. One that is not among its words is shown as it is: banks have reasons of their own. */
const codes: Partial<Record<NoticeKey, Readonly<Record<string, Vocabulary>>>> = {
  'contract.revised': { modules: moduleWords },
  'payment.suspended': { reason: suspenseWords },
  'suspense.opened': { reason: suspenseWords },
  'refund.due': { reason: refundWords },
  'declaration.stopped': { word: customsWords },
  'inspection.reported': { result: inspectionWords },
  'proposal.answer-awaited': { what: proposalWords },
  'complaint.answer-awaited': { kind: complaintWords },
  'complaint.closed': { how: outcomeWords },
  'approval.awaited': { what: approvalWords },
  'order.closed': { outcome: statusWords },
  'enrolment.overdue': { status: enrolmentWords },
  'enrolment.ended': { status: enrolmentWords },
  'suspense.unmatched': { reason: suspenseWords },
  'suspense.approval-awaited': { what: disposalWords },
};

/** Parameters that are members, by id. */
const members: Partial<Record<NoticeKey, string>> = {
  'contract.drafted': 'by',
  'contract.revised': 'by',
  'contract.confirm-awaited': 'by',
  'contract.declined': 'by',
  'answer.extended': 'by',
  'proposal.answer-awaited': 'by',
  'complaint.evidence': 'by',
  'enrolment.review-awaited': 'supplier',
  'enrolment.decision-awaited': 'supplier',
  'enrolment.overdue': 'supplier',
  'member.reinstatement-awaited': 'supplier',
  'member.reinstatement-declined': 'supplier',
};

/** The members that a notice speaks of, by id. */
export function membersNamedIn({ key, params }: Shown): string[] {
  const id = params[members[key] ?? ''];
  return id === undefined ? [] : [id];
}

/** The notice with the names of companies in place of their ids; the id of one that is not known stays. */
export function withNames<Of extends Shown>(
  notice: Of,
  companies: ReadonlyMap<string, Member>,
  language: Language,
): Of {
  const param = members[notice.key] ?? '';
  const company = companies.get(notice.params[param] ?? '');
  return company ? { ...notice, params: { ...notice.params, [param]: nameOf(company, language) } } : notice;
}

/** The parameters as a person reads them. */
export function shownParams({ key, params }: Shown, language: Language): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, shown(codes[key]?.[name], value, language)]),
  );
}

function shown(vocabulary: Vocabulary | undefined, value: string, language: Language): string {
  if (vocabulary) {
    const words = value.split(', ').map((code) => vocabulary[code]?.[language] ?? code);
    return words.join(language === 'zh' ? '、' : ', ');
  }
  return instant.safeParse(value).success ? inBothZones(value, language) : value;
}

/** `2026-12-10 20:54 UTC (2026-12-11 04:54 in China)`. */
function inBothZones(at: string, language: Language): string {
  const utc = `${at.slice(0, 10)} ${at.slice(11, 16)}`;
  const china = chinaDateTime(at);
  return language === 'zh' ? `北京时间 ${china}（UTC ${utc}）` : `${utc} UTC (${china} in China)`;
}
