/** The seeded world is valid, hangs together, and holds the cases that the rules need (R12, R13, R40–R45, R58). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { advanceOf, completeness, contract, totalOf } from '../../domain/contract';
import { creditFact, entryKey, limitOf, limitPolicy, rate, type CreditEntry } from '../../domain/credit';
import { regionPolicy } from '../../domain/eligibility';
import { member, product } from '../../domain/member';
import { messages } from '../../domain/messages';

const seed = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../../seeds', `${name}.json`), 'utf8')) as unknown;

const members = z.array(member).parse(seed('members'));
const products = z.array(product).parse(seed('products'));
const regions = regionPolicy.parse(seed('policies/regions-v1'));
const pastOrders = z.array(creditFact).parse(seed('past-orders'));
const lighting = messages.draft.data.parse(seed('orders/lighting'));
const policies = [limitPolicy.parse(seed('policies/ta-limit-v1'))];

const byId = new Map(members.map((m) => [m.id, m]));
const suppliers = members.filter(({ account }) => account === 'china-supplier');
const buyers = members.filter(({ account }) => account !== 'china-supplier');
const limitsAt = '2026-11-01T00:00:00.000Z';

describe('members', () => {
  test('have unique ids and emails', () => {
    expect(new Set(members.map(({ id }) => id)).size).toBe(members.length);
    expect(new Set(members.map(({ contact }) => contact.email)).size).toBe(members.length);
  });

  test('are companies of people: each has an owner, and no two people share an address', () => {
    const users = members.flatMap((m) => m.users ?? []);
    expect(new Set(users.map(({ email }) => email)).size).toBe(users.length);
    for (const { id, users: people = [] } of members) {
      expect({ id, owners: people.filter(({ role }) => role === 'owner').length }).toEqual({ id, owners: 1 });
      expect(new Set(people.map((user) => user.id)).size).toBe(people.length);
    }
  });

  test('R12, R13, R58: a dozen suppliers of several cities, with the special cases among them', () => {
    expect(suppliers).toHaveLength(12);
    expect(suppliers.every(({ localName }) => localName !== undefined)).toBe(true);
    expect(new Set(suppliers.map(({ city }) => city)).size).toBeGreaterThanOrEqual(8);
    const [hongKong, ...moreAbroad] = suppliers.filter(({ country }) => country !== 'CN');
    expect(hongKong).toMatchObject({ country: 'HK' });
    expect(moreAbroad).toEqual([]);
    const mainland = suppliers.filter(({ country }) => country === 'CN').map(({ tradeAssurance }) => tradeAssurance);
    expect(mainland.filter((state) => state === 'none')).toHaveLength(1);
    expect(mainland.filter((state) => state === 'suspended')).toHaveLength(1);
    expect(mainland.filter((state) => state === 'activated')).toHaveLength(9);
  });

  test('R40, R41, R45: buyers of both overseas accounts, a domestic free one, and one of a country not served', () => {
    const paid = buyers.filter(({ account }) => account === 'overseas-paid');
    expect(new Set(paid.map(({ country }) => country)).size).toBeGreaterThanOrEqual(3);
    expect(buyers.filter(({ account }) => account === 'overseas-free').length).toBeGreaterThanOrEqual(3);
    expect(buyers.filter(({ account }) => account === 'domestic-free')).toMatchObject([{ country: 'CN' }]);
    expect(buyers.filter(({ country }) => regions.notServed.includes(country))).toMatchObject([{ country: 'IR' }]);
  });
});

test('R45: the list of countries not served is the guide’s', () => {
  expect(regions).toMatchObject({ id: 'regions/v1', effectiveFrom: '2015-03-31T16:00:00.000Z' });
  expect([...regions.notServed].sort()).toEqual(['CU', 'EG', 'IR', 'KP', 'MM', 'SD', 'SY']);
});

test('products have unique ids, and every supplier has two or three', () => {
  expect(new Set(products.map(({ id }) => id)).size).toBe(products.length);
  for (const { id } of suppliers) {
    const count = products.filter(({ supplier }) => supplier === id).length;
    expect({ id, enough: count === 2 || count === 3 }).toEqual({ id, enough: true });
  }
  const owners = new Set(suppliers.map(({ id }) => id));
  expect(products.filter(({ supplier }) => !owners.has(supplier))).toEqual([]);
});

describe('past orders', () => {
  const byBooking = [...pastOrders].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const books = new Map<string, CreditEntry[]>();
  for (const fact of byBooking) {
    const book = books.get(fact.supplier) ?? [];
    books.set(fact.supplier, [...book, rate(book, fact, policies)]);
  }

  test('are unique, of members that exist, and of the two years before November 2026', () => {
    expect(new Set(pastOrders.map(entryKey)).size).toBe(pastOrders.length);
    for (const fact of pastOrders) {
      expect(byId.get(fact.supplier)).toMatchObject({ account: 'china-supplier' });
      expect(fact.at >= '2024-11-01' && fact.at < limitsAt).toBe(true);
      if (fact.event !== 'order.completed') continue;
      expect(fact.order).toMatch(/^past-\d{4}$/);
      expect(byId.get(fact.inputs.buyer)?.account).toMatch(/^overseas/);
    }
  });

  test('stand in the order of their booking, so that a loader may take them one by one', () => {
    expect(pastOrders).toEqual(byBooking);
  });

  test('complaints are about orders that exist', () => {
    const orders = new Map(
      pastOrders.flatMap((fact) => (fact.event === 'order.completed' ? [[fact.order, fact.supplier] as const] : [])),
    );
    const complaints = pastOrders.filter((fact) => fact.event === 'complaint.upheld');
    expect(complaints.length).toBeGreaterThan(0);
    for (const { order, supplier } of complaints) expect(orders.get(order)).toBe(supplier);
  });

  test('R37: yield every grade from 0 to 5', () => {
    const grades = [...books.values()].map((book) => limitOf(book, policies, limitsAt).grade);
    expect([...new Set(grades)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('R58: two upheld complaints, and only they, have suspended a supplier', () => {
    for (const [supplier, book] of books) {
      const { suspended } = limitOf(book, policies, limitsAt);
      expect({ supplier, suspended }).toEqual({
        supplier,
        suspended: byId.get(supplier)?.tradeAssurance === 'suspended',
      });
    }
  });

  test('R13: a supplier that has not activated Trade Assurance, or cannot, has no past orders', () => {
    for (const supplier of books.keys()) expect(byId.get(supplier)?.tradeAssurance).not.toBe('none');
  });
});

describe('the lighting order', () => {
  const terms = contract.parse(lighting.contract);

  test('R53: is complete, by an activated supplier, for a buyer in Hamburg', () => {
    expect(completeness(lighting.contract)).toEqual({ percent: 100, missing: [] });
    expect(byId.get(lighting.supplier)).toMatchObject({ city: 'Ningbo', tradeAssurance: 'activated' });
    expect(byId.get(lighting.buyer)).toMatchObject({ city: 'Hamburg', account: 'overseas-free' });
    expect(terms.shipping).toMatchObject({ method: 'sea', incoterm: 'FOB', shipBy: '2030-12-31' });
  });

  test('its lines are the supplier’s products, at their price and above their minimum', () => {
    expect(terms.product.lines).toHaveLength(2);
    for (const line of terms.product.lines) {
      const known = products.find(({ id }) => id === line.product);
      expect(known).toMatchObject({
        supplier: lighting.supplier,
        name: line.name,
        hsCode: line.hsCode,
        unit: line.unit,
        unitPrice: line.unitPrice,
      });
      expect(line.quantity).toBeGreaterThanOrEqual(known?.minimumOrder ?? Infinity);
    }
  });

  test('R31: makes USD 23,360.00, of which 30 % in advance', () => {
    expect(totalOf(terms)).toEqual({ amount: 2_336_000, currency: 'USD' });
    expect(advanceOf(totalOf(terms), terms.payment.advancePercent)).toEqual({ amount: 700_800, currency: 'USD' });
  });
});
