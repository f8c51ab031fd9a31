/**
 * What the API answers when it does not do what was asked: problem details (RFC 9457), made from the refusal catalogue and
 * from the few codes that only HTTP knows. The status of each code stands in one table.
 */
import { z } from 'zod';
import { detailIn } from '../../domain/refusal-details';
import type { Language } from '../../domain/vocabulary';
import { isRefusal, refusals, type Refusal, type RefusalCode } from '../../domain/refusal';
import { isOutage, Refused } from '../errors';

/** Codes of HTTP itself: its status, and what to do, in English and in Chinese. */
export const httpProblems = {
  'request.invalid': [
    400,
    'The request does not have the form that this route asks for. See the fields that are named.',
    '请求格式不符合此地址的要求，请查看列出的字段。',
  ],
  'message.invalid': [400, refusals['message.invalid'].text, refusals['message.invalid'].zh],
  'request.malformed': [400, 'The body is no JSON.', '请求正文不是 JSON。'],
  'request.unreadable': [400, 'This is no HTTP request that can be read.', '无法读取的 HTTP 请求。'],
  'request.too-deep': [400, 'The body is nested deeper than any that this API knows.', '请求正文嵌套过深。'],
  'cursor.invalid': [
    400,
    'The cursor is not one of this list. Begin again without it.',
    '游标不属于此列表，请从头开始。',
  ],
  'idempotency.key-invalid': [
    400,
    'The Idempotency-Key is not a message id: letters, digits, : . _ - (at most 120).',
    'Idempotency-Key 不是有效的消息编号：字母、数字和 : . _ -（最多 120 个）。',
  ],
  'identity.missing': [
    401,
    'Say who calls: Authorization: Bearer <token>.',
    '请表明身份：Authorization: Bearer <token>。',
  ],
  'identity.invalid': [401, 'The token is not valid. Get a new one from its issuer.', '令牌无效，请重新获取。'],
  'identity.actor-missing': [
    400,
    'A service names for whom it acts: TA-Actor: supplier:<member>[/<user>], or buyer:….',
    '服务须说明代表谁：TA-Actor: supplier:<member>[/<user>] 或 buyer:…。',
  ],
  'signature.invalid': [
    401,
    'Sign the body as it is sent (Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature), within 5 minutes.',
    '请对正文原样签名（Standard Webhooks：webhook-id、webhook-timestamp、webhook-signature），5 分钟内有效。',
  ],
  'identity.cross-site': [
    403,
    'The request came from another site. Send it from the portal’s own pages.',
    '请求来自其他网站，请从门户页面发送。',
  ],
  'identity.not-allowed': [403, 'The caller’s role may not use this route.', '该角色不能使用此地址。'],
  'route.not-found': [404, 'There is nothing at this address.', '此地址没有内容。'],
  'method.not-allowed': [405, 'This address does not know this method.', '此地址不支持该方法。'],
  'answer.not-acceptable': [406, 'This address answers with other media types.', '此地址以其他媒体类型作答。'],
  'request.timeout': [408, 'The request did not arrive in time.', '请求未按时到达。'],
  'precondition.failed': [
    412,
    'It has changed since the version that If-Match names. Read it again.',
    '自 If-Match 所指版本以来已有更改，请重新读取。',
  ],
  'request.too-large': [413, 'The body is larger than this API takes.', '请求正文超出大小限制。'],
  'media-type.unsupported': [415, 'This route takes application/json.', '此地址只接受 application/json。'],
  'encoding.unsupported': [
    415,
    'Send the body as it is, without Content-Encoding.',
    '请原样发送正文，不要使用 Content-Encoding。',
  ],
  'expectation.failed': [417, 'This API knows no expectations.', '不支持 Expect。'],
  'list.too-broad': [
    422,
    'The list takes too long to find in this order. Narrow it, or sort by what it is narrowed by.',
    '按此顺序查找列表耗时过长。请缩小范围，或按所筛选的字段排序。',
  ],
  'payload.key-missing': [
    422,
    'A payload was sealed with a key that this API does not have (TA_KEYS).',
    '该内容以此 API 没有的密钥加密（TA_KEYS）。',
  ],
  'rate.exceeded': [
    429,
    'Too many requests. Try again after Retry-After seconds.',
    '请求过于频繁，请在 Retry-After 秒后重试。',
  ],
  'request.headers-too-large': [431, 'The headers are larger than this API takes.', '请求头超出大小限制。'],
  'service.failed': [
    500,
    'The request failed on our side. Send it again under the same Idempotency-Key, or report it.',
    '我方处理失败。请用同一 Idempotency-Key 重新发送，或向我们反馈。',
  ],
  'service.unavailable': [
    503,
    'The service did not answer in time. Send it again under the same Idempotency-Key.',
    '服务未按时答复。请用同一 Idempotency-Key 重新发送。',
  ],
  'service.busy': [
    503,
    'The service is busy. Send it again after Retry-After seconds.',
    '服务繁忙，请在 Retry-After 秒后重新发送。',
  ],
} as const satisfies Record<string, readonly [status: number, text: string, zh: string]>;
export type HttpProblemCode = keyof typeof httpProblems;

