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
  /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,:]?(\d{1,9}))?)?)?[ ]?(?:([A-Z]{1,4})|([+-])(\d{2})(?::?(\d{2}))?)?$/i;

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
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', name, sign, hours, minutes] =
    parts;
  const offset = sign ? `${sign}${hours ?? '00'}:${minutes ?? '00'}` : name ? zones[name.toUpperCase()] : zone;
  if (offset === undefined) return undefined;
  const date = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  const at = Date.parse(`${date}T${hour}:${minute}:${second}.${`${fraction}000`.slice(0, 3)}${offset}`);
  if (Number.isNaN(at) || !isOnCalendar(date)) return undefined;
  const instant = new Date(at).toISOString();
  return instant > '1970' && instant < '9999' ? instant : undefined;
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const isOnCalendar = (date: string): boolean => {
  const at = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
};

/** Some senders write a full year under a format of a short one; their digits tell. */
function withCentury(text: string, format: string | undefined): string {
  const digits = /^\d+/.exec(text)?.[0].length ?? 0;
  if (format === undefined || shortYears[format] !== digits) return text;
  return `${text < '70' ? '20' : '19'}${text}`;
}
