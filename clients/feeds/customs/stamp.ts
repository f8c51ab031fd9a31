/**
 * Dates and times as customs writes them: EDIFACT and WCO formats by digits (2379), ISO 8601 with and without its signs,
 * the Chinese forms with hundredths or milliseconds at the end.
 */

/** Names of zones that mean one offset everywhere. `CST` is none: it is China's and America's. */
const zones: Readonly<Record<string, string>> = {
  Z: '+00:00',
  UTC: '+00:00',
  GMT: '+00:00',
  WET: '+00:00',
  WEST: '+01:00',
  BST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  SAST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  EST: '-05:00',
  EDT: '-04:00',
};

const form =
  /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,:]?(\d{1,9}))?)?)?[ ]?(?:([A-Z]{1,4})|([+-]\d{2}(?::?\d{2})?))?$/i;

/** The formats (2379) whose year has two digits, by how many digits they have in all. */
const shortYears: Readonly<Record<string, number>> = { '101': 6, '201': 10, '202': 12, '301': 10, '302': 12 };

/**
 * The instant, in UTC with milliseconds; undefined when it cannot be read. A date alone is its first instant.
 * @param zone offset, e.g. `+08:00`, of what names none
 * @param format the format's code (2379), where there is one; only the length of the year is taken from it
 */
export function instantOf(text: string, zone: string, format?: string): string | undefined {
  const parts = form.exec(withCentury(text.trim(), format));
  if (!parts) return undefined;
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  const [month, day] = [Number(parts[2]), Number(parts[3])];
  const [fraction = '', name, offset] = [parts[7], parts[8], parts[9]];
  const shift = shiftOf(offset ?? (name === undefined ? zone : zones[name.toUpperCase()]));
  if (shift === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number(`${fraction}000`.slice(0, 3));
  const date = new Date(Date.UTC(Number(parts[1]), month - 1, day, hour, minute, second, ms));
  // The 30th of February would be the 2nd of March.
  if (date.getUTCMonth() !== month - 1) return undefined;
  const at = date.getTime() - shift;
  return at >= 0 && at < endOfTime ? new Date(at).toISOString() : undefined;
}

/** Where the domain's instants end. */
const endOfTime = Date.UTC(9999, 0, 1);

/** Milliseconds of an offset: `+08:00`, `+0800`, `+08`. */
function shiftOf(offset: string | undefined): number | undefined {
  if (offset === undefined) return undefined;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2)) * (offset.length > 3 ? 1 : 0);
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Some senders write a full year under a format of a short one; their digits tell. */
function withCentury(text: string, format: string | undefined): string {
  const digits = /^\d+/.exec(text)?.[0].length ?? 0;
  if (format === undefined || shortYears[format] !== digits) return text;
  return `${text < '70' ? '20' : '19'}${text}`;
}
