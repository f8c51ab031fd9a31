/** Both languages: every refusal, event and word of the scheme has a text in English and one in Chinese (R47, R49). */
import { z } from 'zod';
import { exampleOf, type JsonSchema } from '../../clients/cli/data-form';
import { eventWords, type Teller } from '../../domain/event-words';
import { orderEvent, type OrderEvent } from '../../domain/events';
import { format } from '../../domain/money';
import { refusals } from '../../domain/refusal';
import * as vocabulary from '../../domain/vocabulary';

const han = /\p{Script=Han}/u;

test.each(Object.entries(refusals))('the refusal %s speaks both languages', (_code, { text, zh }) => {
  expect(text).toMatch(/^[\x20-\x7e’“”–]+\.$/);
  expect(zh).toMatch(han);
  expect(zh).toMatch(/。$/);
});

test('every word of the scheme is there in both languages', () => {
  for (const words of Object.values(vocabulary) as Record<string, vocabulary.Texts>[])
    for (const [name, { en, zh }] of Object.entries(words)) {
      expect(`${name}: ${en}`).not.toMatch(han);
      expect(en.trim()).not.toBe('');
      expect(zh.trim()).not.toBe('');
    }
});

const tell: Teller = { money: format, at: (instant) => instant, day: (date) => date, currency: 'USD' };
const examples = orderEvent.options.map((option): OrderEvent => {
  const example = exampleOf(z.toJSONSchema(option) as JsonSchema) as OrderEvent;
  if (example.type === 'proposalMade')
    return { ...example, proposed: { kind: 'amendment', changes: { product: { lines: [] } } } };
  if (example.type === 'approvalAsked')
    return { ...example, decision: { kind: 'refund', amount: { amount: 500, currency: 'USD' }, reason: 'Goodwill' } };
  return example;
});

test.each(examples.map((event) => [event.type, event] as const))(
  '%s has its words in both languages',
  (type, event) => {
    const { en, zh } = eventWords(event, tell);
    for (const line of [en, zh]) expect(line).not.toMatch(/undefined|\[object|NaN|null|\n/);
    expect(en).not.toContain(type);
    expect(en.replaceAll(/“[^”]*”/g, '')).not.toMatch(han);
    expect(en).toMatch(/^[A-Za-z0-9]/);
    expect(zh).toMatch(han);
  },
);
