/** Reads a message that came over the wire: unknown fields and wrong forms are refused with the place and what to do. */
import { z } from 'zod';
import { envelope, isInner, messages, sendersOf, type Message, type MessageName } from './messages';
import { isRefusal, refuse, type Refusal } from './refusal';
import { holdsSealedText } from './sealed-text';

const isName = (name: string): name is MessageName => Object.hasOwn(messages, name);

/**
 * The message of this name with this body, or its refusal: `message.unknown`, `message.invalid`,
 * `actor.role-not-allowed`.
 */
export function parseMessage(name: string, body: unknown): Message | Refusal {
  if (!isName(name)) return refuse('message.unknown', name);
  const outer = envelope.safeParse(body);
  if (!outer.success) return refuse('message.invalid', problemsOf(outer.error));
  const { data: form } = messages[name];
  const from = sendersOf(name);
  if (!from.includes(outer.data.actor.role)) {
    return refuse(
      'actor.role-not-allowed',
      `${name} is for ${from.join(', ')}; the sender is ${outer.data.actor.role}`,
    );
  }
  const inner = form.safeParse(outer.data.data);
  if (!inner.success) return refuse('message.invalid', problemsOf(inner.error, 'data'));
  if (holdsSealedText(inner.data)) return refuse('message.invalid', 'data: a text may not begin with personal:');
  return { name, ...outer.data, data: inner.data } as Message;
}

/** The same for what comes from outside: nobody there speaks as the order's own clock or effects. */
export function parseFromOutside(name: string, body: unknown): Message | Refusal {
  const message = parseMessage(name, body);
  if (isRefusal(message) || !isInner(message.actor.role)) return message;
  return refuse('actor.role-not-allowed', `${message.actor.role} is the order itself`);
}

/** `data.amount: expected int …; data: Unrecognized key: "x"` */
export function problemsOf(error: z.ZodError, under?: string): string {
  return error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${[...(under ? [under] : []), ...path.map(String)].join('.') || 'body'}: ${message}`)
    .join('; ');
}
