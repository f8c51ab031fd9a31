/**
 * Who calls, and as whom. A bearer token (JWT) names the caller's role, its member and perhaps the member's user; every
 * message carries the actor that follows from it, never one that a body claims. A service acts for a party that it names in
 * a header.
 */
import type { FastifyRequest } from 'fastify';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWK,
} from 'jose';
import { z } from 'zod';
import { opaqueId } from '../../domain/member';
import type { Actor } from '../../domain/messages';
import type { Order } from '../../domain/order';
import { refuse } from '../../domain/refusal';
import { presenceRefusal, type Person } from '../../domain/users';
import { usersOf } from '../../store/read';
import type { Store } from '../../store/store';
import { Refused } from '../errors';
import { HttpProblem } from './problem';

/** Whom a feed brings the word of. */
export const feedSource = z.enum(['bank', 'customs', 'carrier', 'inspector', 'processor', 'verifier']);

/** The claims of a token that say who calls. Others (`sub`, `iat`, `scope` …) may stand beside them. */
export const claims = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['buyer', 'supplier', 'platform']), member: opaqueId, user: opaqueId.optional() }),
  z.object({ role: z.literal('feed'), source: feedSource, member: opaqueId }),
  z.object({ role: z.literal('service'), member: opaqueId }),
]);
export type Claims = z.infer<typeof claims>;
export type CallerRole = Claims['role'];
export const callerRoles = ['buyer', 'supplier', 'platform', 'feed', 'service'] as const satisfies CallerRole[];

/** Who calls: what the token says, and a name for the credential that rates are counted by. */
export type Caller = Claims & { credential: string };

/** Finds out who calls; nothing when the request says nothing that it knows. @throws HttpProblem `identity.invalid` */
export type Authenticator = (request: FastifyRequest) => Promise<Caller | undefined> | Caller | undefined;

/** Who may use a route; `public` asks for no token. */
export type Access = 'public' | readonly CallerRole[];
export const everybody = [...callerRoles];
/** Everybody who trades or runs the marketplace, and services for them. */
export const traders = ['buyer', 'supplier', 'platform', 'service'] as const satisfies CallerRole[];
export const platformOnly = ['platform'] as const satisfies CallerRole[];

declare module 'fastify' {
  interface FastifyInstance {
    /** Who makes the request, looked up once more: for what goes on after its beginning. @throws as an `Authenticator` */
    callerNow: (request: FastifyRequest) => Promise<Caller | undefined>;
  }
  interface FastifyRequest {
    /** Who calls; there on every route that is not public. */
    caller: Caller | null;
    /** Why the request has no caller, though it names one. */
    stranger: HttpProblem | Refused | null;
  }
  interface FastifyContextConfig {
    /** Who may use the route. Every route says so. */
    access?: Access;
    /** Pages of other origins that may use the route with the portal's cookie. */
    origins?: readonly string[];
    /** The rule behind what it takes, told when that has the wrong form. */
    rule?: string;
    /** Of a POST: `key` when an `Idempotency-Key` makes it once only, else what the same again does. */
    again?: 'key' | (string & {});
  }
}

/** Key algorithms that a token may be signed with: no shared secrets, no `none`. */
const algorithms = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'];
const clockToleranceSeconds = 30;
/** Tokens that were verified, for a few minutes: verifying costs more than most reads, and yet a key may be withdrawn. */
const mostRemembered = 10_000;
const rememberedMs = 5 * 60 * 1000;
/** What a token may say that it is: an access token, or nothing. Others (ID tokens, log-out tokens) are for somebody else. */
const accessTypes: readonly unknown[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
const defaultMaxTokenHours = 24;

export interface TokenSettings {
  issuer: string;
  audience: string;
  /** Where the issuer's keys are, or the keys themselves. */
  keys: URL | { keys: JWK[] };
  /** Longest life of a token, in hours: 24 unless said otherwise. */
  maxTokenHours?: number;
  /** The time, in ms since 1970. */
  nowMs?: () => number;
}

/** Reads bearer tokens of one issuer for one audience. */
export function bearerTokens({
  issuer,
  audience,
  keys,
  maxTokenHours = defaultMaxTokenHours,
  nowMs = Date.now,
}: TokenSettings): Authenticator {
  const keyOf: JWTVerifyGetKey =
    keys instanceof URL ? createRemoteJWKSet(keys, { cacheMaxAge: rememberedMs }) : createLocalJWKSet(keys);
  const known = new Map<string, { caller: Caller; expiresAtMs: number }>();
  return async ({ headers }) => {
    const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
    if (headers.authorization === undefined) return undefined;
    if (token === undefined) throw new HttpProblem('identity.invalid', 'Authorization is not a bearer token');
    const before = known.get(token);
    if (before && nowMs() < before.expiresAtMs) return before.caller;
    known.delete(token);
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(nowMs()),
    }).catch((fault: unknown) => {
      throw faultOfToken(fault);
    });
    assertAccessToken(payload, protectedHeader.typ, maxTokenHours, nowMs());
    const said = claims.safeParse(payload);
    if (!said.success) throw new HttpProblem('identity.invalid', `claims: ${z.prettifyError(said.error)}`);
    const caller: Caller = { ...said.data, credential: `${issuer}|${payload.sub ?? ''}|${keyOfClaims(said.data)}` };
    const [oldest] = known.keys();
    if (known.size >= mostRemembered && oldest !== undefined) known.delete(oldest);
    const expiresAtMs = ((payload.exp ?? 0) + clockToleranceSeconds) * 1000;
    known.set(token, { caller, expiresAtMs: Math.min(expiresAtMs, nowMs() + rememberedMs) });
    return caller;
  };
}

