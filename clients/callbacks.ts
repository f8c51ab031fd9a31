/**
 * The receiver of partners' call-backs. It stores nothing: it checks the signature over the body as it came, reads the
 * event and hands it on. It answers 202 only after that has succeeded, so that the sender tries again otherwise.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { problemsOf } from '../domain/parse';
import { partnerEvent, type PartnerEvent } from '../partners/events';
import { bodyOf, jsonOf } from '../partners/http';

export interface CallbackOptions {
  /** `whsec_…`, known to the partner and to us only. */
  secret: string;
  /**
   * Takes an event over for good. `id` is the sender's: the same each time one event is told, which may be twice at the
   * same moment. A rejection makes the sender tell it again.
   */
  onEvent: (event: PartnerEvent, id: string) => Promise<void>;
  /** Told of what `onEvent` rejected with. */
  onFailure?: (fault: unknown, event: PartnerEvent) => void;
}

type Answer = readonly [status: number, problem?: { code: string; detail?: string }];

/**
 * Handler of a `node:http` server, on any path: 202 once the event is taken over, 400 for what is no event, 401 for a bad
 * or stale signature, 405 for another method than POST, 413 above 64 KiB, 503 when `onEvent` rejects.
 */
export function callbackListener(options: CallbackOptions): RequestListener {
  const webhook = new Webhook(options.secret);
  return (request, response) => {
    receive(request, webhook, options).then(
      ([status, problem]) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(problem ?? { status: 'accepted' }));
      },
      () => response.destroy(), // the sender broke off
    );
  };
}

async function receive(request: IncomingMessage, webhook: Webhook, options: CallbackOptions): Promise<Answer> {
  if (request.method !== 'POST') return [405, { code: 'method.not-allowed' }];
  const body = await bodyOf(request);
  if (body === undefined) return [413, { code: 'request.too-large' }];
  try {
    webhook.verify(body, request.headers as Record<string, string>, { jsonParse: false });
  } catch (fault) {
    return [401, { code: 'signature.invalid', detail: (fault as Error).message }];
  }
  const event = partnerEvent.safeParse(jsonOf(body));
  if (!event.success) return [400, { code: 'request.invalid', detail: problemsOf(event.error) }];
  try {
    await options.onEvent(event.data, String(request.headers['webhook-id']));
    return [202];
  } catch (fault) {
    options.onFailure?.(fault, event.data);
    return [503, { code: 'event.not-taken' }];
  }
}
