/** One trace from the request over HTTP through client, workflow and activity to MongoDB, told to a collector by OTLP. */
import { PassThrough } from 'node:stream';
import { logOf } from '../../config/log';
import { isTraced, orderAttribute, startTracing, stopTracing } from '../../config/tracing';
import { attributeOf, Collector } from '../support/collector';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { lighting, openWorld, type World } from '../support/world';

let collector: Collector;
let world: World;
let http: HttpWorld;
const log = new PassThrough();
beforeAll(async () => {
  startTracing('none', {});
  expect(isTraced()).toBe(false);
  collector = await new Collector().open();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  startTracing('test');
  world = await openWorld();
  http = await openHttp(world, {}, undefined, {}, logOf('api', 'debug', log));
});
afterAll(async () => {
  await http.close();
  await world.close();
  await collector.close();
});

test('a confirmed order is one trace: HTTP, client, workflow, activity, MongoDB, each with the order', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const caller = '00f067aa0ba902b7';
  const headers = { traceparent: `00-${traceId}-${caller}-01` };
  const drafted = await http.call(callers.supplier, 'POST', '/v1/orders', { body: lighting });
  const { order } = drafted.body as { order: string };
  const confirmed = await http.call(callers.supplier, 'POST', `/v1/orders/${order}/messages/confirm`, {
    body: { revision: 1 },
    headers,
  });
  expect(confirmed).toMatchObject({ status: 200, body: { status: 'awaiting-buyer' } });
  await stopTracing(); // tells all that waits

  const tree = collector.tree(traceId, caller);
  expect(tree.filter((line) => !line.includes('mongodb'))).toEqual([
    'POST /v1/orders/:order/messages/confirm',
    '  StartWorkflowUpdate:confirm',
    '    order confirm',
    '      RunActivity:commit',
  ]);
  expect(tree.filter((line) => line.startsWith('        mongodb '))).toEqual(
    expect.arrayContaining([
      '        mongodb update orders',
      '        mongodb insert journal',
      '        mongodb commitTransaction',
    ]),
  );
  // No span of the trace hangs in the air.
  expect(tree).toHaveLength(collector.ofTrace(traceId).length);
  for (const name of ['POST /v1/orders/:order/messages/confirm', 'order confirm', 'RunActivity:commit']) {
    const span = collector.ofTrace(traceId).find((one) => one.name === name);
    expect({ name, order: span && attributeOf(span, orderAttribute) }).toEqual({ name, order });
  }
  // The log of the request has the trace and the order, too.
  const lines = String(log.read()).trim().split('\n');
  const line = lines.map((one) => JSON.parse(one) as Record<string, unknown>).find((one) => one.trace_id === traceId);
  expect(line).toMatchObject({ msg: 'request', order, status: 200 });
  // Nothing of the order's content is in a span.
  expect(JSON.stringify(collector.spans)).not.toContain(lighting.contract.product?.lines[0]?.name);
});
