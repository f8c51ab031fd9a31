/**
 * AsyncAPI 3.0 of everything that goes in and out as a message: the calls of webhooks with every event, and every message that
 * an order or an application takes. Made from the message tables and the events' forms.
 */
import { z } from 'zod';
import { enrolmentMessages, sentEnrolmentMessages } from '../domain/enrolment-messages';
import { orderEvent } from '../domain/events';
import { actor, messageId, messages, publicMessageNames } from '../domain/messages';
import { person } from '../domain/users';
import { orderChanged, webhookTest } from '../domain/webhooks';

type Json = Record<string, unknown>;

/** The document. */
export function asyncApi(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Trade Assurance',
      version: '1',
      description:
        'What is told by webhooks, and the messages that orders and applications take. Money is in integer minor units with ' +
        'a currency; instants are ISO 8601 in UTC.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: {
      messages: { ...told, ...taken(messages, publicMessageNames), ...taken(enrolmentMessages, sentEnrolmentMessages) },
      schemas: { ...eventSchemas, ...sentSchemas },
      messageTraits: { signed: { headers: signatureHeaders } },
    },
  };
}

const ref = (path: string): Json => ({ $ref: `#/${path}` });

/** JSON Schema as AsyncAPI takes it. */
function schemaOf(form: z.ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return schema;
}

const signatureHeaders: Json = {
  type: 'object',
  description: 'Standard Webhooks',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'The same each time an event is told' },
    'webhook-timestamp': {
      type: 'string',
      pattern: String.raw`^\d+$`,
      description: 'Of the attempt, in seconds since 1970',
    },
    'webhook-signature': {
      type: 'string',
      description: '`v1,` and the signature in Base64; several with blanks between',
    },
  },
};

// --- what is told

const eventName = (type: string): string => `event.${type}`;
const eventSchemas = Object.fromEntries(
  orderEvent.options.map((form) => [eventName(form.shape.type.value), schemaOf(form)]),
);

/** The call, with its events by reference. */
function changedSchema(): Json {
  const schema = schemaOf(orderChanged) as { properties: { data: { properties: { events: Json } } } } & Json;
  const hidden = z.toJSONSchema(orderChanged.shape.data.shape.events.element.options[1], { target: 'draft-7' });
  const { $schema: _, ...review } = hidden;
  const events = orderEvent.options.map((form) => ref(`components/schemas/${eventName(form.shape.type.value)}`));
  schema.properties.data.properties.events = {
    type: 'array',
    minItems: 1,
    items: { anyOf: [...events, { ...review, description: 'R35: a review that is not published yet' }] },
  };
  return schema;
}

const told = {
  'order.changed': {
    name: 'order.changed',
    title: 'An order has changed',
    summary: 'What one message did to an order: those of its events that the subscription has asked for',
    traits: [ref('components/messageTraits/signed')],
    payload: changedSchema(),
  },
  'webhook.test': {
    name: 'webhook.test',
    title: 'A test call',
    summary: 'Sent on demand; it tells of no order',
    traits: [ref('components/messageTraits/signed')],
    payload: schemaOf(webhookTest),
  },
};

// --- what is taken

interface Entry {
  says: string;
  rule: string;
  data: z.ZodType;
  from: readonly string[];
}

const dataName = (name: string): string => `data.${name}`;
const envelopeOf = (name: string, sender: z.ZodType): Json => ({
  type: 'object',
  additionalProperties: false,
  required: ['id', 'actor', 'data'],
  properties: { id: schemaOf(messageId), actor: schemaOf(sender), data: ref(`components/schemas/${dataName(name)}`) },
});

const taken = <Name extends string>(table: Readonly<Record<Name, Entry>>, names: readonly Name[]): Json =>
  Object.fromEntries(
    names.map((name) => {
      const { says, rule, from } = table[name];
      const sender = name in messages ? actor : person;
      return [
        name,
        { name, title: says, summary: `${rule}. From: ${from.join(', ')}.`, payload: envelopeOf(name, sender) },
      ];
    }),
  );

const sentSchemas = Object.fromEntries([
  ...publicMessageNames.map((name) => [dataName(name), schemaOf(messages[name].data)] as const),
  ...sentEnrolmentMessages.map((name) => [dataName(name), schemaOf(enrolmentMessages[name].data)] as const),
]);

// --- where

const listed = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, ref(`components/messages/${name}`)]));

const channels = {
  webhooks: {
    address: null,
    title: 'The receiver’s own address',
    description: 'POST to the address of a subscription. An order’s versions come in order; a call may come twice.',
    messages: listed(Object.keys(told)),
  },
  orders: {
    address: 'ta-order-{order}',
    title: 'The workflow of an order',
    description:
      'Each is a Signal and an Update of the same name. Over HTTP: POST /v1/orders/{order}/messages/{name} with the data as ' +
      'the body; the id is the Idempotency-Key, the actor is who calls.',
    parameters: { order: { description: 'The order’s id' } },
    messages: listed(publicMessageNames),
  },
  enrolments: {
    address: 'ta-enrolment-{supplier}',
    title: 'The workflow of an application for Trade Assurance',
    description: 'Each is a Signal and an Update of the same name.',
    parameters: { supplier: { description: 'The member’s id' } },
    messages: listed(sentEnrolmentMessages),
  },
};

const operationOf = (action: 'send' | 'receive', channel: keyof typeof channels, summary: string): Json => ({
  action,
  summary,
  channel: ref(`channels/${channel}`),
  messages: Object.keys(channels[channel].messages).map((name) => ref(`channels/${channel}/messages/${name}`)),
});

const operations = {
  tell: operationOf('send', 'webhooks', 'Tell a subscriber what happened'),
  takeForOrder: operationOf('receive', 'orders', 'Take a message for an order'),
  takeForApplication: operationOf('receive', 'enrolments', 'Take a message for an application'),
};
