/** What both ends of an HTTP call need: a body read within a limit, and JSON that may be none. */
import type { IncomingMessage } from 'node:http';

/** Requests and events are small; what is larger is neither. */
const bodyLimitBytes = 64 * 1024;

/**
 * The body of a request as text; undefined when it is too large, the rest of which is let run off unseen: a
 * sender that is cut off while it writes does not read the answer. Rejects when the sender breaks off.
 */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  // To end the loop early must not end the connection, on which the answer goes out.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > bodyLimitBytes) {
      request.resume();
      return undefined;
    }
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The value of a JSON text; undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
