/** A supplier's credit and money over HTTP: its limit, ledger and statement; withdrawals, and settlements into CNY. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import { payee } from '../../../domain/messages';
import { currencyCode, money } from '../../../domain/money';
import { refuse } from '../../../domain/refusal';
import { settlementRequest } from '../../../domain/settlement';
import { withdrawalRequest } from '../../../domain/withdrawal';
import { memberOf } from '../../../store/member-records';
import { supplierPostings } from '../../../store/statement';
import { Refused } from '../../errors';
import { cursorOf, placeIn } from '../cursors';
import type { Api, ApiDeps } from '../deps';
import {
  answers,
  collectable,
  creditExplanation,
  ledgerPosting,
  moment,
  pageOf,
  payeeForm,
  paging,
  settlementForm,
  statementForm,
  withdrawalForm,
} from '../forms';
import { givenKey, preferenceOf } from '../headers';
import { actorOf, type CallerRole } from '../identity';
import { idOf, newId } from './orders';

const access: readonly CallerRole[] = ['supplier', 'platform', 'service'];
/** Those who move a supplier's money: never the platform. */
const ofSupplier: readonly CallerRole[] = ['supplier', 'service'];
const supplierPath = z.strictObject({ supplier: opaqueId });
const idPath = z.strictObject({ id: opaqueId });
const listQuery = z.strictObject({ supplier: opaqueId, limit: paging.limit });
const listOf = (form: z.ZodType) => answers({ 200: z.strictObject({ items: z.array(form) }) });
const statementQuery = z
  .strictObject({ currency: currencyCode.default('USD'), from: moment, to: moment })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'not after `from`' });

export function supplierRoutes(api: Api, deps: ApiDeps): void {
  addCredit(api, deps);
  addLedger(api, deps);
  addPayees(api, deps);
  addWithdrawals(api, deps);
  addApproval(api, deps);
  addSettlements(api, deps);
}

/** Others' money is nobody's business: to a party, another supplier is not there. @throws Refused `member.not-found` */
async function assertSupplier(request: FastifyRequest, { store }: ApiDeps, supplier: string): Promise<void> {
  const { role, member } = actorOf(request);
  const isAllowed = role === 'platform' || (role === 'supplier' && member === supplier);
  const known = isAllowed ? await memberOf(store, supplier) : undefined;
  if (known?.account !== 'china-supplier') throw new Refused(refuse('member.not-found', supplier));
}

function addCredit(api: Api, deps: ApiDeps): void {
  api.get(
    '/v1/suppliers/:supplier/credit',
    {
      config: { access },
      schema: {
        operationId: 'getCredit',
        tags: ['suppliers'],
        summary: 'A supplier’s credit limit, and how it came about (R1, R3)',
        params: supplierPath,
        querystring: z.strictObject({ at: moment.optional() }),
        ...answers({ 200: creditExplanation.extend({ owed: z.array(money) }) }),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.params.supplier);
      const { limit } = await deps.ta.explainCredit(request.params.supplier, request.query.at ?? deps.now());
      return { ...limit, owed: await deps.funds.debts(request.params.supplier) };
    },
  );
}

const ledgerPlace = z.strictObject({ at: z.string(), id: z.string() });

function addLedger(api: Api, deps: ApiDeps): void {
  const { funds, store, secret } = deps;
  api.get(
    '/v1/suppliers/:supplier/ledger',
    {
      config: { access },
      schema: {
        operationId: 'getLedger',
        tags: ['suppliers'],
        summary: 'The postings on a supplier’s account, oldest first',
        params: supplierPath,
        querystring: z.strictObject(paging),
        ...answers({ 200: pageOf(ledgerPosting) }),
      },
    },
    async (request) => {
      const { supplier } = request.params;
      const { limit, cursor } = request.query;
      await assertSupplier(request, deps, supplier);
      const list = ['ledger', supplier];
      const after = cursor === undefined ? undefined : placeIn(secret, list, cursor, ledgerPlace);
      const found = await supplierPostings(store, supplier, limit + 1, after);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items,
        ...(found.length > limit && last && { next: cursorOf(secret, list, { at: last.at, id: last.id }) }),
      };
    },
  );
  api.get(
    '/v1/suppliers/:supplier/statement',
    {
      config: { access },
      schema: {
        operationId: 'getStatement',
        tags: ['suppliers'],
        summary:
          'The statement of a supplier’s account in one currency, from an instant or date on, before another (R18)',
        params: supplierPath,
        querystring: statementQuery,
        ...answers({ 200: statementForm }),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.params.supplier);
      return funds.statement({ ...request.params, ...request.query });
    },
  );
  api.get(
    '/v1/suppliers/:supplier/collectables',
    {
      config: { access },
      schema: {
        operationId: 'getCollectables',
        tags: ['suppliers'],
        summary: 'What the supplier may still collect of each order, and what it owes first (R2)',
        params: supplierPath,
        querystring: z.strictObject({ currency: currencyCode.default('USD') }),
        ...answers({ 200: z.strictObject({ items: z.array(collectable), owed: z.array(money) }) }),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.params.supplier);
      const { supplier } = request.params;
      return { items: await funds.collectables(supplier, request.query.currency), owed: await funds.debts(supplier) };
    },
  );
}

