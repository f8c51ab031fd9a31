/**
 * Scripted stories of orders (`seeds/stories/*.json`): who sends what, what time goes by, and how things must then stand.
 * The demo plays them for people, the tests for certainty. Their form, and how they are read.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { opaqueId } from '../domain/member';
import { messageNames, type MessageName } from '../domain/messages';
import { refusals, type RefusalCode } from '../domain/refusal';
import { folder, readSeed } from './load';

const actors = z.enum(['supplier', 'buyer', 'bank', 'customs', 'carrier', 'inspector', 'operator', 'second-operator']);
export type StoryActor = z.infer<typeof actors>;

/** Which of the story's orders, where it tells of several. */
const order = z
  .string()
  .regex(/^[a-z]$/)
  .optional();
const refused = z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]).optional();
/** What a person would say of the step. */
const note = z.string().min(1).optional();

/**
 * A step. In `data` and `expect`, text that begins with `$` stands for something of the order at that moment: `$order.payTo`,
 * `$order.advance`, `$id`; `$now` and `$now+2d` are instants, `$today+30d` is a date in China.
 */
const step = z.union([
  z.strictObject({
    say: z.enum(messageNames as [MessageName, ...MessageName[]]),
    as: actors,
    data: z.unknown().optional(),
    order,
    refused,
    note,
  }),
  /** A credit that has yet to find its order (R30). */
  z.strictObject({ credit: z.unknown(), order, note }),
  /** Time goes by: days, or until the order's deadline of this name. */
  z.strictObject({
    wait: z.union([z.strictObject({ days: z.number().positive() }), z.strictObject({ until: z.string() })]),
    order,
    note,
  }),
  /** What follows by itself (effects, call-backs): the order comes to look like this. */
  z.strictObject({ await: z.record(z.string(), z.unknown()), order, note }),
  /** The newest item in suspense of the order (or of none): put forward by one operator, approved by the other. */
  z.strictObject({ suspense: z.unknown(), order, note }),
  /** The supplier withdraws: see `domain/withdrawal.ts`. */
  z.strictObject({ withdraw: z.unknown(), refused, note }),
  /** Balances of accounts in the books, in minor units of USD (or `account CNY`). */
  z.strictObject({ books: z.record(z.string(), z.int()), note }),
  /** The supplier as a member. */
  z.strictObject({ member: z.record(z.string(), z.unknown()), note }),
]);
export type StoryStep = z.infer<typeof step>;

export const story = z.strictObject({
  title: z.string().min(1),
  /** The rules that it shows. */
  rules: z.array(z.string().regex(/^R\d+$/)).min(1),
  supplier: opaqueId,
  buyer: opaqueId,
  steps: z.array(step).min(2),
});
export type StoryScript = z.infer<typeof story>;

export const storyNames = (): string[] =>
  readdirSync(join(folder, 'stories'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();

/** The story of this name. Throws with the place of what is wrong. */
export const readStory = (name: string): StoryScript => readSeed(join('stories', `${name}.json`), story);

/** Whether anything in it takes longer than one would wait. */
export const hasWaits = ({ steps }: StoryScript): boolean => steps.some((one) => 'wait' in one);
