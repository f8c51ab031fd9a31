/** Reads JSON bodies: not nested deeper than any message is, and without keys that reach for prototypes. */
import type { Api } from './deps';
import { HttpProblem } from './problem';

/** Has the API read `application/json` by fastify's own parser, once the body is known to be within `depth` levels. */
export function jsonWithin(api: Api, depth: number): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (isDeeper(text, depth)) done(new HttpProblem('request.too-deep', `at most ${String(depth)} levels`));
    else void parse(request, text, done);
  });
}

/** Whether arrays and objects of a JSON text are nested deeper than that; it need not be valid JSON. */
export function isDeeper(text: string, depth: number): boolean {
  let level = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isInText) {
      if (char === '\\') at += 1;
      else if (char === '"') isInText = false;
    } else if (char === '"') isInText = true;
    else if (char === '{' || char === '[') {
      level += 1;
      if (level > depth) return true;
    } else if (char === '}' || char === ']') level -= 1;
  }
  return false;
}
