/** JSON as text: what is wrong with it is told with its place. */

/** Text that is no JSON. */
export class NoJson extends Error {
  constructor(
    /** `line 3, column 17` */
    readonly place: string,
    /** What is wrong there: `ends too early`. */
    what: string,
    options: ErrorOptions,
  ) {
    super(what, options);
  }
}

/** @throws NoJson */
export function parseJsonText(text: string): unknown {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(bare);
  } catch (fault) {
    const { message } = fault as Error;
    const at = message.includes('end of JSON') ? bare.length : placeOfFault(bare);
    const before = bare.slice(0, at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    const what = at >= bare.length ? 'ends too early' : `is no JSON from ${JSON.stringify(bare.slice(at, at + 20))} on`;
    throw new NoJson(`line ${before.length}, column ${column}`, what, { cause: fault });
  }
}

/** V8 does not always say where JSON goes wrong: the first sign after which no continuation could be JSON. */
function placeOfFault(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function couldGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (fault) {
    const { message } = fault as Error;
    return message.includes('end of JSON') || message.includes(`at position ${start.length}`);
  }
}