/** The status of every refusal; 422 for those not named: the message is understood, and the rules do not allow it. */
const refusalStatus: Readonly<Record<number, readonly RefusalCode[]>> = {
  400: ['message.invalid'],
  403: [
    'actor.role-not-allowed',
    'actor.not-a-party',
    'actor.user-unknown',
    'actor.user-not-allowed',
    'actor.not-the-member',
    'feed.source-not-allowed',
  ],
  404: [
    'message.unknown',
    'order.not-found',
    'member.not-found',
    'user.not-found',
    'withdrawal.not-found',
    'fx.not-found',
    'enrolment.not-found',
    'suspense.not-found',
    'inbox.not-found',
    'feed.profile-unknown',
    'feed.source-not-found',
    'webhook.not-found',
  ],
  409: [
    'message.id-reused',
    'inbox.id-reused',
    'inbox.row-not-dead',
    'feed.source-exists',
    'order.exists',
    'order.wrong-state',
    'order.closed',
    'revision.stale',
    'payment.entry-conflict',
    'payment.end-conflict',
    'payment.id-reused',
    'payment.charge-pending',
    'export.duplicate',
    'export.set-complete',
    'export.released',
    'answer.already-extended',
    'review.already-given',
    'shipment.duplicate',
    'inspection.duplicate',
    'proposal.not-open',
    'complaint.open',
    'complaint.answered',
    'refund.account-not-needed',
    'approval.pending',
    'approval.none',
    'suspense.not-open',
    'user.exists',
    'reinstatement.open',
    'erasure.open',
    'member.in-trade',
    'enrolment.wrong-state',
    'enrolment.closed',
    'enrolment.not-needed',
    'fx.quote-expired',
  ],
  410: ['file.erased'],
  413: ['message.too-large'],
  415: ['file.not-taken'],
  500: ['message.failed', 'commit.failed'],
  503: ['order.halted', 'order.without-workflow', 'enrolment.without-workflow'],
};
const statusByCode = new Map(
  Object.entries(refusalStatus).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
);

/** The HTTP status of a refusal. */
export const statusOf = (code: RefusalCode): number => statusByCode.get(code) ?? 422;

