/** The name of a field from its path, in words: `product.lines.0.unitPrice` is “Goods · 1 · Unit price”. */
import { fieldWords, moduleWords, type Texts } from './vocabulary';

const known: Readonly<Record<string, Texts>> = { ...moduleWords, ...fieldWords };
/** What is only around a field. */
const wrappers = ['data', 'body', 'changes', 'contract', ...Object.keys(moduleWords)];

export function fieldName(path: string): Texts {
  const parts = path.split('.');
  const inner = parts.filter((part, index) => !(wrappers.includes(part) && index < parts.length - 1));
  const names = inner.map((part): Texts => {
    if (/^\d+$/.test(part)) return { en: String(Number(part) + 1), zh: String(Number(part) + 1) };
    return known[part] ?? { en: part, zh: part };
  });
  return { en: names.map(({ en }) => en).join(' · '), zh: names.map(({ zh }) => zh).join(' · ') };
}
