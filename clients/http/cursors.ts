/**
 * Cursors: where a page ended, opaque to the caller and signed, so that one that was changed, or belongs to another list, is
 * refused and not followed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { HttpProblem } from './problem';

/** Hands a place out as a cursor of this list (whatever names it: the route, the filter, who asks). */
export function cursorOf(secret: string, list: unknown, place: unknown): string {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${body}.${signature(secret, list, body)}`;
}

/** The place of a cursor. @throws HttpProblem `cursor.invalid` */
export function placeIn<Form extends z.ZodType>(
  secret: string,
  list: unknown,
  cursor: string,
  form: Form,
): z.infer<Form> {
  const [body = '', signed = ''] = cursor.split('.');
  const [given, wanted] = [Buffer.from(signed), Buffer.from(signature(secret, list, body))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new HttpProblem('cursor.invalid');
  const place = form.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  if (!place.success) throw new HttpProblem('cursor.invalid');
  return place.data;
}

const signature = (secret: string, list: unknown, body: string): string =>
  createHmac('sha256', secret)
    .update(`${JSON.stringify(list)}\n${body}`)
    .digest('base64url')
    .slice(0, 32);
