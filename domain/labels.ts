/**
 * Labels that buyers see beside a supplier (R3, R38): each with its rule and its text as data. They follow from the
 * explanation of the credit limit, so that the bounds against wash trading hold for them, too.
 */
import { z } from 'zod';
import type { LimitExplanation } from './credit-explanation';
import { opaqueId, type Member } from './member';
import { bilingual, version, type Bilingual } from './policy';

/** When a label is shown, to suppliers with Trade Assurance activated. */
const rule = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('activated') }),
  z.strictObject({ when: z.literal('grade'), atLeast: z.int().min(0).max(5) }),
  z.strictObject({
    when: z.literal('score'),
    of: z.enum(['onTime', 'undisputed', 'reviews', 'verification']),
    atLeast: z.int().min(0).max(100),
  }),
  /** Completed orders that count for the volume. */
  z.strictObject({ when: z.literal('orders'), atLeast: z.int().positive() }),
]);
type Rule = z.infer<typeof rule>;

/** One version of the labels, e.g. `labels/v1`. In a text `{orders}` and `{stars}` stand for the supplier's own. */
export const labelPolicy = z.strictObject({
  ...version('labels'),
  labels: z
    .array(z.strictObject({ id: opaqueId, text: bilingual, rule }))
    .refine((labels) => new Set(labels.map(({ id }) => id)).size === labels.length, 'labels: an id stands twice'),
});
export type LabelPolicy = z.infer<typeof labelPolicy>;

/** A label as it is shown. */
export interface Label extends Bilingual {
  id: string;
}

/** The labels of a supplier, in the policy's order; none without Trade Assurance or while it is suspended (R58). */
export function labelsOf(
  explanation: LimitExplanation,
  state: Member['tradeAssurance'],
  { labels }: LabelPolicy,
): Label[] {
  if (state !== 'activated' || explanation.suspended) return [];
  return labels
    .filter((label) => applies(label.rule, explanation))
    .map(({ id, text }) => ({ id, en: filled(text.en, explanation), zh: filled(text.zh, explanation) }));
}

function applies(label: Rule, { grade, scores, volume }: LimitExplanation): boolean {
  switch (label.when) {
    case 'activated':
      return true;
    case 'grade':
      return grade >= label.atLeast;
    case 'score':
      return scores[label.of] >= label.atLeast;
    case 'orders':
      return volume.ordersCounted >= label.atLeast;
  }
}

const filled = (text: string, { grade, volume }: LimitExplanation): string =>
  text
    .replace('{orders}', String(volume.ordersCounted))
    .replace('{stars}', '★'.repeat(grade) + '☆'.repeat(Math.max(0, 5 - grade)));
