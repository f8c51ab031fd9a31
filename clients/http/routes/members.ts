/** Members over HTTP: applications for Trade Assurance, companies and their users, reinstatements, notices. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { enrolmentStatus, type Enrolment } from '../../../domain/enrolment';
import {
  enrolmentMessages,
  sentEnrolmentMessages,
  type SentEnrolmentMessage,
} from '../../../domain/enrolment-messages';
import { accountKind, assurance, opaqueId, user } from '../../../domain/member';
import { refuse, type RefusalCode } from '../../../domain/refusal';
import { enrolmentJournalOf, findEnrolment, listEnrolments } from '../../../store/enrolment';
import {
  addUser,
  declineReinstatement,
  listMembers,
  memberFile,
  proposeReinstatement,
  removeUser,
} from '../../../store/members';
import { Refused } from '../../errors';
import { readNotices } from '../../notices';
import type { Api, ApiDeps } from '../deps';
import {
  answers,
  enrolment as enrolmentForm,
  enrolmentEntry,
  enrolmentReply,
  memberFileForm,
  memberForm,
  noticeForm,
  recordForm,
  userForm,
} from '../forms';
import { idempotencyKey } from '../headers';
import { callerOf, personOf, platformOnly, traders, type CallerRole } from '../identity';
import { orRefused } from '../problem';

const supplierPath = z.strictObject({ supplier: opaqueId });
const memberPath = z.strictObject({ member: opaqueId });
const limit = z.coerce.number().int().min(1).max(500).default(100);
const listOf = (form: z.ZodType) => answers({ 200: z.strictObject({ items: z.array(form) }) });

export function memberRoutes(api: Api, deps: ApiDeps): void {
  addEnrolments(api, deps);
  addMembers(api, deps);
  addReinstatements(api, deps);
  addNotices(api, deps);
}

/** A company is told of itself only; the platform and its verifiers of all. */
function assertOwn(request: FastifyRequest, member: string, code: RefusalCode): void {
  const { role, member: own } = personOf(request);
  const isOperator = role === 'platform' || role === 'verifier';
  if (!isOperator && own !== member) throw new Refused(refuse(code, member));
}

/** Which callers may send what these roles send. A verifier is a feed. */
function accessOf(name: SentEnrolmentMessage): CallerRole[] {
  const from: readonly string[] = enrolmentMessages[name].from;
  return [
    ...(from.includes('supplier') ? (['supplier', 'service'] as const) : []),
    ...(from.includes('platform') ? (['platform'] as const) : []),
    ...(from.includes('verifier') ? (['feed'] as const) : []),
  ];
}

const shown = ({ recent: _recent, ...rest }: Enrolment): Omit<Enrolment, 'recent'> => rest;

function addEnrolments(api: Api, deps: ApiDeps): void {
  const { store, membership } = deps;
  const tags = ['enrolments'];
  const applicants: readonly CallerRole[] = ['supplier', 'platform', 'feed', 'service'];
  const { apply } = enrolmentMessages;
  api.post(
    '/v1/enrolments',
    {
      config: { access: accessOf('apply'), rule: apply.rule, again: 'key' },
      schema: {
        operationId: 'apply',
        tags,
        summary: `${apply.says} (${apply.rule})`,
        body: apply.data,
        ...answers({ 201: enrolmentReply }),
      },
    },
    async (request, reply) => {
      const as = personOf(request);
      const id = idempotencyKey(request, reply);
      const applied = await membership.send('apply', as.member, request.body, { as, id });
      return reply.code(201).header('location', `/v1/enrolments/${as.member}`).send(applied);
    },
  );
  for (const name of sentEnrolmentMessages) {
    if (name === 'apply') continue;
    const { data, says, rule } = enrolmentMessages[name];
    api.post(
      `/v1/enrolments/:supplier/messages/${name}`,
      {
        config: { access: accessOf(name), rule, again: 'key' },
        schema: {
          operationId: `enrolment.${name}`,
          tags,
          summary: `${says} (${rule})`,
          params: supplierPath,
          body: data as z.ZodType,
          ...answers({ 200: enrolmentReply }),
        },
      },
      async (request, reply) => {
        const { supplier } = request.params;
        assertOwn(request, supplier, 'enrolment.not-found');
        const id = idempotencyKey(request, reply);
        return membership.send(name, supplier, request.body as never, { as: personOf(request), id });
      },
    );
  }
  api.get(
    '/v1/enrolments',
    {
      config: { access: ['platform', 'feed'] },
      schema: {
        operationId: 'listEnrolments',
        tags,
        summary: 'Applications for Trade Assurance, the one longest without a change first',
        querystring: z.strictObject({ status: enrolmentStatus.optional(), limit }),
        ...listOf(enrolmentForm),
      },
    },
    async (request) => {
      personOf(request); // of the feeds, verifiers only
      const { status, limit: most } = request.query;
      return { items: (await listEnrolments(store, { ...(status && { status }), limit: most })).map(shown) };
    },
  );
  api.get(
    '/v1/enrolments/:supplier',
    {
      config: { access: applicants },
      schema: {
        operationId: 'getEnrolment',
        tags,
        summary: 'A supplier’s application as it stands',
        params: supplierPath,
        ...answers({ 200: enrolmentForm }),
      },
    },
    async (request) => {
      const { supplier } = request.params;
      assertOwn(request, supplier, 'enrolment.not-found');
      const found = await findEnrolment(store, supplier);
      if (!found) throw new Refused(refuse('enrolment.not-found', supplier));
      return shown(found);
    },
  );
  api.get(
    '/v1/enrolments/:supplier/journal',
    {
      config: { access: applicants },
      schema: {
        operationId: 'getEnrolmentJournal',
        tags,
        summary: 'The messages of a supplier’s applications, oldest first',
        params: supplierPath,
        ...listOf(enrolmentEntry),
      },
    },
    async (request) => {
      const { supplier } = request.params;
      assertOwn(request, supplier, 'enrolment.not-found');
      const rows = await enrolmentJournalOf(store, supplier);
      if (rows.length === 0) throw new Refused(refuse('enrolment.not-found', supplier));
      return { items: rows.map(({ key: _key, hash: _hash, ...row }) => row) };
    },
  );
}

