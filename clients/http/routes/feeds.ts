/**
 * The way in of feeds: `POST /v1/feeds/{kind}/{profile}`. The body is stored as it came and answered with 202 only then;
 * what it says is read afterwards, in the inbox. Who delivers shows a feed's token, or signs the body (Standard Webhooks).
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { feedKinds, secretsAt, type FeedKind } from '../../../domain/inbox';
import { refuse } from '../../../domain/refusal';
import { openSources } from '../../../store/feed-sources';
import { receive } from '../../../store/inbox';
import { Refused } from '../../errors';
import { FeedInbox } from '../../feeds/inbox';
import { watchFolder } from '../../feeds/folder';
import { maxDelivery } from '../../feeds/limits';
import { InboxLoop } from '../../feeds/loop';
import { profileOf, profiles } from '../../feeds/profiles';
import { isSignedBy, signedOf } from '../../feeds/signature';
import type { Api, ApiDeps } from '../deps';
import { HttpProblem, orRefused } from '../problem';

const feedPath = z.strictObject({ kind: z.enum(feedKinds), profile: z.string().max(40) });
const received = z.strictObject({
  /** Of the delivery in the inbox. */
  id: z.string(),
  /** It was delivered before. */
  isRepeated: z.boolean(),
});

export function feedRoutes(api: Api, deps: ApiDeps): void {
  const { ta, store, log, now } = deps;
  const loop = new InboxLoop(new FeedInbox({ ta }), {
    onFault: (fault) => log.warn({ err: fault }, 'the inbox was not worked off; it is tried again'),
  });
  workOff(api, deps, loop);
  // Of a delivery the bytes count, whatever they call themselves.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  api.post(
    '/v1/feeds/:kind/:profile',
    {
      bodyLimit: maxDelivery,
      config: { access: 'public', again: 'The same bytes, or the same under one `webhook-id`, are one delivery.' },
      schema: {
        operationId: 'deliverFeed',
        tags: ['feeds'],
        summary: 'Deliver a file of a feed: stored as it is before the answer, read and routed after it',
        description:
          'With a feed’s token, or signed as Standard Webhooks has it. The sender’s id of the delivery is `webhook-id`.',
        params: feedPath,
        response: { 202: received },
      },
      preParsing: (request, _reply, payload, done) => {
        try {
          acceptable(request, pathOf(request), Date.parse(now()));
          done(null, payload);
        } catch (fault) {
          done(fault as Error);
        }
      },
    },
    async (request, reply) => {
      const { kind, profile } = request.params;
      const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
      const from = tokenSource(request, kind) ?? (await signer(request, deps, kind, body));
      const id = request.headers['webhook-id'];
      const incoming = { ...from, kind, profile, file: fileOf(request), way: 'http', body, receivedAt: now() } as const;
      const answer = orRefused(await receive(store, { ...incoming, ...(typeof id === 'string' && { messageId: id }) }));
      loop.kick();
      return reply.code(202).header('location', `/v1/inbox/${answer.id}`).send(answer);
    },
  );
}

/** The inbox is worked off by every process of the API; what lies in the watched folder, too. */
function workOff(api: Api, { store, log, now, settings }: ApiDeps, loop: InboxLoop): void {
  let folder: { close: () => Promise<void> } | undefined;
  api.addHook('onReady', async () => {
    loop.start();
    if (settings.feedDir === undefined) return;
    folder = await watchFolder({
      ...{ store, folder: settings.feedDir, profiles, now, kick: () => loop.kick() },
      onTaken: (file, delivery) => log.info({ file, delivery }, 'a file of the watched folder was taken'),
      onFault: (fault, file) => log.error({ err: fault, file }, 'a file of the watched folder was not taken'),
    });
  });
  api.addHook('onClose', async () => {
    await folder?.close();
    await loop.stop();
  });
}

/** The path, whose form is asked before that of the rest. @throws HttpProblem `request.invalid` */
function pathOf({ params }: FastifyRequest): z.infer<typeof feedPath> {
  const path = feedPath.safeParse(params);
  if (path.success) return path.data;
  const fields = path.error.issues.map(({ path: at, message }) => ({ in: 'path', path: at.join('.'), message }));
  throw new HttpProblem('request.invalid', fields.map((one) => `${one.path}: ${one.message}`).join('; '), fields);
}

/** What can be told before the body is read. */
function acceptable(request: FastifyRequest, { kind, profile: name }: z.infer<typeof feedPath>, nowMs: number): void {
  const { headers, caller, stranger } = request;
  if (caller) tokenSource(request, kind);
  else if (!signedOf(headers, nowMs))
    throw stranger ?? new HttpProblem(headers['webhook-signature'] ? 'signature.invalid' : 'identity.missing');
  const profile = profileOf(name);
  if (!profile) throw new Refused(refuse('feed.profile-unknown', name));
  if (!profile.kinds.includes(kind)) throw new Refused(refuse('feed.kind-mismatch', `${name} is not one of ${kind}`));
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new HttpProblem('encoding.unsupported', encoding);
}

interface Sender {
  source: string;
  member: string;
}

/** Who a token says delivers; nothing when there is none. @throws HttpProblem, when it is not a feed's of this kind */
function tokenSource({ caller }: FastifyRequest, kind: FeedKind): Sender | undefined {
  if (!caller) return undefined;
  if (caller.role !== 'feed') throw new HttpProblem('identity.not-allowed', `the caller is ${caller.role}`);
  if (caller.source !== kind)
    throw new Refused(refuse('feed.source-not-allowed', `the feed is of ${caller.source}, not of ${kind}`));
  return { source: caller.member, member: caller.member };
}

/** The source whose secret the body is signed with. @throws HttpProblem `signature.invalid` */
async function signer(
  request: FastifyRequest,
  { store, now }: ApiDeps,
  kind: FeedKind,
  body: Uint8Array,
): Promise<Sender> {
  const signed = signedOf(request.headers, Date.parse(now()));
  const sources = signed ? await openSources(store, kind) : [];
  const source = sources.find((one) =>
    secretsAt(one, now()).some((secret) => signed && isSignedBy(secret, signed, body)),
  );
  if (!source) throw new HttpProblem('signature.invalid', `by no source of ${kind}`);
  return { source: source.id, member: source.member };
}

/** The file's name: of `Content-Disposition`, else of the delivery. */
function fileOf({ headers }: FastifyRequest): string {
  const [, name] = /filename="?([^";/\\]{1,200})"?/i.exec(headers['content-disposition'] ?? '') ?? [];
  return name ?? `delivery-${String(headers['webhook-id'] ?? 'unnamed').slice(0, 150)}`;
}
