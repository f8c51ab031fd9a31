/** What operators do over HTTP beside their messages to orders: money in suspense, with four eyes; and the policies, for all. */
import { z } from 'zod';
import { opaqueId } from '../../../domain/member';
import { suspenseAction, suspenseState } from '../../../domain/suspense';
import { listPolicies } from '../../../store/policies';
import type { Api, ApiDeps } from '../deps';
import { answers, policyForm, suspenseForm } from '../forms';
import { actorOf, everybody, platformOnly } from '../identity';

const itemPath = z.strictObject({ item: opaqueId });
/** The number of the proposal that is meant: 409 `approval.none` when another one has taken its place. */
const ofProposal = z.strictObject({ proposal: z.int().positive() });
const tags = ['platform'];
const oneItem = answers({ 200: suspenseForm });

export function platformRoutes(api: Api, deps: ApiDeps): void {
  addSuspense(api, deps);
  addPolicies(api, deps);
}

function addSuspense(api: Api, { suspense }: ApiDeps): void {
  const config = { access: platformOnly, rule: 'R30' };
  api.get(
    '/v1/suspense',
    {
      config,
      schema: {
        operationId: 'listSuspense',
        tags,
        summary: 'Money in suspense that waits for an operator, oldest first; or what is in the states asked for (R30)',
        querystring: z.strictObject({
          state: z
            .union([suspenseState, z.array(suspenseState)])
            .transform((given) => [given].flat())
            .optional(),
        }),
        ...answers({ 200: z.strictObject({ items: z.array(suspenseForm) }) }),
      },
    },
    async ({ query }) => ({ items: await suspense.list(query.state) }),
  );
  api.post(
    '/v1/suspense/:item/propose',
    {
      config: { ...config, again: 'Said anew, the newer word counts.' },
      schema: {
        operationId: 'proposeSuspense',
        tags,
        summary: 'Say what is to become of an item: to which order it belongs, or that it goes back (R30)',
        params: itemPath,
        body: z.strictObject({ action: suspenseAction, why: z.string().trim().min(1).max(500) }),
        ...oneItem,
      },
    },
    (request) => suspense.propose(request.params.item, request.body.action, request.body.why, actorOf(request)),
  );
  api.post(
    '/v1/suspense/:item/approve',
    {
      config: { ...config, again: 'Again it does what is left to be done.' },
      schema: {
        operationId: 'approveSuspense',
        tags,
        summary: 'Approve what another operator has put forward, and do it (R30)',
        params: itemPath,
        body: ofProposal,
        ...oneItem,
      },
    },
    (request) => suspense.approve(request.params.item, request.body.proposal, actorOf(request)),
  );
  api.post(
    '/v1/suspense/:item/disapprove',
    {
      config: { ...config, again: 'Again it is refused, and changes nothing.' },
      schema: {
        operationId: 'disapproveSuspense',
        tags,
        summary: 'Turn down what was put forward; the item is open again (R30)',
        params: itemPath,
        body: ofProposal,
        ...oneItem,
      },
    },
    (request) => suspense.disapprove(request.params.item, request.body.proposal, actorOf(request)),
  );
}

function addPolicies(api: Api, { store }: ApiDeps): void {
  api.get(
    '/v1/policies',
    {
      config: { access: everybody, rule: 'R56' },
      schema: {
        operationId: 'listPolicies',
        tags: ['policies'],
        summary: 'Every version of every policy: what is in force from when (R56)',
        querystring: z.strictObject({
          name: z
            .string()
            .regex(/^[a-z-]{1,40}$/)
            .optional(),
        }),
        ...answers({ 200: z.strictObject({ items: z.array(policyForm) }) }),
      },
    },
    async ({ query }) => ({ items: await listPolicies(store, query.name) }),
  );
}
