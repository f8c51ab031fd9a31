/**
 * What customs' words on a declaration amount to, in whatever order they are heard (R32). The newest word that is no release
 * (a hold, say) counts until a release comes after it; the first of those is the release, and later ones only repeat it.
 */
import type { Order } from './order';

/** What customs says of a declaration, and what all of its words amount to. */
export type Customs = NonNullable<Order['exports'][number]['customs']>;
type Word = Pick<Customs, 'word' | 'at' | 'note'>;

/**
 * At the same instant the later of these wins: a revocation over a release; and of the same word the one with a note. So no
 * order of arrival matters.
 */
const rank: readonly Word['word'][] = ['returned', 'held', 'released', 'cancelled', 'revoked'];

const isNewer = (a: Word, b: Word): boolean => {
  const difference = Date.parse(a.at) - Date.parse(b.at) || rank.indexOf(a.word) - rank.indexOf(b.word);
  return difference > 0 || (difference === 0 && (a.note ?? '') > (b.note ?? ''));
};

/** The words with one more: the first release after the newest other word, or that other word. */
export function heard(known: Customs | undefined, { word, at, note }: Word): Customs {
  const said: Word = { word, at, ...(note !== undefined && { note }) };
  const before = otherOf(known);
  const other = word !== 'released' && (!before || isNewer(said, before)) ? said : before;
  const releases = [...releasesOf(known), ...(word === 'released' ? [at] : [])]
    .filter((release) => !other || isNewer({ word: 'released', at: release }, other))
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .filter((release, index, all) => index === 0 || Date.parse(release) !== Date.parse(all[index - 1] ?? ''));
  const [first, ...repeated] = releases;
  if (first === undefined) return other ?? said;
  return { word: 'released', at: first, ...(repeated.length > 0 && { repeated }), ...(other && { after: other }) };
}

const otherOf = (known: Customs | undefined): Word | undefined => {
  if (known?.word === 'released') return known.after;
  return known;
};

const releasesOf = (known: Customs | undefined): string[] =>
  known?.word === 'released' ? [known.at, ...(known.repeated ?? [])] : [];
