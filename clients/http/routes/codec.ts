/**
 * Opens what is sealed in Temporal for its Web UI and its command (`--codec-endpoint`): for the platform's operators only,
 * who show a token or are signed in to the portal, from the UI's own pages. Nothing is sealed here, and nothing is kept.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { KeyMissing } from '../../../config/keys';
import { payloadCodecsOf } from '../../payload-codec';
import type { Api, ApiDeps } from '../deps';
import { callerOf, platformOnly } from '../identity';
import { HttpProblem } from '../problem';

/** Bytes of a request: a page of a history, in Base64. */
const mostBytes = 4 * 1024 * 1024;

const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
/** As Temporal has it; of what else a UI may send with it we know nothing. */
const sealed = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() })).max(2000),
});

export function codecRoutes(api: Api, deps: ApiDeps): void {
  const { settings, log } = deps;
  const [codec] = payloadCodecsOf(settings);
  const origins = settings.api.temporalUiOrigins;
  const path = '/codec/decode';
  api.addHook('onRequest', async (request, reply) => allow(request, reply, origins));
  api.options(path, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply.code(204).send(),
  );
  api.post(
    path,
    { bodyLimit: mostBytes, config: { access: platformOnly, origins }, schema: { hide: true, body: sealed } },
    async (request, reply) => {
      const { payloads } = request.body;
      log.info({ by: callerOf(request).credential, payloads: payloads.length }, 'payloads are opened for an operator');
      const opened = codec ? await codec.decode(payloads).catch(told) : payloads;
      return reply.header('cache-control', 'no-store').send({ payloads: opened.map(asJson) });
    },
  );
}

function told(fault: unknown): never {
  throw fault instanceof KeyMissing ? new HttpProblem('payload.key-missing', fault.message) : fault;
}

/** Tells a browser that the UI's pages may ask, with a token or the portal's cookie (CORS). */
function allow({ headers: { origin } }: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  void reply.header('vary', 'origin');
  if (origin === undefined || !origins.includes(origin)) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, authorization-extras, content-type, x-namespace',
    'access-control-max-age': '600',
    'cross-origin-resource-policy': 'cross-origin',
  });
}

interface Bytes {
  metadata?: Record<string, Uint8Array> | null | undefined;
  data?: Uint8Array | null | undefined;
}

const asJson = ({ metadata, data }: Bytes) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, inBase64(value)])),
  ...(data && { data: inBase64(data) }),
});

const inBase64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');
