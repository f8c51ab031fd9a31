/** The form of each message that a person sends: its fields, and the data that is made of what stands in them. */
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Action } from '../../domain/allowed';
import type { Money } from '../../domain/money';
import { shareOf } from '../../domain/share';
import { complaintWords, fieldWords, methodWords, outcomeWords, type Texts } from '../../domain/vocabulary';
import { words } from '../words';

/** What stands in a form: text as it was typed, amounts as money. */
export type Values = Record<string, string | Money | number | boolean | undefined | Record<string, unknown>[]>;

export type Field = { name: string; label: Texts; help?: Texts; optional?: boolean } & (
  | { kind: 'text' | 'line' }
  | { kind: 'money'; currency: string; start?: Money }
  | { kind: 'choice'; options: { value: string; label: Texts }[]; start?: string }
  | { kind: 'stars' }
  | { kind: 'file' }
  | { kind: 'card' }
  | { kind: 'goods'; start: Record<string, unknown>[] }
);

interface Form {
  fields: (page: OrderPageAnswer, action: Action) => Field[];
  /** The message's data; nothing while the form is not filled in. */
  data: (values: Values, page: OrderPageAnswer, action: Action) => object | undefined;
}

const t = (en: string, zh: string): Texts => ({ en, zh });
const currencyOf = ({ view }: OrderPageAnswer) => view.total?.currency ?? 'USD';
const text = (name: string, label: Texts, optional = false): Field => ({ kind: 'text', name, label, optional });
const line = (name: string, label: Texts, optional = false, help?: Texts): Field => ({
  kind: 'line',
  name,
  label,
  optional,
  ...(help && { help }),
});
const money = (page: OrderPageAnswer, name: string, label: Texts, start?: Money, optional = false): Field => ({
  kind: 'money',
  name,
  label,
  optional,
  currency: currencyOf(page),
  ...(start && { start }),
});

