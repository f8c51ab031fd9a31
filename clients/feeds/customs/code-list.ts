/**
 * What the status codes of customs mean, as data: one list for each format or country in `codes/`, with its source named.
 * A national list is a file more, never a branch.
 */
import { z } from 'zod';
import caRns from './codes/ca-rns.json';
import cnCeb from './codes/cn-ceb.json';
import cnCebCancel from './codes/cn-ceb-cancel.json';
import cnSingleWindow from './codes/cn-single-window.json';
import unece7365 from './codes/unece-7365.json';
import wcoRes from './codes/wco-res.json';
import zaSars from './codes/za-sars.json';

/** The words that an order is told (R32). */
export const words = ['released', 'held', 'returned', 'cancelled', 'revoked'] as const;
export type Word = (typeof words)[number];
/** Why the rest is no word for an order. */
export const silences = {
  'in-progress': 'customs has not decided yet',
  'after-release': 'it follows a release, whose date counts (R32)',
  transport: 'it is about the message, not about the declaration',
  other: 'it says nothing that an order depends on',
} as const;

const meaning = z.enum([...words, ...(Object.keys(silences) as (keyof typeof silences)[])]);

const code = z.strictObject({
  /** What it says, in English. */
  says: z.string().min(1).max(120),
  means: meaning,
  /** What it is called in its own language. */
  original: z.string().min(1).max(60).optional(),
});
export type Code = z.infer<typeof code>;

const codeList = z.strictObject({
  /** The profile that reads by it. */
  profile: z.string().regex(/^[a-z-]+(\.[a-z]{2})?$/),
  title: z.string().min(1).max(120),
  /** Who publishes the codes, and where. */
  source: z.string().min(1).max(200),
  /** Offset of the times that name none. */
  zone: z.string().regex(/^[+-]\d{2}:\d{2}$/),
  /** Where CUSRES has what: countries differ. */
  edifact: z
    .strictObject({
      /** Qualifiers (1153) of RFF that name the declaration, the first that is there; `BGM` is the message's own number. */
      declaration: z.array(z.string().regex(/^[A-Z]{2,3}$/)).min(1),
      /** Qualifiers (2005) of DTM that tell when, the first that is there. */
      dates: z.array(z.string().regex(/^\d{1,3}$/)).min(1),
      /** Agencies (3055) whose codes these are; a code that names another is none of this list. */
      agencies: z.array(z.string().regex(/^[A-Z0-9]{1,3}$/)),
      /** Lists (1131) that hold statuses, where the country has others in the same segments; any, when it is not there. */
      lists: z.array(z.string().regex(/^[A-Z0-9]{1,3}$/)).optional(),
    })
    .optional(),
  /** `-` stands for every negative number. */
  codes: z.record(z.string().regex(/^(-|#|[A-Za-z0-9]{1,4})$/), code),
});
export type CodeList = z.infer<typeof codeList>;

/** All of them, by the name of their file. */
export const codeLists = {
  'unece-7365': codeList.parse(unece7365),
  'ca-rns': codeList.parse(caRns),
  'za-sars': codeList.parse(zaSars),
  'cn-single-window': codeList.parse(cnSingleWindow),
  'wco-res': codeList.parse(wcoRes),
  'cn-ceb': codeList.parse(cnCeb),
  'cn-ceb-cancel': codeList.parse(cnCebCancel),
} as const satisfies Record<string, CodeList>;

/** The entry of a code; undefined when the list does not know it. */
export const codeOf = ({ codes }: Pick<CodeList, 'codes'>, of: string): Code | undefined => {
  const key = of.replace(/^-\d*$/, (negative) => (negative === '-' ? '' : '-'));
  return Object.hasOwn(codes, key) ? codes[key] : undefined;
};
