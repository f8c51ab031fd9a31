/**
 * Files of an order: evidence that a party hands in, and the proforma invoice. What a file is is told by its first bytes, not by
 * its name; it is kept in the database, and comes back as a download only, to those whose order it is.
 */
import multipart from '@fastify/multipart';
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import type { Actor } from '../../../domain/messages';
import { isRefusal, refuse } from '../../../domain/refusal';
import { userRefusal } from '../../../domain/users';
import { membersOf } from '../../../store/members';
import { findMember } from '../../../store/read';
import type { Store } from '../../../store/store';
import { countFiles, findFile, readFile, storeFile } from '../../../store/files';
import type { StoredFile } from '../../../store/collections';
import { Refused } from '../../errors';
import type { Api, ApiDeps } from '../deps';
import { actorOf } from '../identity';
import { HttpProblem } from '../problem';
import { orderPath, partyIn, people, visibleOrder } from './orders';
import { proformaOf } from './proforma';

const mostBytes = 10 * 1024 * 1024;
const mostFiles = 60;
/** What the link of a piece of evidence begins with that is kept here. */
export const fileScheme = 'ta-file:';

/** The first bytes of each kind of file that is taken. */
const signatures: readonly (readonly [type: StoredFile['type'], magic: readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
];

/** What a file is by its first bytes, if it is one that is taken. */
export const typeOf = (bytes: Buffer): StoredFile['type'] | undefined =>
  signatures.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte))?.[0];

export async function fileRoutes(api: Api, deps: ApiDeps): Promise<void> {
  await api.register(multipart, { limits: { files: 1, fileSize: mostBytes, fields: 0, parts: 1 } });
  addUpload(api, deps);
  addDownload(api, deps);
  addProforma(api, deps);
}

function addUpload(api: Api, { store, now }: ApiDeps): void {
  api.post(
    '/portal/orders/:order/files',
    { config: { access: people }, bodyLimit: mostBytes + 64 * 1024, schema: { hide: true, params: orderPath } },
    async (request, reply) => {
      const { role, ...who } = actorOf(request);
      const order = await visibleOrder(store, { role, ...who }, request.params.order);
      await assertMayHandIn(store, { role, ...who });
      if ((await countFiles(store, order.id)) >= mostFiles)
        throw new Refused(refuse('order.limit-reached', `${String(mostFiles)} files`));
      const part = await request.file();
      if (!part) throw new HttpProblem('request.invalid', 'no file was sent');
      const bytes = await part.toBuffer();
      const type = typeOf(bytes);
      if (type === undefined) throw new Refused(refuse('file.not-taken', 'its first bytes are of none of these'));
      const by = { role: role as 'supplier' | 'buyer' | 'platform', ...who };
      const name = part.filename.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').slice(-200) || 'file';
      const file = await storeFile(store, bytes, { order: order.id, by, name, type, at: now() });
      if (isRefusal(file)) throw new Refused(file);
      const { id, sha256 } = file;
      return reply.code(201).send({ link: `${fileScheme}${id}`, sha256 });
    },
  );
}

/** A file is evidence before it is named in any: who may not add evidence uploads none. @throws Refused `actor.user-…` */
async function assertMayHandIn(store: Store, { role, member, user }: Actor): Promise<void> {
  if (role === 'platform' || user === undefined) return;
  const company = (await findMember(store, member)) ?? { id: member };
  const refused = userRefusal(company, user, 'addEvidence');
  if (refused) throw new Refused(refused);
}

function addDownload(api: Api, { store }: ApiDeps): void {
  api.get(
    '/portal/files/:file',
    { config: { access: people }, schema: { hide: true, params: z.strictObject({ file: opaqueId }) } },
    async (request, reply) => {
      const file = await findFile(store, request.params.file);
      if (!file) throw new HttpProblem('route.not-found', 'there is no such file');
      await visibleOrder(store, actorOf(request), file.order);
      const bytes = await readFile(store, file);
      if (!bytes) throw new Refused(refuse('file.erased'));
      return reply
        .headers({
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
          'content-length': String(file.bytes),
          'cache-control': 'private, no-store',
        })
        .type(file.type)
        .send(bytes);
    },
  );
}

function addProforma(api: Api, { ta, store, now }: ApiDeps): void {
  api.get(
    '/portal/orders/:order/proforma.pdf',
    {
      config: { access: people },
      schema: {
        hide: true,
        params: orderPath,
        querystring: z.strictObject({ language: z.enum(['en', 'zh']).default('en') }),
      },
    },
    async (request, reply) => {
      const order = await visibleOrder(store, actorOf(request), request.params.order);
      const members = await membersOf(store, [order.supplier, order.buyer]);
      const parties = { supplier: partyIn(members, order.supplier), buyer: partyIn(members, order.buyer) };
      const pdf = await proformaOf(await ta.view(order.id), parties, request.query.language, now());
      return reply
        .headers({
          'content-disposition': `inline; filename="proforma-${order.id}.pdf"`,
          'cache-control': 'private, no-store',
        })
        .type('application/pdf')
        .send(pdf);
    },
  );
}
