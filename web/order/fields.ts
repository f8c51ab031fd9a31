/** The name of a field of the contract from its path: `product.lines.0.unitPrice` is “Goods 1: Unit price”. */
import { fieldWords, moduleWords, type Texts } from '../../domain/vocabulary';

const known: Readonly<Record<string, Texts>> = { ...moduleWords, ...fieldWords };

export function fieldName(path: string): Texts {
  const parts = path.split('.').filter((part) => !(part in moduleWords && path.startsWith(part)));
  const names = parts.map((part): Texts => {
    if (/^\d+$/.test(part)) return { en: String(Number(part) + 1), zh: String(Number(part) + 1) };
    return known[part] ?? { en: part, zh: part };
  });
  const list = names.length > 0 ? names : [known[path] ?? { en: path, zh: path }];
  return { en: list.map(({ en }) => en).join(' · '), zh: list.map(({ zh }) => zh).join(' · ') };
}