/** The id of what is asked for: of the key where there is one, so that asking again is the same. */
function requestId(request: FastifyRequest, reply: FastifyReply, kind: string): string {
  const key = givenKey(request, reply);
  return key === undefined ? newId(kind) : idOf(kind, actorOf(request), key);
}

const withdrawalBody = withdrawalRequest.omit({ id: true, by: true });
const payeePath = supplierPath.extend({ payee: opaqueId });

function addPayees(api: Api, deps: ApiDeps): void {
  const { funds } = deps;
  const tags = ['payees'];
  api.post(
    '/v1/suppliers/:supplier/payees',
    {
      config: { access: ofSupplier, rule: 'R9', again: 'key' },
      schema: {
        operationId: 'registerPayee',
        tags,
        summary: 'Register an account that the supplier’s money may be paid out to (R9); owner or finance',
        params: supplierPath,
        body: z.strictObject({ payee }),
        ...answers({ 201: payeeForm }),
      },
    },
    async (request, reply) => {
      const { supplier } = request.params;
      const as = actorOf(request);
      await assertSupplier(request, deps, supplier);
      const id = requestId(request, reply, 'payee');
      const registered = await funds.registerPayee({ id, supplier, payee: request.body.payee }, { as });
      return reply.code(201).header('location', `/v1/suppliers/${supplier}/payees`).send(registered);
    },
  );
  api.get(
    '/v1/suppliers/:supplier/payees',
    {
      config: { access },
      schema: {
        operationId: 'listPayees',
        tags,
        summary: 'The accounts that the supplier’s money may be paid out to, oldest first',
        params: supplierPath,
        ...listOf(payeeForm),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.params.supplier);
      return { items: await funds.payees(request.params.supplier) };
    },
  );
  for (const [name, summary, act] of [
    [
      'confirm',
      'Confirm a payee as a second person of the company: it can be used at once (R9)',
      funds.confirmPayee.bind(funds),
    ],
    ['remove', 'Take a payee off the list; what is on its way to it goes on (R9)', funds.removePayee.bind(funds)],
  ] as const) {
    api.post(
      `/v1/suppliers/:supplier/payees/:payee/${name}`,
      {
        config: { access: ofSupplier, rule: 'R9', again: 'Again it changes nothing.' },
        schema: {
          operationId: `${name}Payee`,
          tags,
          summary,
          params: payeePath,
          body: z.strictObject({}),
          ...answers({ 200: payeeForm }),
        },
      },
      async (request) => {
        const { supplier, payee: id } = request.params;
        await assertSupplier(request, deps, supplier);
        return act(supplier, id, { as: actorOf(request) });
      },
    );
  }
}

function addWithdrawals(api: Api, deps: ApiDeps): void {
  const { funds } = deps;
  const tags = ['withdrawals'];
  api.post(
    '/v1/withdrawals',
    {
      config: { access: ofSupplier, rule: 'R9', again: 'key' },
      schema: {
        operationId: 'withdraw',
        tags,
        summary:
          'Withdraw a supplier’s money of one or more orders; answers once it is reserved, with `Prefer: wait` once it has ended (R9)',
        body: withdrawalBody,
        ...answers({ 201: withdrawalForm }),
      },
    },
    async (request, reply) => {
      const as = actorOf(request);
      await assertSupplier(request, deps, request.body.supplier);
      const id = requestId(request, reply, 'w');
      const reserved = await funds.withdraw({ ...request.body, id }, { as });
      const { wait } = preferenceOf(request);
      const stands = wait === undefined ? reserved : await funds.awaitWithdrawal(id, { timeoutMs: wait * 1000 });
      return reply.code(201).header('location', `/v1/withdrawals/${id}`).send(stands);
    },
  );
  api.get(
    '/v1/withdrawals',
    {
      config: { access },
      schema: {
        operationId: 'listWithdrawals',
        tags,
        summary: 'A supplier’s withdrawals, the newest first',
        querystring: listQuery,
        ...listOf(withdrawalForm),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.query.supplier);
      return { items: await funds.withdrawals(request.query.supplier, request.query.limit) };
    },
  );
  api.get(
    '/v1/withdrawals/:id',
    {
      config: { access },
      schema: {
        operationId: 'getWithdrawal',
        tags,
        summary: 'A withdrawal as it stands',
        params: idPath,
        ...answers({ 200: withdrawalForm }),
      },
    },
    async (request) => {
      const found = await funds.withdrawal(request.params.id);
      assertOwn(request, found.supplier, 'withdrawal.not-found', found.id);
      return found;
    },
  );
}