const string = (value: Values[string]): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
/** The named values, once all of them are there; `maybe` are left out when empty. */
function all(values: Values, names: string[], maybe: string[] = []): Record<string, unknown> | undefined {
  const filled = names.map(
    (name) => [name, string(values[name]) ?? (typeof values[name] === 'string' ? undefined : values[name])] as const,
  );
  if (filled.some(([, value]) => value === undefined)) return undefined;
  const extra = maybe.flatMap((name) => {
    const value = string(values[name]) ?? (typeof values[name] === 'string' ? undefined : values[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...filled, ...extra]);
}

/** Without anything to fill in: what the server tried is what is sent. */
const asTried: Form = { fields: () => [], data: (_values, _page, { trials }) => trials[0] as object };
const withReason: Form = {
  fields: () => [text('reason', words.action.reason)],
  data: (values, _page, { trials }) => {
    const reason = string(values.reason);
    return reason === undefined ? undefined : { ...(trials[0] as object), reason };
  },
};
const zero = (page: OrderPageAnswer): Money => ({ amount: 0, currency: currencyOf(page) });
/** The most that can go back. */
const refundable = ({ view }: OrderPageAnswer): Money => ({
  amount: Math.max(0, (view.paid?.amount ?? 0) - view.refunded),
  currency: view.total?.currency ?? 'USD',
});

/** Ids that the sender chooses, and nobody needs to see. */
const newId = (prefix: string): string => `${prefix}-${crypto.randomUUID().slice(0, 12)}`;

type Trial = Record<string, unknown>;
const trialsOf = ({ trials }: Action): Trial[] => trials as Trial[];

const goodsOfContract = ({ view }: OrderPageAnswer): Record<string, unknown>[] =>
  (view.contract.product?.lines ?? []).map(({ hsCode, name, quantity, unit, unitPrice }) => ({
    hsCode,
    name,
    quantity,
    unit,
    value: unitPrice && { ...unitPrice, amount: unitPrice.amount * (quantity ?? 0) },
  }));

/** The surcharge on what is being paid, once there is an amount. */
export function surchargeOf({ method, amount }: Values, { policy }: OrderPageAnswer) {
  const terms = policy.methods.find((one) => one.method === method);
  if (!terms || typeof amount !== 'object' || Array.isArray(amount)) return undefined;
  return { percent: terms.surchargeBasisPoints / 100, surcharge: shareOf(amount, terms.surchargeBasisPoints), amount };
}

/** What of the order is due now. */
function dueNow({ view }: OrderPageAnswer): Money | undefined {
  const { outstanding, advance, paid, advanceIn } = view;
  if (!outstanding || advanceIn || !advance) return outstanding;
  return { ...advance, amount: Math.max(1, Math.min(outstanding.amount, advance.amount - (paid?.amount ?? 0))) };
}

const forms: Partial<Record<Action['name'], Form>> = {
  cancel: withReason,
  decline: withReason,
  disapprove: withReason,
  declineProposal: {
    fields: () => [text('reason', words.action.reason, true)],
    data: (values, _page, { trials }) => ({ ...(trials[0] as object), ...all(values, [], ['reason']) }),
  },
  pay: {
    fields: (page, action) => [
      {
        kind: 'choice',
        name: 'method',
        label: words.pay.method,
        options: trialsOf(action).map(({ method }) => ({
          value: String(method),
          label: methodWords[method as keyof typeof methodWords],
        })),
        start: String(trialsOf(action)[0]?.method),
      },
      money(page, 'amount', words.action.amount, dueNow(page)),
      { kind: 'card', name: 'token', label: words.card.title },
    ],
    data: (values, page) => {
      const filled = all(values, ['method', 'amount', 'token']);
      const terms = surchargeOf(values, page);
      return filled && terms && { ...filled, payment: values.id, surcharge: terms.surcharge };
    },
  },
  nameRefundAccount: {
    fields: () => [
      line('name', fieldWords.name),
      line('account', t('Account (IBAN or number)', '账户（IBAN 或账号）')),
      line('bank', t('Bank (BIC or name)', '银行（BIC 或名称）'), true),
    ],
    data: (values) => {
      const payee = all(values, ['name', 'account'], ['bank']);
      return payee && { payee };
    },
  },
  registerExport: {
    fields: (page) => [
      line('exportOrder', t('Export service order (OneTouch)', '出口服务订单号（一达通）')),
      line('declaration', t('Declaration number', '报关单号')),
      ...(page.view.contract.shipping?.incoterm === 'EXW'
        ? [line('forwarder', t('Forwarder', '货代')), line('papers', t('OneTouch papers', '一达通单证号'))]
        : []),
      { kind: 'goods', name: 'goods', label: t('Goods as declared', '申报货物'), start: goodsOfContract(page) },
    ],
    data: (values) => {
      const filled = all(values, ['exportOrder', 'declaration', 'goods']);
      const [name, papers] = [string(values.forwarder), string(values.papers)];
      return filled && { ...filled, ...(name && papers && { forwarder: { name, papers } }) };
    },
  },
  cancelExport: {
    fields: (_page, action) => [
      {
        kind: 'choice',
        name: 'exportOrder',
        label: words.delivery.exports,
        options: trialsOf(action).map(({ exportOrder }) => ({
          value: String(exportOrder),
          label: t(String(exportOrder), String(exportOrder)),
        })),
        start: String(trialsOf(action)[0]?.exportOrder),
      },
    ],
    data: (values) => all(values, ['exportOrder']),
  },
  shipGoods: {
    fields: () => [line('carrier', words.delivery.carrier), line('tracking', words.delivery.tracking)],
    data: (values) => {
      const filled = all(values, ['carrier', 'tracking']);
      return filled && { ...filled, shipment: values.id };
    },
  },
  requestInspection: {
    fields: () => [line('inspector', t('Inspector', '验货机构'))],
    data: (values) => {
      const filled = all(values, ['inspector']);
      return filled && { ...filled, inspection: values.id };
    },
  },
  answerShipment: {
    fields: (_page, action) => [
      {
        kind: 'choice',
        name: 'answer',
        label: words.delivery.question,
        options: trialsOf(action).map(({ asAgreed }) => ({
          value: asAgreed ? 'yes' : 'no',
          label: asAgreed ? t('Yes, as agreed', '是，按约定') : t('No: open a complaint', '否，提出投诉'),
        })),
        start: trialsOf(action)[0]?.asAgreed ? 'yes' : 'no',
      },
      text('comment', words.action.comment, true),
    ],
    data: (values) => ({ asAgreed: values.answer === 'yes', ...all(values, [], ['comment']) }),
  },
  proposeCancellation: {
    fields: (page) => [
      text('reason', words.action.reason),
      money(page, 'refund', words.action.refund, refundable(page)),
    ],
    data: (values) => all(values, ['reason', 'refund']),
  },
  proposeSettlement: {
    fields: (page) => [
      money(page, 'refund', words.action.refund, zero(page)),
      text('comment', words.action.comment, true),
    ],
    data: (values) => all(values, ['refund'], ['comment']),
  },
  complain: {
    fields: (page, action) => [
      {
        kind: 'choice',
        name: 'kind',
        label: t('What is wrong', '问题类型'),
        options: trialsOf(action).map(({ kind }) => ({
          value: String(kind),
          label: complaintWords[kind as keyof typeof complaintWords],
        })),
        start: String(trialsOf(action)[0]?.kind),
      },
      text('description', t('Description', '说明')),
      money(page, 'claim', t('Claim (optional)', '索赔金额（可选）'), undefined, true),
    ],
    data: (values) => all(values, ['kind', 'description'], ['claim']),
  },
  answerComplaint: {
    fields: () => [text('answer', t('Answer', '答复'))],
    data: (values) => all(values, ['answer']),
  },
  addEvidence: {
    fields: () => [
      line('title', words.action.title),
      {
        kind: 'file',
        name: 'file',
        label: t('File (PDF, PNG or JPEG, at most 10 MB)', '文件（PDF、PNG 或 JPEG，最大 10 MB）'),
        optional: true,
      },
      line('link', t('… or a link (https)', '……或链接（https）'), true),
    ],
    data: (values) => {
      const title = string(values.title);
      const [link, sha256] = [string(values.file) ?? string(values.link), string(values.sha256)];
      return title && link ? { title, link, ...(string(values.file) && sha256 && { sha256 }) } : undefined;
    },
  },
  withdrawComplaint: {
    fields: () => [text('comment', words.action.comment, true)],
    data: (values) => all(values, [], ['comment']),
  },
  review: {
    fields: () => [
      { kind: 'stars', name: 'stars', label: t('Stars', '星级') },
      text('text', words.action.comment, true),
    ],
    data: (values) => all(values, ['stars'], ['text']),
  },
  rule: {
    fields: (page) => [
      {
        kind: 'choice',
        name: 'outcome',
        label: t('Outcome', '裁决结果'),
        options: (['upheld', 'partly-upheld', 'rejected'] as const).map((value) => ({
          value,
          label: outcomeWords[value],
        })),
        start: 'upheld',
      },
      money(
        page,
        'award',
        t('Award', '判付金额'),
        page.view.complaints.find(({ closed }) => !closed)?.claim ?? zero(page),
      ),
      text('reason', words.action.reason),
    ],
    data: (values) => all(values, ['outcome', 'award', 'reason']),
  },
  orderRefund: {
    fields: (page) => [money(page, 'amount', words.action.amount), text('reason', words.action.reason)],
    data: (values) => all(values, ['amount', 'reason']),
  },
  retryEffect: {
    fields: (page, action) => [
      {
        kind: 'choice',
        name: 'effect',
        label: t('What is tried again', '重试项目'),
        options: trialsOf(action).map(({ effect }) => {
          const known = page.view.effects.find(({ id }) => id === effect);
          const label = `${known?.kind ?? ''} ${String(effect)}`;
          return { value: String(effect), label: t(label, label) };
        }),
        start: String(trialsOf(action)[0]?.effect),
      },
    ],
    data: (values) => all(values, ['effect']),
  },
};

export const formOf = (name: Action['name']): Form => forms[name] ?? asTried;

/** What stands in the form at first. `id` is what the message names something new by. */
export function startOf(name: Action['name'], fields: readonly Field[]): Values {
  const prefix = { pay: 'pay', shipGoods: 'ship', requestInspection: 'insp' }[name as string] ?? 'm';
  const starts = fields.flatMap((field) =>
    'start' in field && field.start !== undefined ? [[field.name, field.start]] : [],
  );
  return { id: newId(prefix), ...(Object.fromEntries(starts) as Values) };
}