/** @throws HttpProblem `identity.invalid` for a token of another kind, of nobody, of the future, or of too long a life */
function assertAccessToken(
  { sub = '', iat, exp = 0 }: JWTPayload,
  type: string | undefined,
  maxTokenHours: number,
  nowMs: number,
): void {
  const now = nowMs / 1000;
  const refuse = (why: string): never => {
    throw new HttpProblem('identity.invalid', why);
  };
  if (!accessTypes.includes(type?.toLowerCase())) refuse('typ: this is no access token');
  if (sub.trim() === '') refuse('sub: names nobody');
  if (iat !== undefined && iat > now + clockToleranceSeconds) refuse('iat: is in the future');
  if (exp - (iat ?? now) > maxTokenHours * 3600 + clockToleranceSeconds)
    refuse(`exp: a token lives ${String(maxTokenHours)} hours at most`);
}

const keyOfClaims = ({ role, member }: Claims): string => `${role}:${member}`;

/** Keys that cannot be fetched are no fault of the token. */
function faultOfToken(fault: unknown): unknown {
  const isOfToken = fault instanceof errors.JOSEError && !(fault instanceof errors.JWKSTimeout);
  if (isOfToken && fault.code !== 'ERR_JOSE_GENERIC') return new HttpProblem('identity.invalid', fault.message);
  return new HttpProblem('service.unavailable', 'the keys of the tokens’ issuer cannot be read');
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw request.stranger ?? new HttpProblem('identity.missing');
  return request.caller;
}

/** The header in which a service names the party that it acts for: `supplier:sup-ningbo-lighting/chen-lihua`. */
export const actorHeader = 'ta-actor';
const party = /^(supplier|buyer):([^/]+)(?:\/(.+))?$/;

/**
 * Who is meant to act: the caller, or the party for which a service acts.
 * @throws HttpProblem `identity.actor-missing`
 */
export function actorOf(request: FastifyRequest): Actor {
  const caller = callerOf(request);
  switch (caller.role) {
    case 'feed':
      if (caller.source === 'verifier')
        throw new Refused(refuse('actor.role-not-allowed', 'a verifier sends an order nothing'));
      return { role: caller.source, member: caller.member };
    case 'service':
      return { ...namedActor(request.headers[actorHeader]), via: { role: 'service', member: caller.member } };
    default:
      return { role: caller.role, member: caller.member, ...(caller.user && { user: caller.user }) };
  }
}

/**
 * Holds a user that the request names, in its token or by the party that a service acts for, to the company's users: one
 * that is unknown or removed may use no route.
 * @throws Refused `actor.user-unknown`
 */
export async function assertActiveUser(store: Store, caller: Caller, header?: string | string[]): Promise<void> {
  const who = companyUserOf(caller, header);
  if (who?.user === undefined) return;
  const refused = presenceRefusal(who.member, await usersOf(store, who.member), who.user);
  if (refused) throw new Refused(refused);
}

function companyUserOf(caller: Caller, header: string | string[] | undefined) {
  if (caller.role === 'supplier' || caller.role === 'buyer') return caller;
  if (caller.role !== 'service') return undefined;
  const [, , member, user] = (typeof header === 'string' && party.exec(header)) || [];
  return named.safeParse({ member, user }).data; // what has another form is refused where it is used
}

const named = z.strictObject({ member: opaqueId, user: opaqueId.optional() });

function namedActor(header: string | string[] | undefined): Actor {
  const [, role, member, user] = (typeof header === 'string' && party.exec(header)) || [];
  const ids = named.safeParse({ member, user });
  if (role === undefined || !ids.success) throw new HttpProblem('identity.actor-missing');
  return { role: role as 'supplier' | 'buyer', ...ids.data };
}

/** The same for what is not about an order: applications, members.*/
export function personOf(request: FastifyRequest): Person {
  const caller = callerOf(request);
  if (caller.role === 'feed' && caller.source === 'verifier') return { role: 'verifier', member: caller.member };
  const { role, via: _via, ...who } = actorOf(request);
  if (role === 'supplier' || role === 'buyer' || role === 'platform') return { role, ...who };
  throw new HttpProblem('identity.not-allowed', `this is not for a feed of the ${role}`);
}

/** The party whose orders alone the actor may see; none for the platform.*/
export function seesOnly({ role, member }: Actor): { supplier: string } | { buyer: string } | undefined {
  if (role === 'supplier') return { supplier: member };
  if (role === 'buyer') return { buyer: member };
  return undefined;
}

/** Whether the actor may know of the order. Of others’ orders a party learns nothing, not even that they exist. */
export const maySee = (actor: Actor, order: Pick<Order, 'supplier' | 'buyer'>): boolean =>
  actor.role === 'supplier' || actor.role === 'buyer' ? order[actor.role] === actor.member : true;
