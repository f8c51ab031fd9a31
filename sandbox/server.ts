/** The sandbox's HTTP: which party and collection a request is for, who may ask, and what becomes of it as a status. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { problemsOf } from '../domain/parse';
import { bodyOf, jsonOf } from '../partners/http';
import type { Script } from './script';
import { KeyConflict } from './state';

/** What a request comes to: the body of the answer, or no outcome where nothing stands under the key. */
export interface Reply {
  outcome: object | undefined;
  /** The script, if something was done for the first time. */
  script?: Script;
}

/** By method and path without the key: `PUT /card/charges`. */
export type Routes = Readonly<Record<string, (key: string, body: unknown) => Promise<Reply>>>;

/** A handler that is given a body of this form. */
export const route =
  <Form extends z.ZodType>(form: Form, handle: (body: z.infer<Form>, key: string) => Promise<Reply>) =>
  (key: string, body: unknown): Promise<Reply> => {
    const { data, error } = form.safeParse(body);
    if (error) throw new BadRequest(problemsOf(error));
    return handle(data, key);
  };

export class BadRequest extends Error {}

export interface Service {
  routes: Routes;
  /** Bearer tokens by party, where it asks for one. */
  secrets: Readonly<Record<string, string | undefined>>;
  /** How long a late answer takes, in milliseconds. */
  lateMs: number;
  onFailure: (fault: unknown) => void;
}

/** A key of ours (`partnerKey`), or a mail address. */
const asked = z.string().regex(/^[A-Za-z0-9][\w.:@+-]{0,199}$/, '1 to 200 letters, digits and . : _ @ + -');

type Answer = readonly [status: number, body: object];

/** Asked by payers' browsers, from the pages of whomever they pay: they have no secret of ours, and every page may ask. */
const ofPayers = ['/card/tokens'];
const fromAnyPage = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
  'access-control-allow-methods': 'POST',
};

export function serverOf(service: Service): Server {
  return createServer((request, response) => {
    answer(request, service)
      .catch((fault: unknown): Answer => {
        service.onFailure(fault);
        return [500, { code: 'failed' }];
      })
      .then(
        ([status, body]) => {
          const isOpen = ofPayers.includes(request.url ?? '');
          response
            .writeHead(status, { 'content-type': 'application/json', ...(isOpen && fromAnyPage) })
            .end(JSON.stringify(body));
        },
        () => response.destroy(),
      );
  });
}

async function answer(request: IncomingMessage, { routes, secrets, lateMs }: Service): Promise<Answer> {
  if (request.url === '/healthz') return [200, { status: 'ok' }];
  const isOfPayer = ofPayers.includes(request.url ?? '');
  if (isOfPayer && request.method === 'OPTIONS') return [200, {}];
  const [, party = '', collection = '', ...rest] = (request.url ?? '').split('/');
  const handle = routes[`${request.method ?? ''} /${party}/${collection}`];
  const isKeyed = request.method !== 'POST';
  if (!handle || rest.length !== (isKeyed ? 1 : 0)) return [404, { code: 'path.unknown' }];
  if (!isOfPayer && !isAllowed(request, secrets[party])) return [401, { code: 'unauthorized' }];
  const { data: key, error } = asked.safeParse(isKeyed ? decoded(rest[0] ?? '') : 'none');
  if (error) return [400, { code: 'request.invalid', detail: problemsOf(error, 'key') }];
  const body = await bodyOf(request);
  if (body === undefined) return [413, { code: 'request.too-large' }];
  try {
    const { outcome, script } = await handle(key, jsonOf(body));
    if (script?.late) await pause(lateMs);
    return outcome ? [200, outcome] : [404, { code: 'key.unknown' }];
  } catch (fault) {
    if (fault instanceof BadRequest) return [400, { code: 'request.invalid', detail: fault.message }];
    if (fault instanceof KeyConflict) return [409, { code: 'key.conflict', detail: fault.message }];
    throw fault;
  }
}

function isAllowed({ headers }: IncomingMessage, secret: string | undefined): boolean {
  if (secret === undefined) return true;
  const [given, wanted] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${secret}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Undefined for what is no encoding of anything. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
