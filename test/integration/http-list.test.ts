/** Listing orders over HTTP: every filter, pages that neither repeat nor leave out, CSV, and a party's own orders only. */
import { indexOrders } from '../../store/order-docs';
import { rebuild } from '../../store/read';
import { completeContract, draftData } from '../support/builders';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { as, lighting, openWorld, type World } from '../support/world';

const first = { role: 'buyer', member: 'buy-hamburg-home' } as const;
let world: World;
let http: HttpWorld;
const ids: string[] = [];

/** Seven orders of one pair, drafted one after the other; the last one with a purchase order, confirmed and paid. */
beforeAll(async () => {
  world = await openWorld();
  http = await openHttp(world);
  const { ta } = world;
  for (let n = 1; n <= 7; n += 1) {
    const id = world.orderId(`list-${String(n)}`);
    const contract = {
      ...lighting.contract,
      shipping: { ...lighting.contract.shipping, consignee: `Müller ${String(n)}, 汉堡` },
    };
    const source = n === 7 ? ({ kind: 'purchase-order', reference: 'PO 77' } as const) : lighting.source;
    await ta.start(id, { ...lighting, contract, source }, as.supplier);
    ids.push(id);
  }
  const last = ids[6]!;
  await ta.confirm(last, { revision: 1 }, as.supplier);
  await ta.confirm(last, { revision: 1 }, as.buyer);
  const { payTo = '', advance } = await ta.view(last);
  await ta.paymentCredited(
    last,
    { account: payTo, entryReference: 'BANK-77', amount: advance!, method: 'tt', valueDate: '2026-11-25' },
    as.bank,
  );
  await ta.registerExport(
    last,
    {
      exportOrder: 'E-1',
      declaration: 'DECL-2026-1',
      goods: [{ hsCode: '94051100', name: 'lamps', quantity: 1, unit: 'piece', value: advance! }],
    },
    as.supplier,
  );
});
afterAll(async () => {
  await http.close();
  await world.close();
});

const found = async (query: string, caller: Parameters<HttpWorld['call']>[0] = callers.platform) => {
  const { status, body } = await http.call(caller, 'GET', `/v1/orders?${query}`);
  return status === 200 ? (body.items as { id: string }[]).map(({ id }) => id) : [String(body.code)];
};

test.each([
  ['status=awaiting-shipment', [7]],
  ['status=negotiating,awaiting-shipment&sort=draftedAt', [1, 2, 3, 4, 5, 6, 7]],
  ['status=negotiating&status=awaiting-shipment&sort=-draftedAt', [7, 6, 5, 4, 3, 2, 1]],
  ['milestone=logistics', [7]],
  ['milestone=inflow&sort=draftedAt', [1, 2, 3, 4, 5, 6]],
  ['dispute=none&sort=draftedAt', [1, 2, 3, 4, 5, 6, 7]],
  ['dispute=open,escalated', []],
  ['scheme=trade-assurance&sort=draftedAt&limit=2', [1, 2]],
  ['scheme=secure-payment', []],
  ['declaration=decl-2026-1', [7]],
  ['purchaseOrder=PO 77', [7]],
  ['bankReference=BANK-77', [7]],
  ['bankReference=BANK-7', []],
  ['q=muller 3', [3]],
  ['q=汉堡', [7, 6, 5, 4, 3, 2, 1]],
  ['q=Müller lamps', []],
  ['confirmedFrom=2020-01-01', [7]],
  ['draftedTo=2020-01-01', []],
  ['supplier=sup-ningbo-lighting&sort=draftedAt', [1, 2, 3, 4, 5, 6, 7]],
  ['supplier=sup-yiwu-gifts', []],
  ['buyer=buy-hamburg-home&status=awaiting-shipment', [7]],
])('GET /v1/orders?%s', async (query, expected) => {
  expect(await found(query)).toEqual(expected.map((n) => ids[n - 1]));
});

test.each([
  'status=open',
  'q=',
  'limit=0',
  'limit=1000',
  'colour=red',
  'sort=total',
  'q=lamp&sort=-updatedAt',
  'draftedFrom=soon',
])('GET /v1/orders?%s is refused', async (query) => expect(await found(query)).toEqual(['request.invalid']));

test.each(['draftedAt', '-draftedAt', 'updatedAt', '-updatedAt'])(
  'pages by %s neither repeat nor leave out',
  async (sort) => {
    const whole = await found(`sort=${sort}`);
    const paged: string[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const { body } = await http.call(
        callers.platform,
        'GET',
        `/v1/orders?sort=${sort}&limit=3${next && `&cursor=${next}`}`,
      );
      paged.push(...(body.items as { id: string }[]).map(({ id }) => id));
      next = body.next;
    }
    expect(paged).toEqual(whole);
  },
);

test('a cursor is of its list and its caller', async () => {
  const { body } = await http.call(callers.platform, 'GET', '/v1/orders?limit=3');
  expect(await found(`limit=3&cursor=${String(body.next)}&status=negotiating`)).toEqual(['cursor.invalid']);
  expect(await found(`limit=3&cursor=${String(body.next)}`, first)).toEqual(['cursor.invalid']);
  expect(await found(`limit=3&cursor=x${String(body.next)}`)).toEqual(['cursor.invalid']);
});

test('a party finds its own orders only, whatever it asks for', async () => {
  expect(await found('sort=draftedAt', first)).toEqual(ids);
  expect(await found('', callers.otherSupplier)).toEqual([]);
  expect(await found('supplier=sup-ningbo-lighting', callers.otherSupplier)).toEqual([]);
  expect(await found('q=muller', { role: 'buyer', member: 'buy-lyon-toys' })).toEqual([]);
});

test('as CSV all of them come, with a head', async () => {
  for (const [query, headers] of [
    ['format=csv', {}],
    ['', { accept: 'text/csv' }],
  ] as const) {
    const csv = await http.call(callers.supplier, 'GET', `/v1/orders?sort=draftedAt&${query}`, { headers });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const lines = csv.text.trim().split('\r\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['id', ...ids]);
    expect(lines[7]).toContain(',PO 77,USD,23360.00,16352.00,');
  }
});

test('nobody has complained: nothing waits for the platform’s ruling', async () => {
  expect((await http.call(callers.platform, 'GET', '/v1/arbitration')).body).toEqual({ items: [] });
});

test('a contract of which little is known is listed, too', async () => {
  const id = world.orderId('bare');
  await world.ta.start(
    id,
    {
      ...draftData({ contract: { product: completeContract().product } }),
      supplier: lighting.supplier,
      buyer: lighting.buyer,
    },
    as.supplier,
  );
  expect(await found('q=panel')).toContain(id);
});

test('an order that was stored before there was an index is found once it has been set up', async () => {
  const { store } = world;
  await store.collections.orders.updateOne({ _id: ids[2]! }, { $unset: { index: '' } });
  expect(await found('q=muller 3')).toEqual([]);
  expect([await indexOrders(store), await indexOrders(store)]).toEqual([1, 0]);
  expect(await found('q=muller 3')).toEqual([ids[2]]);
  expect((await rebuild(store, { check: true })).differing).toEqual([]);
});
