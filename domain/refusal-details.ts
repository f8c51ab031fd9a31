/**
 * The details of refusals in Chinese: each by its English words, as translations are kept in gettext. What a detail holds
 * besides words (ids, amounts, dates) stands in braces. `test/unit/refusal-details.test.ts` finds what is missing here.
 */
import { fieldName } from './field-names';
import {
  enrolmentWords,
  methodWords,
  roleWords,
  statusWords,
  suspenseStateWords,
  type Language,
  type Texts,
} from './vocabulary';

const details: readonly (readonly [en: string, zh: string])[] = [
  // Who sends
  ['{who} is not the {role} of the draft', '{who} 不是草稿中的{role}'],
  ['{who} is not the {role} of {order}', '{who} 不是订单 {order} 的{role}'],
  ['platform only', '仅限平台'],
  ['a verifier sends an order nothing', '核实方不能向订单发送消息'],
  ['credits are the bank’s; you are {role}', '入账由银行报告；发送方是{role}'],
  ['suspense is the platform’s; you are {role}', '挂账由平台处理；发送方是{role}'],
  ['{name} is for {roles}; the sender is {role}', '{name} 仅限{roles}；发送方是{role}'],
  ['this is for {roles}; the sender is {role}', '仅限{roles}；发送方是{role}'],
  ['{role} is the order itself', '{role}是订单自身'],
  ['the caller is {role}', '调用方是{role}'],
  ['sign in with a token', '请使用令牌登录'],
  ['the portal is for suppliers, buyers and the platform', '门户仅供供应商、买家和平台使用'],
  ['this is not for a feed of the {role}', '{role}的数据源不能使用'],
  ['the feed is of {role}, not of {other}', '该数据源属于{role}，不属于 {other}'],
  ['supplier {id}', '供应商 {id}'],
  ['buyer {id}', '买家 {id}'],
  ['{who} has account {account}', '{who} 的账号类型是 {account}'],
  ['{who} is registered in {country} ({list})', '{who} 注册于 {country}（{list}）'],
  ['{who} is registered in {country}', '{who} 注册于 {country}'],
  ['destination {country} ({list})', '目的地 {country}（{list}）'],
  ['{n}; the newest is {newest}', '{n}；最新为 {newest}'],
  ['the supplier owes {amount}', '供应商尚欠 {amount}'],
  ['order {order} was changed {n} times meanwhile', '订单 {order} 同时被更改 {n} 次'],
  ['data: a text may not begin with personal:', 'data：文本不能以 personal: 开头'],
  ['body: a text may not begin with personal:', 'body：文本不能以 personal: 开头'],
  ['{n} active now', '当前在用 {n} 名'],
  ['{id}: until {at}, or until a second person confirms it', '{id}：至 {at}，或经第二人确认为止'],
  // The contract
  ['{percent} % complete; missing: {fields}', '完整率 {percent} %，缺少：{fields}'],
  ['revision {n} was named; the newest is {newest}', '所指为第 {n} 版，最新为第 {newest} 版'],
  ['the {role} has not confirmed it', '{role}尚未确认'],
  ['prices must be in {currency}', '价格须以 {currency} 计'],
  ['the total is beyond what can be counted', '总额超出可计算范围'],
  ['the total must be above zero', '总额须大于零'],
  ['the total {total} is above the scheme’s limit of {limit}', '总额 {total} 超出该交易方式的上限 {limit}'],
  ['shipping.method {method} is not offered', '不支持运输方式 {method}'],
  ['the whole price is due before shipment, so it must be 100', '发货前须付全款，因此须为 100'],
  ['{method} is not offered', '不支持{method}'],
  ['the goods must be exported from China', '货物须从中国出口'],
  ['shipping.shipBy {date} has passed', '最晚发货日 {date} 已过'],
  ['buyers start from a page', '买家须从页面开始'],
  ['nobody has confirmed an inquiry', '询盘未经任何一方确认'],
  ['with {way} the buyer confirms at once', '{way} 须由买家立即确认'],
  ['{way} by the {role}', '由{role}发起的 {way}'],
  ['the draft names no supplier', '草稿没有写明供应商'],
  ['name at least one module', '至少修改一个部分'],
  // Where the order stands
  ['the order is {status}', '订单状态：{status}'],
  ['the order is {status}; exports follow the advance (R49)', '订单状态：{status}；预付款到账后才能报关（R49）'],
  ['exports go through OneTouch', '须通过一达通出口'],
  ['exports are the seller’s own', '由卖家自行出口'],
  ['the buyer answers the shipment', '由买家答复发货'],
  ['there is no inspection', '没有验货'],
  ['{n} charges', '扣款 {n} 笔'],
  ['{n} complaints', '投诉 {n} 件'],
  ['{n} export service orders', '出口服务订单 {n} 个'],
  ['{n} files', '文件 {n} 份'],
  ['{n} inspections', '验货 {n} 次'],
  ['{n} lines of goods over all exports', '全部出口货物 {n} 项'],
  ['{n} pieces of evidence of the {role}', '{role}的证据 {n} 份'],
  ['{n} repeated releases of {declaration}', '报关单 {declaration} 重复放行 {n} 次'],
  ['{n} reversals', '撤回 {n} 笔'],
  ['{n} bytes; at most {most}', '{n} 字节；最多 {most}'],
  ['last at {at}', '上次：{at}'],
  ['from {at} on', '自 {at} 起'],
  ['until {at}', '截至 {at}'],
  ['until {at} the two may settle it', '{at} 之前由双方协商'],
  // Money
  ['booked before as {amount}', '此前入账 {amount}'],
  ['booked for {order}', '已入账到 {order}'],
  ['outstanding is {amount}', '尚欠 {amount}'],
  ['the surcharge for {amount} is {surcharge}', '{amount} 的手续费为 {surcharge}'],
  ['{method}: at most {amount}', '{method}：最多 {amount}'],
  ['at most {most}', '最多 {most}'],
  ['{n} minor units are missing', '缺少 {n}（最小货币单位）'],
  ['{order}: {amount} may be collected, not {asked}', '订单 {order} 可提取 {amount}，不能提取 {asked}'],
  ['{there} are there, {asked} were asked for', '余额 {there}，申请 {asked}'],
  ['{amount}, of which the fee is {fee}', '{amount}，其中手续费 {fee}'],
  ['{currency} by the {channel} channel', '{channel} 渠道不能支付 {currency}'],
  ['more than {n}', '超过 {n} 笔'],
  // Complaints, suspense, applications
  ['complaint {n} is open', '第 {n} 号投诉进行中'],
  ['approval {n}', '第 {n} 号复核'],
  ['a rejected complaint has none', '驳回的投诉没有判付金额'],
  ['an upheld complaint has one', '成立的投诉须有判付金额'],
  ['the application is {status}', '申请状态：{status}'],
  ['it is {status}', '当前状态：{status}'],
  ['it is at version {n}', '当前为版本 {n}'],
  [
    '{n} strikes by upheld complaints, on {orders} (policy {policy}).',
    '投诉成立累计 {n} 次：{orders}（规则 {policy}）',
  ],
  ['{n} of at least {least}', '{n}，至少须 {least}'],
  ['verification {id}', '核实 {id}'],
  ['{order} with declaration {declaration}', '{order}，报关单 {declaration}'],
  ['its first bytes are of none of these', '文件内容不是以上任何一种'],
  ['no file was sent', '没有收到文件'],
  ['there is no such file', '没有该文件'],
  ['there is no such item', '没有该项目'],
  ['in {time}', '{time} 后'],
  // Forms, as zod tells what is wrong with them
  ['Invalid email address', '邮箱格式不正确'],
  ['Invalid URL', '链接格式不正确'],
  ['Invalid ISO date', '日期格式不正确（年-月-日）'],
  ['Invalid ISO datetime', '时间格式不正确'],
  ['Invalid input: expected {type}, received undefined', '请填写'],
  ['Invalid input: expected {type}, received {other}', '格式不正确：应为{type}'],
  ['Invalid input: expected {type}', '格式不正确：应为{type}'],
  ['Invalid option: expected one of {values}', '请选择以下之一：{values}'],
  ['Invalid string: must match pattern {pattern}', '格式不正确'],
  ['Invalid string: must start with {text}', '须以 {text} 开头'],
  ['Too small: expected string to have >=1 characters', '请填写'],
  ['Too small: expected string to have >={n} characters', '至少 {n} 个字符'],
  ['Too big: expected string to have <={n} characters', '最多 {n} 个字符'],
  ['Too small: expected array to have >={n} items', '至少 {n} 项'],
  ['Too big: expected array to have <={n} items', '最多 {n} 项'],
  ['Too small: expected {type} to be >={n}', '不能小于 {n}'],
  ['Too small: expected {type} to be >{n}', '须大于 {n}'],
  ['Too big: expected {type} to be <={n}', '不能大于 {n}'],
  ['Too big: expected {type} to be <{n}', '须小于 {n}'],
  ['Unrecognized key: {key}', '无法识别的字段：{key}'],
  ['Unrecognized keys: {key}', '无法识别的字段：{key}'],
  ['Invalid input', '格式不正确'],
  ['a date in China (YYYY-MM-DD), or an instant (ISO 8601)', '须为中国日期（年-月-日）或时刻（ISO 8601）'],
  ['not after `from`', '须晚于 from'],
  [
    'either `from`, an instant, or `order`, with `version` or from its first',
    '须给出 from（时刻），或 order（可加 version）',
  ],
  ['6 to 10 digits', '须为 6 至 10 位数字'],
  ['64 hex digits', '须为 64 位十六进制数字'],
  ['64 hexadecimal digits', '须为 64 位十六进制数字'],
  ['two capital letters (ISO 3166-1)', '须为两个大写字母（ISO 3166-1）'],
  ['letters, digits, - _ . (at most 64)', '只能用字母、数字和 - _ .（最多 64 个）'],
  ['letters, digits, : . _ - (at most 120)', '只能用字母、数字和 : . _ -（最多 120 个）'],
  ['letters, digits and - (at most 40)', '只能用字母、数字和 -（最多 40 个）'],
  ['letters, digits and - (4 to 40)', '须为 4 至 40 个字母、数字或 -'],
  ['4 to 34 letters, digits and -', '须为 4 至 34 个字母、数字或 -'],
  ['is wrong', '不正确'],
  // Such short ones that they fit others, too
  ['{who} is not {other}', '{who} 不是 {other}'],
  ['{who}, of {other}', '{who}（{other}）'],
  ['{id} is {status}', '{id}：{status}'],
];