/** A field that is wrong: where it stands in the request, and what is wrong with it. */
const fieldProblem = z.strictObject({ in: z.string(), path: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof fieldProblem>;

/** Problem details (RFC 9457) with our own members: code, rule, fields. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    /** Stable code: of the refusal catalogue, or of HTTP itself. */
    code: z.string(),
    /** The rule behind it. */
    rule: z.string().optional(),
    fields: z.array(fieldProblem).optional(),
    /** Of this request, for whoever reports it. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });
export type Problem = z.infer<typeof problem>;

export const problemMediaType = 'application/problem+json';

/** Thrown where a route cannot go on; becomes the problem of its code. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  constructor(
    readonly code: HttpProblemCode,
    readonly detail?: string,
    readonly fields?: readonly FieldProblem[],
  ) {
    super(httpProblems[code][1]);
  }
}

/** Answers with the value, or throws the refusal that it is. @throws Refused @public */
export function orRefused<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Refused(answer);
  return answer;
}

const typeOf = (code: string): string => `urn:trade-assurance:problem:${code}`;

/** The problem of a refusal; its detail names the fields of a body that had the wrong form. */
export function problemOfRefusal({ refused: code, text, rule, detail }: Refusal): Problem {
  const fields = code === 'message.invalid' && detail ? fieldsOf(detail) : [];
  return {
    type: typeOf(code),
    title: text,
    status: statusOf(code),
    ...(detail && { detail }),
    code,
    ...(rule && { rule }),
    ...(fields.length > 0 && { fields }),
  };
}

/** `data.amount: expected int; data: …`, as `problemsOf` writes it. */
const fieldsOf = (detail: string): FieldProblem[] =>
  detail.split('; ').flatMap((line) => {
    const [, path, message] = /^(?:data\.)?([\w.]+): (.+)$/.exec(line) ?? [];
    return path && message ? [{ in: 'body', path: path === 'data' ? '' : path, message }] : [];
  });

export function problemOfHttp(code: HttpProblemCode, detail?: string, fields?: readonly FieldProblem[]): Problem {
  const [status, title] = httpProblems[code];
  return {
    type: typeOf(code),
    title,
    status,
    ...(detail && { detail }),
    code,
    ...(fields && fields.length > 0 && { fields: [...fields] }),
  };
}

/** The problem of whatever was thrown; nothing of a fault of our own is told to the caller. */
export function problemOf(fault: unknown): Problem {
  if (fault instanceof Refused) return problemOfRefusal(fault.refusal);
  if (fault instanceof HttpProblem) return problemOfHttp(fault.code, fault.detail, fault.fields);
  if (isOutage(fault)) return problemOfHttp('service.unavailable');
  const status = (fault as { statusCode?: unknown } | undefined)?.statusCode;
  const code = typeof status === 'number' ? codeByStatus.get(status) : undefined;
  if (code === undefined) return problemOfHttp('service.failed');
  const isMalformed = code === 'request.invalid';
  return isMalformed ? problemOfHttp('request.malformed', (fault as Error).message) : problemOfHttp(code);
}

/** The problem as this reader reads it: title, detail and fields; the code is the same in every language. */
export function inLanguage(told: Problem, language: Language): Problem {
  if (language === 'en') return told;
  const { code, title, detail, fields } = told;
  const known = Object.hasOwn(refusals, code) ? refusals[code as RefusalCode].zh : undefined;
  const ofHttp = Object.hasOwn(httpProblems, code) ? httpProblems[code as HttpProblemCode][2] : undefined;
  return {
    ...told,
    title: known ?? ofHttp ?? title,
    ...(detail !== undefined && { detail: detailIn(language, detail) }),
    ...(fields && { fields: fields.map((field) => ({ ...field, message: detailIn(language, field.message) })) }),
  };
}

/** What fastify and its plugins throw, by status. */
const codeByStatus = new Map<number, HttpProblemCode>([
  [400, 'request.invalid'],
  [404, 'route.not-found'],
  [405, 'method.not-allowed'],
  [406, 'answer.not-acceptable'],
  [408, 'request.timeout'],
  [413, 'request.too-large'],
  [415, 'media-type.unsupported'],
  [417, 'expectation.failed'],
  [429, 'rate.exceeded'],
  [503, 'service.busy'],
]);

/** Every code that the API may answer with, and its status. @public */
export const problemCodes: readonly (readonly [code: string, status: number, text: string])[] = [
  ...Object.entries(httpProblems).map(([code, [status, text]]) => [code, status, text] as const),
  ...Object.entries(refusals).map(([code, { text }]) => [code, statusOf(code as RefusalCode), text] as const),
];