function addApproval(api: Api, { funds }: ApiDeps): void {
  api.post(
    '/v1/withdrawals/:id/approve',
    {
      config: { access: ofSupplier, rule: 'R9', again: 'Again it changes nothing.' },
      schema: {
        operationId: 'approveWithdrawal',
        tags: ['withdrawals'],
        summary:
          'Approve a large withdrawal as a second person of the company; its money is reserved, the bank asked (R9)',
        params: idPath,
        body: z.strictObject({}),
        ...answers({ 200: withdrawalForm }),
      },
    },
    async (request) => {
      const { id, supplier } = await funds.withdrawal(request.params.id);
      assertOwn(request, supplier, 'withdrawal.not-found', id);
      return funds.approveWithdrawal(id, { as: actorOf(request) });
    },
  );
}

/** What is another's is not there. */
function assertOwn(
  request: FastifyRequest,
  supplier: string,
  code: 'withdrawal.not-found' | 'fx.not-found',
  id: string,
): void {
  const { role, member } = actorOf(request);
  if (role !== 'platform' && !(role === 'supplier' && member === supplier)) throw new Refused(refuse(code, id));
}

const settlementBody = z.strictObject({
  supplier: settlementRequest.shape.supplier,
  orders: settlementRequest.shape.orders,
});

function addSettlements(api: Api, deps: ApiDeps): void {
  const { funds } = deps;
  const tags = ['settlements'];
  api.post(
    '/v1/settlements',
    {
      config: { access: ofSupplier, rule: 'R4', again: 'key' },
      schema: {
        operationId: 'quoteSettlement',
        tags,
        summary: 'Have the bank quote CNY for a supplier’s money of one or more orders (R4)',
        body: settlementBody,
        ...answers({ 201: settlementForm }),
      },
    },
    async (request, reply) => {
      const as = actorOf(request);
      await assertSupplier(request, deps, request.body.supplier);
      const id = requestId(request, reply, 's');
      const quoted = await funds.quote({ ...request.body, id }, { as });
      return reply.code(201).header('location', `/v1/settlements/${id}`).send(quoted);
    },
  );
  api.get(
    '/v1/settlements',
    {
      config: { access },
      schema: {
        operationId: 'listSettlements',
        tags,
        summary: 'A supplier’s settlements, the newest first',
        querystring: listQuery,
        ...listOf(settlementForm),
      },
    },
    async (request) => {
      await assertSupplier(request, deps, request.query.supplier);
      return { items: await funds.settlements(request.query.supplier, request.query.limit) };
    },
  );
  api.get(
    '/v1/settlements/:id',
    {
      config: { access },
      schema: {
        operationId: 'getSettlement',
        tags,
        summary: 'A settlement as it stands',
        params: idPath,
        ...answers({ 200: settlementForm }),
      },
    },
    async (request) => {
      const found = await funds.settlement(request.params.id);
      assertOwn(request, found.supplier, 'fx.not-found', found.id);
      return found;
    },
  );
  api.post(
    '/v1/settlements/:id/settle',
    {
      config: { access: ofSupplier, rule: 'R4', again: 'Again it changes nothing.' },
      schema: {
        operationId: 'settle',
        tags,
        summary: 'Take the quote, before it expires (R4)',
        params: idPath,
        body: z.strictObject({}),
        ...answers({ 200: settlementForm }),
      },
    },
    async (request) => {
      const { id, supplier } = await funds.settlement(request.params.id);
      assertOwn(request, supplier, 'fx.not-found', id);
      return funds.settle(id, { as: actorOf(request) });
    },
  );
}
