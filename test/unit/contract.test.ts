/** The contract: completeness (R53), contradictions (R15, R16, R43), total and advance (R31). */
import fc from 'fast-check';
import {
  advanceOf,
  completeness,
  contract,
  contractDraft,
  contractRefusal,
  totalOf,
  type ContractDraft,
} from '../../domain/contract';
import { moneyOf } from '../../domain/money';
import { schemeInForce } from '../../domain/scheme';
import { completeContract, startsAt, usd } from '../support/builders';

const scheme = schemeInForce('trade-assurance', '2026-01-01T00:00:00.000Z');
const refusalOf = (draft: ContractDraft, at = startsAt) => contractRefusal(draft, scheme, at);
const [firstLine] = completeContract().product.lines;
if (!firstLine) throw new Error('the builder’s contract has lines');
const linesOf = (quantity: number, unitPrice: number) => ({
  product: { lines: [{ ...firstLine, quantity, unitPrice: moneyOf(unitPrice, 'USD') }] },
});

describe('completeness (填写完整率, R53)', () => {
  test('R53: an empty contract lists all sixteen required fields', () => {
    expect(completeness({})).toEqual({
      percent: 0,
      missing: [
        'product.lines.0.name',
        'product.lines.0.hsCode',
        'product.lines.0.quantity',
        'product.lines.0.unit',
        'product.lines.0.unitPrice',
        'shipping.method',
        'shipping.incoterm',
        'shipping.destination',
        'shipping.consignee',
        'shipping.shipBy',
        'payment.advancePercent',
        'payment.methods',
        'contacts.supplier.name',
        'contacts.supplier.email',
        'contacts.buyer.name',
        'contacts.buyer.email',
      ],
    });
  });

  test('R53: a complete contract is at 100 %, with or without what is optional', () => {
    expect(completeness(completeContract())).toEqual({ percent: 100, missing: [] });
    expect(completeness(completeContract({ shipping: { freight: usd(300) } }))).toEqual({ percent: 100, missing: [] });
  });

  test('R53: 100 % and “nothing missing” are the same; a field of a hundred lines counts, too', () => {
    const lines = Array.from({ length: 100 }, () => firstLine);
    const { unit: _unit, ...noUnit } = firstLine;
    const draft = { ...completeContract(), product: { lines: [...lines.slice(1), noUnit] } };
    expect(completeness(draft)).toEqual({ percent: 99, missing: ['product.lines.99.unit'] });
  });

  test('R53: every module counts by its fields', () => {
    const { product, shipping, payment } = completeContract();
    const oneLine = { lines: product.lines.slice(0, 1) };
    expect(completeness({ product: oneLine }).percent).toBe(31); // 5 of 16
    expect(completeness({ product: oneLine, shipping }).percent).toBe(62); // 10 of 16
    expect(completeness({ product: oneLine, shipping, payment }).percent).toBe(75); // 12 of 16
  });

  test('R53: lists without an entry are missing', () => {
    const { product: _product, ...rest } = completeContract();
    expect(completeness({ ...rest, product: { lines: [] } }).missing).toEqual([
      'product.lines.0.name',
      'product.lines.0.hsCode',
      'product.lines.0.quantity',
      'product.lines.0.unit',
      'product.lines.0.unitPrice',
    ]);
    expect(completeness({ ...completeContract(), payment: { advancePercent: 30, methods: [] } })).toEqual({
      percent: 95,
      missing: ['payment.methods'],
    });
  });

  test('R53: taking any required field away takes it from 100 % and names it (fast-check)', () => {
    const paths = completeness({}).missing;
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        const draft = structuredClone({ ...completeContract(), ...linesOf(1, 1) });
        const keys = path.split('.');
        const parent = keys
          .slice(0, -1)
          .reduce<Record<string, unknown>>(
            (at, key) => at[key] as Record<string, unknown>,
            draft as unknown as Record<string, unknown>,
          );
        Reflect.deleteProperty(parent, keys.at(-1) ?? '');
        expect(completeness(contractDraft.parse(draft))).toEqual({ percent: 93, missing: [path] });
      }),
    );
  });
});

