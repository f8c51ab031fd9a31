/** Reads what people type: senders, JSON, dates, names. What is wrong is told with its place and what would be right. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { opaqueId } from '../../domain/member';
import { isInner, messageId, role, type Actor } from '../../domain/messages';
import { addDays, calendarDate, instant, startOfChinaDate } from '../../domain/time';
import type { Person } from '../../domain/users';
import { NoJson, parseJsonText } from '../json-text';
import { wrongUsage } from './faults';
import type { Io } from './io';

/** Roles that send messages from outside. */
export const senderRoles = role.options.filter((name) => !isInner(name));

/** `supplier:sup-ningbo-lighting` */
export const senderIn =
  (option: string) =>
  (text: string): Actor => {
    const [as = '', ...rest] = text.split(':');
    const known = senderRoles.find((name) => name === as);
    if (!known)
      throw wrongUsage(`${option} ${text}: the role is one of ${senderRoles.join(', ')}`, near(as, senderRoles));
    return { role: known, member: checked(opaqueId, rest.join(':'), `${option} ${known}:MEMBER`) };
  };

export const sender = senderIn('--as');

/** `platform:op-1`, or with the member's user `supplier:sup-ningbo-lighting/chen-lihua`: someone of one of these roles. */
export function personOf<As extends Person['role']>(roles: readonly As[]): (text: string) => Person & { role: As } {
  return (text) => {
    const [, name = '', member = '', user] = /^([^:]*):([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
    const role = roles.find((known) => known === name);
    if (!role) throw wrongUsage(`--as ${text}: the role is one of ${roles.join(', ')}`, near(name, roles));
    const as = `--as ${role}:MEMBER`;
    return {
      role,
      member: checked(opaqueId, member, as),
      ...(user !== undefined && { user: checked(opaqueId, user, `${as}/USER`) }),
    };
  };
}

export const memberId = (text: string): string => checked(opaqueId, text, 'the member’s id');
export const orderId = (text: string): string => checked(opaqueId, text, 'the order’s id');
export const chosenMessageId = (text: string): string => checked(messageId, text, '--message-id');

function checked<T>(form: z.ZodType<T>, value: string, what: string): T {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw wrongUsage(`${what} is ${JSON.stringify(value)}: ${parsed.error.issues[0]?.message ?? 'wrong form'}`);
}

/** An instant, or the end of a date in China. */
export function moment(text: string): string {
  if (instant.safeParse(text).success) return new Date(text).toISOString();
  if (!calendarDate.safeParse(text).success)
    throw wrongUsage(`--at ${text}: an instant (2026-04-01T08:00:00Z) or a date in China (2026-04-01)`);
  return new Date(Date.parse(addDays(startOfChinaDate(text), 1)) - 1).toISOString();
}

export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw wrongUsage(`${option} ${text}: a whole number from ${String(least)} to ${String(most)}`);
  };
}

/** JSON from a file; `-` is standard input. */
export async function jsonOfFile(path: string, io: Io): Promise<unknown> {
  return parseJson(path === '-' ? await io.stdin() : contentOf(path), path === '-' ? 'standard input' : path);
}

/** JSON as it stands, from `@FILE`, or from standard input (`-`). */
export async function jsonOf(text: string, io: Io): Promise<unknown> {
  if (text === '-') return jsonOfFile('-', io);
  return text.startsWith('@') ? jsonOfFile(text.slice(1), io) : parseJson(text, '--data');
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    throw wrongUsage(`${path} cannot be read`, (fault as Error).message);
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return parseJsonText(text);
  } catch (fault) {
    if (!(fault instanceof NoJson)) throw fault;
    throw wrongUsage(`${where}, ${fault.place}: it ${fault.message}`, (fault.cause as Error).message);
  }
}

/** `Did you mean confirm?` */
export function near(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.max(2, name.length / 3))
    .sort((a, b) => a.far - b.far);
  return ranked.length > 0
    ? `Did you mean ${ranked
        .slice(0, 3)
        .map(({ name }) => name)
        .join(' or ')}?`
    : undefined;
}

/** Levenshtein's: how many letters to add, leave out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
