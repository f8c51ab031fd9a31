/**
 * The portal's files as they were built (`web/dist`): what has a hash in its name is kept for good, the page itself is asked for
 * each time. The page's policy lets in nothing but the portal's own; styles that are made while it runs carry its nonce (CSP).
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { Api, ApiDeps } from '../deps';
import { HttpProblem } from '../problem';
import { noncePlaceholder } from './nonce';

/** Where the build puts the portal, in the source and in the package. */
const builtTo = resolve(__dirname, '../../../web/dist');

/** Addresses of the portal's pages; which page it is, the browser finds out. */
const addresses = ['/', '/sign-in', '/orders', '/orders/*', '/start', '/credit', '/money', '/enrolment', '/desk/*'];

const policyWith = (nonce: string, cardTokensUrl: string | undefined): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    ...(cardTokensUrl === undefined ? [] : [`connect-src 'self' ${new URL(cardTokensUrl).origin}`]),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

export async function pageRoutes(api: Api, { settings }: ApiDeps): Promise<void> {
  if (existsSync(builtTo))
    await api.register(fastifyStatic, {
      root: join(builtTo, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
      preCompressed: true,
    });
  for (const address of addresses)
    api.get(address, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
      sendPage(reply, settings.cardTokensUrl),
    );
}

let page: string | undefined;

function sendPage(reply: FastifyReply, cardTokensUrl: string | undefined): FastifyReply {
  const file = join(builtTo, 'index.html');
  if (page === undefined && !existsSync(file))
    throw new HttpProblem('route.not-found', 'the portal has not been built');
  page ??= readFileSync(file, 'utf8');
  const nonce = randomBytes(18).toString('base64');
  return reply
    .headers({ 'content-security-policy': policyWith(nonce, cardTokensUrl), 'cache-control': 'no-cache' })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(noncePlaceholder, nonce));
}