/** Words that stand in a placeholder of this name. */
const wordsIn: Readonly<Record<string, Readonly<Record<string, Texts>>>> = {
  status: { ...enrolmentWords, ...suspenseStateWords, ...statusWords },
  role: roleWords,
  roles: roleWords,
  method: methodWords,
  type: {
    string: { en: 'string', zh: '文本' },
    number: { en: 'number', zh: '数字' },
    int: { en: 'int', zh: '整数' },
    boolean: { en: 'boolean', zh: '是或否' },
    object: { en: 'object', zh: '对象' },
    array: { en: 'array', zh: '列表' },
  },
};

/** Placeholders of several words; all others are one: an id, a code, a number. */
const manyWords =
  /^(amount|asked|there|fee|surcharge|most|total|limit|fields|roles|values|time|text|pattern|key|orders)$/;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const placeholder = (name: string): string => `(?<${name}>${manyWords.test(name) ? '.+?' : String.raw`\S+?`})`;

const forms = details.map(([en, zh]) => ({
  // What is in braces is found by its name.
  pattern: new RegExp(
    `^${en
      .split(/(\{\w+\})/)
      .map((part) => (/^\{\w+\}$/.test(part) ? placeholder(part.slice(1, -1)) : escaped(part)))
      .join('')}$`,
    's',
  ),
  zh,
}));

