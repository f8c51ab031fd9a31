/** Bearer tokens: what is taken, for how long it is remembered, and that the key of one may be withdrawn (RFC 7519, 9068). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { bearerTokens } from '../../clients/http/identity';

let published: JWK[] = [];
let jwks: Server;
let keys: URL;
const signers = new Map<string, CryptoKey>();

beforeAll(async () => {
  // Time is the test's own; everything else runs as it is.
  jest.useFakeTimers({
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
    now: Date.parse('2026-03-02T01:00:00.000Z'),
  });
  for (const kid of ['k1', 'k2']) {
    const pair = await generateKeyPair('ES256', { extractable: true });
    signers.set(kid, pair.privateKey);
    published.push({ ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' });
  }
  jwks = createServer((_, answer) => answer.end(JSON.stringify({ keys: published })));
  await new Promise<void>((done) => jwks.listen(0, '127.0.0.1', done));
  keys = new URL(`http://127.0.0.1:${String((jwks.address() as AddressInfo).port)}/`);
});
afterAll(() => {
  jest.useRealTimers();
  jwks.close();
});

interface Wish {
  kid?: string;
  typ?: string;
  sub?: string;
  /** Seconds from now. */
  iat?: number;
  exp?: number;
}
const seconds = () => Math.floor(Date.now() / 1000);
const token = ({ kid = 'k1', typ, sub = 'chen', iat = 0, exp = 3600 }: Wish = {}): Promise<string> =>
  new SignJWT({ role: 'supplier', member: 'sup-1' })
    .setProtectedHeader({ alg: 'ES256', kid, ...(typ !== undefined && { typ }) })
    .setSubject(sub)
    .setIssuer('issuer')
    .setAudience('trade-assurance')
    .setIssuedAt(seconds() + iat)
    .setExpirationTime(seconds() + exp)
    .sign(signers.get(kid) as CryptoKey);
const reader = () => bearerTokens({ issuer: 'issuer', audience: 'trade-assurance', keys, maxTokenHours: 24 });
const read = async (authenticate: ReturnType<typeof reader>, text: string): Promise<string> => {
  try {
    const caller = await authenticate({ headers: { authorization: `Bearer ${text}` } } as FastifyRequest);
    return caller?.role ?? 'nobody';
  } catch (fault) {
    return (fault as { code: string }).code;
  }
};

test('a token whose key was withdrawn is taken for minutes only, however long it was to live', async () => {
  const authenticate = reader();
  const old = await token({ exp: 12 * 3600 });
  expect(await read(authenticate, old)).toBe('supplier');
  published = published.filter(({ kid }) => kid !== 'k1');
  jest.setSystemTime(Date.now() + 10 * 60 * 1000);
  expect(await read(authenticate, old)).toBe('identity.invalid');
  expect(await read(authenticate, await token({ kid: 'k2' }))).toBe('supplier');
});

test.each<[string, Wish, string]>([
  ['of the year 9999', { exp: 250_000_000_000 }, 'identity.invalid'],
  ['that lives 25 hours', { exp: 25 * 3600 }, 'identity.invalid'],
  ['that lives 24 hours', { exp: 24 * 3600 }, 'supplier'],
  ['issued in the future', { iat: 3600, exp: 7200 }, 'identity.invalid'],
  ['of nobody', { sub: '' }, 'identity.invalid'],
  ['for logging out', { typ: 'logout+jwt' }, 'identity.invalid'],
  ['of the kind at+jwt', { typ: 'at+jwt' }, 'supplier'],
  ['of the kind JWT', { typ: 'JWT' }, 'supplier'],
])('a token %s', async (_, wish, expected) => {
  expect(await read(reader(), await token({ kid: 'k2', ...wish }))).toBe(expected);
});
