/** Webhooks and mails over HTTP: subscribe to what happens, see what was told, have it told again. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mail } from '../../../domain/mails';
import { opaqueId } from '../../../domain/member';
import { delivery, replayPoint, subscription, subscriptionChanges, subscriptionTerms } from '../../../domain/webhooks';
import { listMails, retryMails } from '../../../store/mails';
import { asyncApi } from '../../asyncapi';
import { WebhookClient, type Manager } from '../../webhooks';
import type { Api, ApiDeps } from '../deps';
import { answers } from '../forms';
import { givenKey } from '../headers';
import { actorHeader, actorOf, callerOf, platformOnly, traders } from '../identity';

const path = z.strictObject({ webhook: opaqueId });
const limit = z.coerce.number().int().min(1).max(500).default(50);
const deliveryQuery = z.strictObject({ state: delivery.shape.state.optional(), order: opaqueId.optional(), limit });
const mailQuery = z.strictObject({ state: mail.shape.state.optional(), order: opaqueId.optional(), limit });

const shown = subscription
  .omit({ secrets: true, asked: true })
  .extend({ secrets: z.array(subscription.shape.secrets.element.omit({ secret: true, asked: true })) })
  .meta({ id: 'Webhook', description: 'A subscription, without its secrets' });
const withSecret = z.strictObject({ subscription: shown, secret: z.string() });
const told = delivery.meta({ id: 'Delivery' });

export function webhookRoutes(api: Api, deps: ApiDeps): void {
  const { store, settings, now } = deps;
  const hooks = new WebhookClient({ store, allowPrivate: settings.webhooks.allowPrivate, now });
  addSubscriptions(api, hooks);
  addTelling(api, hooks);
  addMails(api, deps);
  const document = asyncApi();
  api.get('/v1/asyncapi.json', { config: { access: 'public' }, schema: { hide: true } }, () => document);
}

/** Whose webhooks are meant: the caller's, or those of the party that a service names. */
function managerOf(request: FastifyRequest): Manager {
  const caller = callerOf(request);
  if (caller.role === 'service' && request.headers[actorHeader] === undefined)
    return { role: 'service', member: caller.member };
  const { role, member, user } = actorOf(request);
  return { role: role as Manager['role'], member, ...(user !== undefined && { user }) };
}

const tags = ['webhooks'];

function addSubscriptions(api: Api, hooks: WebhookClient): void {
  const config = { access: traders };
  api.post(
    '/v1/webhooks',
    {
      config: { ...config, again: 'key' },
      schema: {
        operationId: 'addWebhook',
        tags,
        summary: 'Subscribe to events of your orders; the secret is shown this once, and again under the same key',
        body: subscriptionTerms,
        ...answers({ 201: withSecret }),
      },
    },
    async (request, reply) => {
      const added = await hooks.add(managerOf(request), request.body, givenKey(request, reply));
      return reply.code(201).header('location', `/v1/webhooks/${added.subscription.id}`).send(added);
    },
  );
  api.get(
    '/v1/webhooks',
    {
      config,
      schema: {
        operationId: 'listWebhooks',
        tags,
        summary: 'Your webhooks; of the platform all',
        ...answers({ 200: z.strictObject({ items: z.array(shown) }) }),
      },
    },
    async (request) => ({ items: await hooks.list(managerOf(request)) }),
  );
  api.get(
    '/v1/webhooks/:webhook',
    {
      config,
      schema: {
        operationId: 'getWebhook',
        tags,
        summary: 'A webhook and how it does',
        params: path,
        ...answers({ 200: shown }),
      },
    },
    (request) => hooks.find(managerOf(request), request.params.webhook),
  );
  const change = { operationId: 'changeWebhook', tags, summary: 'Change it, pause it, or make it active' };
  api.patch(
    '/v1/webhooks/:webhook',
    { config, schema: { ...change, params: path, body: subscriptionChanges, ...answers({ 200: shown }) } },
    (request) => hooks.change(managerOf(request), request.params.webhook, request.body),
  );
  api.delete(
    '/v1/webhooks/:webhook',
    {
      config,
      schema: {
        operationId: 'removeWebhook',
        tags,
        summary: 'Take it away with its log',
        params: path,
        ...answers({ 204: z.undefined() }),
      },
    },
    async (request, reply) => {
      await hooks.remove(managerOf(request), request.params.webhook);
      return reply.code(204).send();
    },
  );
  const rotate = {
    operationId: 'rotateWebhookSecret',
    tags,
    summary: 'A new secret; the one before signs along for a day',
  };
  api.post(
    '/v1/webhooks/:webhook/secret',
    { config: { ...config, again: 'key' }, schema: { ...rotate, params: path, ...answers({ 200: withSecret }) } },
    (request, reply) => hooks.rotate(managerOf(request), request.params.webhook, givenKey(request, reply)),
  );
}

function addTelling(api: Api, hooks: WebhookClient): void {
  const config = { access: traders };
  const test = { operationId: 'testWebhook', tags, summary: 'Send a test call; its delivery says how it went' };
  api.post(
    '/v1/webhooks/:webhook/test',
    {
      config: { ...config, again: 'Again it is another test call.' },
      schema: { ...test, params: path, ...answers({ 202: told }) },
    },
    async (request, reply) => reply.code(202).send(await hooks.test(managerOf(request), request.params.webhook)),
  );
  const list = { operationId: 'listDeliveries', tags, summary: 'What was told and what waits, newest first' };
  api.get(
    '/v1/webhooks/:webhook/deliveries',
    {
      config,
      schema: {
        ...list,
        params: path,
        querystring: deliveryQuery,
        ...answers({ 200: z.strictObject({ items: z.array(told) }) }),
      },
    },
    async (request) => ({
      items: await hooks.deliveries(managerOf(request), request.params.webhook, request.query),
    }),
  );
  const replay = {
    operationId: 'replayWebhook',
    tags,
    summary: 'Tell again, from an instant or a version of an order on',
  };
  api.post(
    '/v1/webhooks/:webhook/replay',
    {
      config: { ...config, again: 'Again it begins anew; a receiver knows each call by its `webhook-id`.' },
      schema: { ...replay, params: path, body: replayPoint, ...answers({ 202: shown }) },
    },
    async (request, reply) =>
      reply.code(202).send(await hooks.replay(managerOf(request), request.params.webhook, request.body)),
  );
}

function addMails(api: Api, { store, now }: ApiDeps): void {
  const config = { access: platformOnly };
  api.get(
    '/v1/mails',
    {
      config,
      schema: {
        operationId: 'listMails',
        tags: ['mails'],
        summary: 'Mails and what became of them',
        querystring: mailQuery,
        ...answers({ 200: z.strictObject({ items: z.array(mail) }) }),
      },
    },
    async (request) => ({ items: await listMails(store, request.query) }),
  );
  api.post(
    '/v1/mails/retry',
    {
      config: { ...config, again: 'Again it tries those that are parked again.' },
      schema: {
        operationId: 'retryMails',
        tags: ['mails'],
        summary: 'Try parked mails again, all of them or those of one order',
        body: z.strictObject({ order: opaqueId.optional() }),
        ...answers({ 200: z.strictObject({ retried: z.int() }) }),
      },
    },
    async (request) => ({ retried: await retryMails(store, now(), request.body.order) }),
  );
}