function addMembers(api: Api, { store, now }: ApiDeps): void {
  const tags = ['members'];
  api.get(
    '/v1/members',
    {
      config: { access: platformOnly },
      schema: {
        operationId: 'listMembers',
        tags,
        summary: 'Members by id',
        querystring: z.strictObject({ account: accountKind.optional(), tradeAssurance: assurance.optional(), limit }),
        ...listOf(memberForm),
      },
    },
    async ({ query: { account, tradeAssurance, limit: most } }) => ({
      items: await listMembers(store, {
        ...(account && { account }),
        ...(tradeAssurance && { tradeAssurance }),
        limit: most,
      }),
    }),
  );
  api.get(
    '/v1/members/:member',
    {
      config: { access: traders },
      schema: {
        operationId: 'getMember',
        tags,
        summary: 'A member, its users and what is on record of it',
        params: memberPath,
        ...answers({ 200: memberFileForm }),
      },
    },
    async (request) => {
      assertOwn(request, request.params.member, 'member.not-found');
      return orRefused(await memberFile(store, request.params.member));
    },
  );
  api.post(
    '/v1/members/:member/users',
    {
      config: { access: traders, again: 'The same again changes nothing.' },
      schema: {
        operationId: 'addUser',
        tags,
        summary: 'Add a user to a company',
        params: memberPath,
        body: user.omit({ active: true }),
        ...answers({ 200: z.strictObject({ items: z.array(userForm) }) }),
      },
    },
    async (request) => {
      const { member } = request.params;
      assertOwn(request, member, 'member.not-found');
      return {
        items: orRefused(await addUser(store, member, { ...request.body, active: true }, personOf(request), now())),
      };
    },
  );
  api.delete(
    '/v1/members/:member/users/:user',
    {
      config: { access: traders },
      schema: {
        operationId: 'removeUser',
        tags,
        summary: 'Take from a user the right to act for its company; it stays on record',
        params: memberPath.extend({ user: opaqueId }),
        ...answers({ 200: z.strictObject({ items: z.array(userForm) }) }),
      },
    },
    async (request) => {
      const { member, user: id } = request.params;
      assertOwn(request, member, 'member.not-found');
      return { items: orRefused(await removeUser(store, member, id, personOf(request), now())) };
    },
  );
}

function addReinstatements(api: Api, { store, membership, now }: ApiDeps): void {
  const config = { access: platformOnly, rule: 'R58' };
  const tags = ['platform'];
  const why = z.strictObject({ reason: z.string().trim().min(1).max(2000) });
  const answer = answers({ 200: recordForm });
  api.post(
    '/v1/suppliers/:supplier/reinstatement',
    {
      config: { ...config, again: 'The same again is the same proposal.' },
      schema: {
        operationId: 'proposeReinstatement',
        tags,
        summary: 'Propose to reinstate a suspended supplier (R58)',
        params: supplierPath,
        body: why,
        ...answer,
      },
    },
    async (request) =>
      orRefused(
        await proposeReinstatement(store, request.params.supplier, personOf(request), request.body.reason, now()),
      ),
  );
  api.post(
    '/v1/suppliers/:supplier/reinstatement/approve',
    {
      config: { ...config, again: 'Again it is refused, and changes nothing.' },
      schema: {
        operationId: 'approveReinstatement',
        tags,
        summary: 'Approve what another operator has proposed; orders that wait go on (R58)',
        params: supplierPath,
        body: z.strictObject({ proposal: z.int().positive() }),
        ...answer,
      },
    },
    (request) =>
      membership.approveReinstatement(
        request.params.supplier,
        { proposal: request.body.proposal, by: personOf(request) },
        now(),
      ),
  );
  api.post(
    '/v1/suppliers/:supplier/reinstatement/decline',
    {
      config: { ...config, again: 'Again it is refused, and changes nothing.' },
      schema: {
        operationId: 'declineReinstatement',
        tags,
        summary: 'Decline the reinstatement that waits (R58)',
        params: supplierPath,
        body: why,
        ...answer,
      },
    },
    async (request) =>
      orRefused(
        await declineReinstatement(store, request.params.supplier, personOf(request), request.body.reason, now()),
      ),
  );
}

function addNotices(api: Api, { ta }: ApiDeps): void {
  api.get(
    '/v1/notices',
    {
      config: { access: traders },
      schema: {
        operationId: 'listNotices',
        tags: ['members'],
        summary: 'What the caller was told of its orders, the newest first, in English or Chinese',
        querystring: z.strictObject({
          language: z.enum(['en', 'zh']).default('en'),
          limit: limit.pipe(z.int().max(200)),
        }),
        ...listOf(noticeForm),
      },
    },
    async (request) => {
      const isPlatform = callerOf(request).role === 'platform';
      const to = isPlatform ? 'platform' : { member: personOf(request).member };
      return { items: await readNotices(ta, to, request.query.language, request.query.limit) };
    },
  );
}
