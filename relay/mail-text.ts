/** A notice as a mail: subject, text and HTML in the language of whoever is written to. The texts are the catalogue's. */
import { createHash } from 'node:crypto';
import { textOf } from '../clients/notices';
import type { Mail } from '../domain/mails';
import type { Language } from '../domain/vocabulary';
import type { OutgoingMail } from '../partners/mail';

interface Frame {
  brand: string;
  greeting: (name: string) => string;
  order: string;
  foot: string;
}

const frames: Readonly<Record<Language, Frame>> = {
  en: {
    brand: 'Trade Assurance',
    greeting: (name) => `Dear ${name},`,
    order: 'Order',
    foot: 'This mail was sent by a machine because you act for a company that this is about. Please do not answer it.',
  },
  zh: {
    brand: '信用保障',
    greeting: (name) => `${name}，您好：`,
    order: '订单',
    foot: '您是相关公司的联系人，因此收到这封由系统自动发送的邮件，请勿回复。',
  },
};

/** The mail of a notice; `from` may have a name before the address. */
export function mailOf({ id, order, subject = '', to, language, key, params }: Mail, from: string): OutgoingMail {
  const text = textOf({ key, params }, language);
  const { brand, greeting, order: orderWord, foot } = frames[language];
  const about = order === undefined ? brand : `${orderWord}: ${order}`;
  const host = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    to: { name: to.name, address: to.email },
    subject: oneLine(`${brand} · ${firstSentence(text, language)}`),
    text: `${greeting(to.name)}\n\n${text}\n\n${about}\n\n--\n${brand}\n${foot}\n`,
    html: html(language, [greeting(to.name), text], about, [brand, foot]),
    messageId: `<${hashOf(id)}@${host}>`,
    references: `<${hashOf(order ?? subject)}@${host}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
  };
}

const html = (
  language: Language,
  said: readonly string[],
  about: string,
  foot: readonly string[],
): string => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#222;background:#fff">
<div style="max-width:36em;margin:0 auto">
${said.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
<p style="padding:12px 16px;background:#f4f4f4">${escaped(about)}</p>
<p style="color:#666;font-size:13px">${foot.map(escaped).join('<br>')}</p>
</div>
</body>
</html>
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What members wrote is text, whatever it looks like. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** `Ltd.` in a company’s name ends no sentence: hence by Unicode’s rules. */
const firstSentence = (text: string, language: Language): string =>
  [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)][0]?.segment.trim() ?? text;

const mostSubject = 150;
const oneLine = (text: string): string => {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > mostSubject ? `${line.slice(0, mostSubject - 1)}…` : line;
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
