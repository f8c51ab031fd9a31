/**
 * The reader's language and locale: which of two texts is shown, and how amounts, dates and deadlines are written. Words are
 * English or Chinese; numbers and dates follow the reader's region, instants the reader's time zone beside China's.
 */
import { createContext, use, useMemo, type ReactNode } from 'react';
import { useLocalStorage } from '@mantine/hooks';
import type { Teller } from '../domain/event-words';
import { nameOf } from '../domain/member-name';
import type { Money } from '../domain/money';
import { unitWords, type Language, type Texts } from '../domain/vocabulary';

export interface Reader extends Omit<Teller, 'currency'> {
  language: Language;
  setLanguage: (language: Language) => void;
  say: (texts: Texts) => string;
  /** A company by the name that the reader can read. */
  nameOf: (party: { name: string; localName?: string | undefined }) => string;
  country: (code: string) => string;
  number: (value: number) => string;
  /** `5,000 piece`. */
  quantity: (value: number, unit?: string) => string;
  /** An instant in China. */
  atInChina: (instant: string) => string;
  isInChina: boolean;
  /** An instant here and in China, as deadlines are told; one of them where they are the same. */
  inBothZones: (instant: string) => string;
  china: string;
  /** A month such as `2026-03`. */
  month: (month: string) => string;
  /** `in 3 days`, `2 hours ago`. */
  fromNow: (instant: string) => string;
  /** `one, two`, as this language has it. */
  list: (items: readonly string[]) => string;
  /** `label: value`, as this language has it. */
  pair: (label: string, value: string) => string;
  /** Every country and region, by name. */
  countries: () => { value: string; label: string }[];
}

const china = 'Asia/Shanghai';
const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** English words with the dates of the reader's own region. */
function localeOf(language: Language): string {
  if (language === 'zh') return 'zh-CN';
  const { region = 'GB' } = new Intl.Locale(navigator.language).maximize();
  return `en-${region}`;
}

/** Decimals of a currency (ISO 4217), as the browser knows them. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const units: readonly (readonly [unit: 'day' | 'hour' | 'minute', ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

function readerOf(language: Language, setLanguage: (language: Language) => void): Reader {
  const locale = localeOf(language);
  const instants = (timeZone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const [here, there] = [instants(zoneName), instants(china)];
  const chinaName = language === 'zh' ? '中国' : 'China';
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  // An English amount is written one way: “1.200” would be one and a fifth to half of its readers.
  const numbers = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en');
  const money = new Map<string, Intl.NumberFormat>();
  const moneyIn = (currency: string) => {
    const known =
      money.get(currency) ??
      new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
        style: 'currency',
        currency,
        currencyDisplay: 'code',
      });
    money.set(currency, known);
    return known;
  };
  return {
    language,
    setLanguage,
    say: (texts) => texts[language],
    nameOf: (party) => nameOf(party, language),
    country: (code) => countries.of(code) ?? code,
    number: (value) => numbers.format(value),
    quantity: (value, unit = '') => `${numbers.format(value)} ${unitWords(unit)[language]}`.trimEnd(),
    money: ({ amount, currency }: Money) => moneyIn(currency).format(amount / 10 ** digitsOf(currency)),
    at: (instant) => here.format(new Date(instant)),
    atInChina: (instant) => there.format(new Date(instant)),
    isInChina: zoneName === china,
    china: chinaName,
    inBothZones: (instant) => {
      const at = new Date(instant);
      return zoneName === china ? here.format(at) : `${here.format(at)} (${chinaName} ${there.format(at)})`;
    },
    day: (date) => days.format(new Date(`${date}T00:00:00Z`)),
    month: (month) => months.format(new Date(`${month}-01T00:00:00Z`)),
    fromNow: (instant) => {
      const ms = Date.parse(instant) - Date.now();
      const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? ['minute', 60_000];
      return relative.format(Math.round(ms / size), unit);
    },
    list: (items) => items.join(language === 'zh' ? '、' : ', '),
    pair: (label, value) => `${label}${language === 'zh' ? '：' : ': '}${value}`,
    countries: () => countriesIn(locale),
  };
}

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
/** Codes that the browser has a name for, and that are no place to ship to. */
const noPlaces = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'];

/** ISO 3166 as the browser knows it, in the order of the language. */
function countriesIn(locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => !noPlaces.includes(code) && new Intl.Locale(`und-${code}`).region === code)
    .flatMap((value) => {
      const label = names.of(value);
      return label === undefined ? [] : [{ value, label }];
    })
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

const Context = createContext<Reader | undefined>(undefined);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useLocalStorage<Language>({
    key: 'ta-language',
    defaultValue: navigator.language.startsWith('zh') ? 'zh' : 'en',
    getInitialValueInEffect: false,
  });
  const reader = useMemo(() => readerOf(language, setLanguage), [language, setLanguage]);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  return <Context value={reader}>{children}</Context>;
}

/** How this reader reads. */
export function useReader(): Reader {
  const reader = use(Context);
  if (!reader) throw new Error('no LanguageProvider');
  return reader;
}
