/** The HTTP API over a test's world: listening on a port of its own, with tokens for every kind of caller. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { buildApi } from '../../clients/http/app';
import { depsOver, type ApiDeps, type Area, type Limits } from '../../clients/http/deps';
import { devTokens, mintToken } from '../../clients/http/dev-issuer';
import { bearerTokens, type Claims } from '../../clients/http/identity';
import { loadSettings } from '../../config/settings';
import type { World } from './world';

const audience = 'trade-assurance';
/** Origin of the Temporal UI, as the API is told. */
export const temporalUi = 'http://127.0.0.1:8233';

export interface HttpWorld {
  /** `http://127.0.0.1:<port>` */
  url: string;
  deps: ApiDeps;
  token: (caller: Claims, validForSeconds?: number) => Promise<string>;
  /** A request as this caller; a body that is not text is sent as JSON. */
  call: (caller: Claims | undefined, method: string, path: string, options?: CallOptions) => Promise<Answer>;
  close: () => Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, read as JSON where it is some. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests take it apart
  body: any;
  text: string;
}

/** Starts an API over the world; the caller closes it before the world. */
export async function openHttp(
  world: Pick<World, 'ta' | 'mongodbUri'>,
  limits: Partial<Limits> = {},
  areas?: readonly Area[],
  env: NodeJS.ProcessEnv = {},
  log: Logger = pino({ level: process.env.TEST_LOG ?? 'silent' }),
): Promise<HttpWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ta-http-'));
  const deps = depsOver(world.ta, {
    settings: loadSettings({
      TA_DATA_DIR: dataDir,
      MONGODB_URI: world.mongodbUri,
      TA_DEV_ISSUER: 'true',
      TA_KEYS: process.env.TA_KEYS,
      TA_PAYLOADS: 'plain',
      TA_TEMPORAL_UI_ORIGINS: temporalUi,
      ...env,
    }),
    authenticators: [bearerTokens(await devTokens(dataDir, audience))],
    secret: 'a secret of this test only',
    log,
    checkAnswers: true,
    // A busy machine is no pressure that a test is about.
    limits: { requestsPerMinute: 1_000_000, eventLoopDelayMs: 60_000, ...limits },
  });
  const api = await buildApi(deps, areas);
  const url = await api.listen({ host: '127.0.0.1', port: 0 });
  const token = (caller: Claims, validForSeconds?: number) => mintToken(dataDir, audience, caller, validForSeconds);
  return {
    url,
    deps,
    token,
    call: async (caller, method, path, { body, headers = {} } = {}) => {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(caller && { authorization: `Bearer ${await token(caller)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
    },
    close: async () => {
      await api.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Callers of the seeded world. */
export const callers = {
  supplier: { role: 'supplier', member: 'sup-ningbo-lighting' },
  buyer: { role: 'buyer', member: 'buy-hamburg-home' },
  otherSupplier: { role: 'supplier', member: 'sup-yiwu-gifts' },
  platform: { role: 'platform', member: 'operator-1' },
  platform2: { role: 'platform', member: 'operator-2' },
  service: { role: 'service', member: 'erp' },
  bank: { role: 'feed', source: 'bank', member: 'citibank' },
  customs: { role: 'feed', source: 'customs', member: 'china-customs' },
} as const satisfies Record<string, Claims>;
