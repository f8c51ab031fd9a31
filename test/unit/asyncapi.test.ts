/** The AsyncAPI document is one by AsyncAPI's own schema, leaves nothing out, and says what is really sent. */
import specs from '@asyncapi/specs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { asyncApi } from '../../clients/asyncapi';
import { sentEnrolmentMessages } from '../../domain/enrolment-messages';
import { fold } from '../../domain/evolve';
import { publicMessageNames } from '../../domain/messages';
import type { Order } from '../../domain/order';
import { eventTypes, orderChangedOf } from '../../domain/webhooks';
import { completed, given, mainRoad, supplier } from '../support/builders';

const document = asyncApi() as {
  channels: Record<string, { messages: object }>;
  components: { messages: Record<string, { payload: object }>; schemas: Record<string, object> };
};

const validator = () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  return ajv;
};

test('is valid AsyncAPI 3.0.0', () => {
  const schema = specs.schemasWithoutId['3.0.0'] as object;
  const ajv = validator();
  const isValid = ajv.validate(schema, document);
  expect(ajv.errors?.slice(0, 3) ?? []).toEqual([]);
  expect(isValid).toBe(true);
  expect(ajv.validate(schema, { ...document, channels: { webhooks: { messages: 'none' } } })).toBe(false);
});

test('every reference leads somewhere', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
  const broken = refs.filter((path) => {
    let at: unknown = document;
    for (const key of path.split('/')) at = (at as Record<string, unknown> | undefined)?.[key];
    return at === undefined;
  });
  expect(refs.length).toBeGreaterThan(100);
  expect([...new Set(broken)]).toEqual([]);
});

test('has every event and every message that may be sent', () => {
  const { schemas } = document.components;
  expect(eventTypes.filter((type) => !schemas[`event.${type}`])).toEqual([]);
  expect(Object.keys(document.channels.orders?.messages ?? {})).toEqual(publicMessageNames);
  expect(Object.keys(document.channels.enrolments?.messages ?? {})).toEqual(sentEnrolmentMessages);
});

test('R35 what is sent has the form that it says, hidden reviews, too', () => {
  const ajv = validator();
  const payload = { ...document.components.messages['order.changed']?.payload, components: document.components };
  const check = ajv.compile(payload);
  for (const { journal } of [given(mainRoad()), given(completed(), supplier('review', { stars: 5 }))])
    for (const entry of journal) {
      const types = entry.events.map(({ type }) => type);
      const body = orderChangedOf('evt_1', entry, types, fold(journal) as Order);
      check(body);
      expect({ types, errors: check.errors ?? [] }).toEqual({ types, errors: [] });
    }
  expect(check({ id: 'x', type: 'order.changed' })).toBe(false);
});
