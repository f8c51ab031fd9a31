/**
 * Signing in to the portal. The browser keeps a secret in a cookie that no script can read; the token that it stands for stays
 * here, and is verified by the same code as any bearer token. What changes something must come from the portal's own pages.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { opaqueId, type Member } from '../../../domain/member';
import { refuse } from '../../../domain/refusal';
import { listMembers } from '../../../store/members';
import { findMember } from '../../../store/read';
import { closeSession, openSession, tokenOfSession } from '../../../store/sessions';
import type { Store } from '../../../store/store';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { mintToken } from '../dev-issuer';
import { assertActiveUser, type Authenticator, type Caller } from '../identity';
import { HttpProblem } from '../problem';
import type { Party, Seat, SessionAnswer } from './answers';

const cookieName = 'ta_session';
/** How long one stays signed in, unless the token ends before. */
const sessionMs = 12 * 3600 * 1000;
/** Sent along by the portal's scripts; no form of another site can, and no script of one without being asked (CORS). */
export const portalHeader = 'ta-portal';
const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Knows who calls by the portal's cookie. @throws HttpProblem `identity.cross-site` */
export function portalSessions(store: Store, tokens: readonly Authenticator[]): Authenticator {
  return async (request) => {
    const secret = secretOf(request);
    if (secret === undefined) return undefined;
    const token = await tokenOfSession(store, secret, new Date().toISOString());
    if (token === undefined) return undefined;
    const caller = await callerOfToken(tokens, token).catch((fault: unknown) => {
      if (fault instanceof HttpProblem && fault.code === 'identity.invalid') return undefined;
      throw fault;
    });
    if (caller) assertOwnPage(request);
    return caller;
  };
}

const secretOf = ({ cookies }: FastifyRequest): string | undefined => cookies[cookieName];

async function callerOfToken(tokens: readonly Authenticator[], token: string): Promise<Caller | undefined> {
  const asked = { headers: { authorization: `Bearer ${token}` } } as FastifyRequest;
  for (const known of tokens) {
    const caller = await known(asked);
    if (caller) return caller;
  }
  return undefined;
}

/** Cross-site request forgery: a browser says where a request comes from, and only our own scripts send our header. */
function assertOwnPage({ method, headers, routeOptions }: FastifyRequest): void {
  if (safeMethods.includes(method)) return;
  const { origin, host } = headers;
  if (origin !== undefined && routeOptions.config.origins?.includes(origin)) return;
  const site = headers['sec-fetch-site'];
  const isOwn = (site === undefined || site === 'same-origin') && (origin === undefined || hostOf(origin) === host);
  if (!isOwn || headers[portalHeader] === undefined) throw new HttpProblem('identity.cross-site');
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined); // `null` of a page without an origin

const seat = z.union([
  z.strictObject({
    role: z.enum(['supplier', 'buyer', 'platform']),
    member: opaqueId,
    user: opaqueId.optional(),
  }),
  z.strictObject({ token: z.string().min(1).max(8192) }),
]);

/** Operators that one may sign in as, in embedded mode: two decide together, a third looks on. */
const operators = ['operator-1', 'operator-2', 'operator-3'];

export function sessionRoutes(api: Api, deps: ApiDeps): void {
  api.get('/portal/session', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { cardTokensUrl } = deps.settings;
    return {
      ...(await meOf(deps, request.caller)),
      ...(isEmbedded(deps) && { seats: await seatsOf(deps.store) }),
      ...(cardTokensUrl !== undefined && { cardTokensUrl }),
    };
  });
  api.post(
    '/portal/session',
    { config: { access: 'public' }, schema: { hide: true, body: seat } },
    async (request, reply) => {
      assertOwnPage(request);
      const token = await tokenFor(deps, request.body);
      const caller = await callerOfToken(deps.authenticators, token);
      if (!caller || caller.role === 'feed' || caller.role === 'service')
        throw new HttpProblem('identity.not-allowed', 'the portal is for suppliers, buyers and the platform');
      await assertActiveUser(deps.store, caller);
      const now = deps.now();
      const expiresAt = new Date(Date.parse(now) + sessionMs).toISOString();
      const secret = await openSession(deps.store, token, now, expiresAt);
      setCookie(request, reply, secret, sessionMs / 1000);
      return await meOf(deps, caller);
    },
  );
  api.delete('/portal/session', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    assertOwnPage(request);
    const secret = secretOf(request);
    if (secret !== undefined) await closeSession(deps.store, secret);
    setCookie(request, reply, '', 0);
    return reply.code(204).send();
  });
}

/** One signs in by choosing where the API takes tokens of its own development key. */
const isEmbedded = ({ settings: { api } }: ApiDeps): boolean => api.devIssuer && api.issuer === undefined;

async function tokenFor(deps: ApiDeps, wish: z.infer<typeof seat>): Promise<string> {
  if ('token' in wish) return wish.token;
  if (!isEmbedded(deps)) throw new HttpProblem('identity.not-allowed', 'sign in with a token');
  const { role, member, user } = wish;
  if (role !== 'platform') {
    const known = await findMember(deps.store, member);
    if (!known || roleOf(known) !== role) throw new Refused(refuse('member.not-found', member));
    const isKnown = user === undefined || known.users?.some(({ id, active }) => id === user && active);
    if (!isKnown) throw new Refused(refuse('actor.user-unknown', user));
  }
  const { dataDir, api } = deps.settings;
  return mintToken(dataDir, api.audience, { role, member, ...(user !== undefined && { user }) });
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(request.hostname);
  const options = { httpOnly: true, sameSite: 'strict', path: '/', maxAge, secure: !isLocal } as const;
  void reply.setCookie(cookieName, value, options);
}

async function meOf({ store }: ApiDeps, caller: Caller | null): Promise<Pick<SessionAnswer, 'me'>> {
  if (!caller || caller.role === 'feed' || caller.role === 'service') return {};
  const { role, member } = caller;
  const known = role === 'platform' ? undefined : await findMember(store, member);
  const user = known?.users?.find(({ id }) => id === caller.user);
  return {
    me: {
      role,
      member,
      name: known?.name ?? member,
      ...(known?.localName !== undefined && { localName: known.localName }),
      ...(caller.user !== undefined && { user: caller.user }),
      ...(user && { userName: user.name, userRole: user.role }),
      ...(role === 'supplier' && known && { assurance: known.tradeAssurance }),
      ...(known && { contact: known.contact }),
    },
  };
}

const roleOf = ({ account }: Member): 'supplier' | 'buyer' => (account === 'china-supplier' ? 'supplier' : 'buyer');

/** A member as others see it. */
export const partyOf = ({ id, name, localName, country, city }: Member): Party => ({
  id,
  name,
  country,
  ...(localName !== undefined && { localName }),
  ...(city !== undefined && { city }),
});

async function seatsOf(store: Store): Promise<Seat[]> {
  const members = await listMembers(store, { limit: 500 });
  const platform = operators.map((id): Seat => ({ role: 'platform', id, name: id, country: '', users: [] }));
  return [
    ...members.map((known): Seat => ({
      ...partyOf(known),
      role: roleOf(known),
      ...(roleOf(known) === 'supplier' && { assurance: known.tradeAssurance }),
      users: (known.users ?? []).filter(({ active }) => active).map(({ id, name, role }) => ({ id, name, role })),
    })),
    ...platform,
  ];
}