describe('contradictions of a complete contract', () => {
  test('there are none in the builder’s', () => {
    expect(refusalOf(completeContract())).toBeUndefined();
  });

  test.each([
    [
      'R15: prices in another currency',
      { product: { lines: [{ ...firstLine, unitPrice: moneyOf(1, 'EUR') }] } },
      'prices must be in USD',
    ],
    ['R15: freight in another currency', { shipping: { freight: moneyOf(1, 'CNY') } }, 'prices must be in USD'],
    ['R43: a destination in China', { shipping: { destination: 'CN' } }, 'must be exported from China'],
    [
      'R33: a shipping date that has passed',
      { shipping: { shipBy: '2026-03-01' } },
      'shipping.shipBy 2026-03-01 has passed',
    ],
    ['a total beyond the safe integers', linesOf(1_000_000_000, 9_007_200), 'beyond what can be counted'],
  ] as const)('%s', (_, changes, detail) => {
    const draft = completeContract(changes as Parameters<typeof completeContract>[0]);
    expect(refusalOf(draft)).toMatchObject({ refused: 'order.inconsistent', detail: expect.stringContaining(detail) });
  });

  test('R33: today in China is still open', () => {
    const draft = completeContract({ shipping: { shipBy: '2026-03-02' } });
    expect(refusalOf(draft, '2026-03-02T15:59:59.999Z')).toBeUndefined();
    expect(refusalOf(draft, '2026-03-02T16:00:00.000Z')).toMatchObject({ refused: 'order.inconsistent' });
  });

  test('all of them are told at once', () => {
    const draft = completeContract({
      shipping: { destination: 'CN', shipBy: '2020-01-01', freight: moneyOf(1, 'EUR') },
    });
    expect(refusalOf(draft)?.detail?.split('; ')).toHaveLength(3);
  });

  test('freight pushes a total over the edge that the goods alone stay under', () => {
    const goods = linesOf(1, Number.MAX_SAFE_INTEGER);
    expect(refusalOf(completeContract(goods))).toBeUndefined();
    const more = { ...goods, shipping: { freight: moneyOf(1, 'USD') } };
    expect(refusalOf(completeContract(more))?.detail).toContain('beyond what can be counted');
  });

  test('R15, R16: the scheme’s own bounds', () => {
    const strict = { ...scheme, totalAbove: usd(10_000), transports: ['express' as const, 'air' as const] };
    const { detail } = contractRefusal(completeContract(), strict, startsAt) ?? {};
    expect(detail).toBe('the total must be above zero; shipping.method sea is not offered');
  });

  test('never throws for a draft of the right form (fast-check)', () => {
    const price = fc.record({
      amount: fc.maxSafeNat().map((n) => n || 1),
      currency: fc.constantFrom('USD', 'EUR', 'JPY'),
    });
    const line = fc.record({ quantity: fc.integer({ min: 1, max: 1_000_000_000 }), unitPrice: price });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const draft = contract.parse({
          ...completeContract(),
          product: { lines: lines.map((l) => ({ ...firstLine, ...l })) },
        });
        const refusal = refusalOf(draft);
        if (!refusal) expect(Number.isSafeInteger(totalOf(draft).amount)).toBe(true);
      }),
    );
  });
});

describe('total and advance (R31)', () => {
  test('the total is the goods and the freight', () => {
    expect(totalOf(completeContract())).toEqual(usd(10_000));
    expect(totalOf(completeContract({ shipping: { freight: usd(123.45) } }))).toEqual(usd(10_123.45));
  });

  test('R31: the advance is rounded up to the cent', () => {
    expect(advanceOf(usd(10_000), 30)).toEqual(usd(3_000));
    expect(advanceOf(usd(0.01), 1)).toEqual(usd(0.01));
    expect(advanceOf(usd(1.01), 50)).toEqual(usd(0.51));
    expect(advanceOf(usd(99.99), 100)).toEqual(usd(99.99));
  });

  test('R31: it is the exact part, rounded up, for every total (fast-check)', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 100 }), (amount, percent) => {
        const exact = (BigInt(amount) * BigInt(percent) + 99n) / 100n;
        expect(BigInt(advanceOf(moneyOf(amount, 'USD'), percent).amount)).toBe(exact);
      }),
    );
  });
});
