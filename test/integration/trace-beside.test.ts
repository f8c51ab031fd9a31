/** Traces of what is beside the orders: an application, a withdrawal and what the relay does, each down to MongoDB. */
import { context, trace } from '@opentelemetry/api';
import { FundsClient, MembershipClient } from '../../clients';
import { inSpan, startTracing, stopTracing } from '../../config/tracing';
import { Relay } from '../../relay/relay';
import application from '../../seeds/enrolments/wenzhou-valves.json';
import { attributeOf, Collector } from '../support/collector';
import { drafts } from '../support/webhooks';
import { openWorld, type World } from '../support/world';

let collector: Collector;
let world: World;
beforeAll(async () => {
  collector = await new Collector().open();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  startTracing('test');
  world = await openWorld();
});
afterAll(async () => {
  await world.close();
  await collector.close();
});

/** Runs work as a request of that name would, and answers with the ids of its span. */
async function asRequest(name: string, work: () => Promise<unknown>): Promise<{ traceId: string; spanId: string }> {
  let ids = { traceId: '', spanId: '' };
  await inSpan(name, {}, async () => {
    ids = trace.getSpan(context.active())?.spanContext() ?? ids;
    await work();
  });
  return ids;
}

/** A supplier of this test alone: an application is one workflow for each supplier, also on a server that tests share. */
async function applicant(): Promise<string> {
  const { members } = world.store.collections;
  const [like, id] = [await members.findOne({ _id: 'sup-wenzhou-valves' }), world.orderId('sup')];
  if (!like) throw new Error('the seeds have a supplier that has not applied');
  await members.insertOne({ ...like, _id: id, id });
  return id;
}

test('an application, a withdrawal and the relay are traced from the call to MongoDB, by their own ids', async () => {
  const supplier = await applicant();
  const by = { role: 'supplier', member: supplier } as const;
  const applied = await asRequest('apply', () =>
    new MembershipClient(world.ta.options).send('apply', supplier, application as never, { as: by }),
  );
  const funds = new FundsClient(world.ta.options);
  const asked = await asRequest('withdraw', () =>
    // There is no money: what it is refused for comes out of MongoDB.
    funds
      .withdraw(
        {
          ...{ id: 'w-traced', supplier, channel: 'USD' },
          orders: [{ order: 'order-none', amount: { amount: 100_000, currency: 'USD' } }],
          payee: { name: 'Wenzhou Guquan Valve', account: '6222020200112233', bank: 'ICBC' },
        },
        { as: by },
      )
      .then(
        () => expect('refused').toBe('paid'),
        (fault: unknown) => expect(fault).toMatchObject({ code: expect.stringMatching(/^funds\./) as string }),
      ),
  );
  await drafts(world.store, 'order-relayed', new Date().toISOString());
  await relay().drain();
  await stopTracing(); // tells all that waits

  const spans = ({ traceId, spanId }: { traceId: string; spanId: string }) =>
    collector.tree(traceId, spanId).filter((line) => !line.includes('mongodb'));
  expect(spans(applied)).toEqual([
    'UpdateWithStartWorkflow:apply',
    '  enrolment apply',
    '    RunActivity:commitEnrolment',
  ]);
  expect(spans(asked)).toEqual([
    expect.stringMatching(/^UpdateWithStartWorkflow:/),
    '  effect reserveWithdrawal',
    '    RunActivity:reserveWithdrawal',
  ]);
  const told = collector.spans.find(({ name }) => name === 'relay fan-out');
  expect(told && attributeOf(told, 'ta.order')).toBe('order-relayed');
  expect(told && collector.tree(told.traceId, told.spanId)).toContain('mongodb update outbox');
  const [enrolment, withdrawal] = ['enrolment apply', 'effect reserveWithdrawal'].map((wanted) =>
    collector.spans.find(({ name }) => name === wanted),
  );
  expect(enrolment && attributeOf(enrolment, 'ta.enrolment')).toBe(supplier);
  expect(withdrawal && attributeOf(withdrawal, 'ta.withdrawal')).toBe('w-traced');
  expect(JSON.stringify(collector.spans)).not.toMatch(/Guquan|6222020200112233/);
});

const relay = () =>
  new Relay({
    store: world.store,
    call: () => Promise.resolve({ status: 204 }),
    onFailure: (fault) => {
      throw fault;
    },
  });