function put(name: string, value: string): string {
  if (name === 'orders') return value.replaceAll('order ', '').split(', ').join('、');
  if (name === 'fields') return value.split(', ').map(nameOf).join('、');
  const known = wordsIn[name];
  if (!known) return value;
  return value
    .split(', ')
    .map((word) => (Object.hasOwn(known, word) ? (known[word]?.zh ?? word) : word))
    .join('、');
}

const nameOf = (path: string): string => fieldName(path).zh;

function whole(detail: string): string | undefined {
  for (const { pattern, zh } of forms) {
    const { groups } = pattern.exec(detail) ?? {};
    if (groups) return zh.replaceAll(/\{(\w+)\}/g, (_, name: string) => put(name, groups[name] ?? ''));
    if (pattern.test(detail)) return zh;
  }
  return undefined;
}

/** One of several that stand in a row: `contacts.buyer.email: Invalid email address`. */
function part(detail: string): string {
  const [, path, message] = /^([A-Za-z][\w.]*): (.+)$/s.exec(detail) ?? [];
  if (path === undefined || message === undefined) return whole(detail) ?? detail;
  return `${nameOf(path)}：${whole(message) ?? message}`;
}

/** A detail in the reader's language: as it is in English; in Chinese as far as it holds words that are known. */
export function detailIn(language: Language, detail: string): string {
  if (language === 'en') return detail;
  return whole(detail) ?? detail.split('; ').map(part).join('；');
}
