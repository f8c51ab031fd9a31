/** Settlements into CNY: quotes that expire, both legs at once, and each order's share (R4). */
import fc from 'fast-check';
import { account, changesOf, transfer } from '../../domain/ledger';
import { allocate, moneyOf } from '../../domain/money';
import { isRefusal, type Refusal } from '../../domain/refusal';
import {
  bought,
  endSettlement,
  quoteRefusal,
  repeatedSettlement,
  reserveSettlement,
  settlement,
  settlementOutcome,
  settlementRequest,
  settlementTransfers,
  type Settlement,
} from '../../domain/settlement';
import { startsAt, supplierId, usd } from '../support/builders';
import { bySupplier, holding, settling, yuan } from '../support/funds-builders';

const expiresAt = '2026-03-02T01:05:00.000Z';
const justBefore = '2026-03-02T01:04:59.999Z';
const funds = holding({ a: 10_000, b: 20_000 });
const request = settling({ a: usd(100), b: usd(200) });
const quoted: Settlement = {
  ...request,
  state: 'quoted',
  quote: { quote: 'q-1', sell: usd(300), buy: yuan(2130.01), expiresAt },
  quotedAt: startsAt,
};

function accepted(answer: Settlement | Refusal): Settlement {
  if (isRefusal(answer)) throw new Error(JSON.stringify(answer));
  return answer;
}
const reserved = accepted(reserveSettlement(quoted, bySupplier, funds, justBefore));
const settled = endSettlement(reserved, { status: 'done', reference: 'fx-1' }, expiresAt);
const putBack = endSettlement(reserved, { status: 'refused', reason: 'expired' }, expiresAt);
const lapsed = endSettlement(quoted, { status: 'lapsed' }, expiresAt);

describe('R4 a quote', () => {
  it('can be taken until it expires, and not at that instant', () => {
    expect(reserved).toMatchObject({ state: 'reserved', reservedAt: justBefore });
    expect(reserveSettlement(quoted, bySupplier, funds, expiresAt)).toMatchObject({ refused: 'fx.quote-expired' });
    expect(reserveSettlement(lapsed, bySupplier, funds, justBefore)).toMatchObject({ refused: 'fx.quote-expired' });
  });

  it('is asked for, and taken, only for money that is there; nothing is reserved by asking', () => {
    expect(quoteRefusal(request, funds)).toBeUndefined();
    expect(quoteRefusal(request, holding({ a: 10_000 }))).toMatchObject({ refused: 'funds.order-not-yours' });
    expect(quoteRefusal({ ...request, by: { role: 'bank', member: 'b' } }, funds)).toMatchObject({
      refused: 'actor.role-not-allowed',
    });
    const gone = { ...funds, balance: 29_999 };
    expect(reserveSettlement(quoted, bySupplier, gone, justBefore)).toMatchObject({ refused: 'funds.balance-short' });
    expect(settlementTransfers(quoted)).toEqual([]);
  });

  it('is not asked for CNY', () => {
    expect(settlementRequest.safeParse(settling({ a: yuan(1) })).success).toBe(false);
  });

  it('under an id that stands for another one is refused', () => {
    expect(repeatedSettlement(quoted, request)).toBe(quoted);
    expect(repeatedSettlement(quoted, settling({ a: usd(1) }))).toMatchObject({ refused: 'message.id-reused' });
  });
});

describe('the way of the money', () => {
  it('is reserved, then both legs are booked at once', () => {
    expect(changesOf(settlementTransfers(reserved))).toEqual([
      { account: account.supplier(supplierId), currency: 'USD', change: -30_000 },
      { account: 'settlement:s-1', currency: 'USD', change: 30_000 },
    ]);
    expect(changesOf([...settlementTransfers(reserved), ...settlementTransfers(settled)])).toEqual([
      { account: account.supplier(supplierId), currency: 'USD', change: -30_000 },
      { account: 'fx', currency: 'USD', change: 30_000 },
      { account: 'fx', currency: 'CNY', change: -213_001 },
      { account: account.supplier(supplierId), currency: 'CNY', change: 213_001 },
    ]);
  });

  it('is put back whole when the bank refuses, and has never moved when nobody took the quote', () => {
    expect(changesOf([...settlementTransfers(reserved), ...settlementTransfers(putBack)])).toEqual([]);
    expect(settlementTransfers(lapsed)).toEqual([]);
  });

  it('ends once', () => {
    expect(endSettlement(settled, { status: 'refused', reason: 'late' }, expiresAt)).toBe(settled);
    expect(endSettlement(putBack, { status: 'done', reference: 'late' }, expiresAt)).toBe(putBack);
    expect(endSettlement(lapsed, { status: 'done', reference: 'late' }, expiresAt)).toBe(lapsed);
    expect(endSettlement(reserved, { status: 'lapsed' }, expiresAt)).toBe(reserved);
  });

  it('is told to whoever took the quote', () => {
    expect(settlementOutcome(settled)).toBe(settled);
    expect(settlementOutcome(lapsed)).toMatchObject({ refused: 'fx.quote-expired' });
    expect(settlementOutcome(putBack)).toMatchObject({ refused: 'fx.quote-expired' });
    const refused = endSettlement(reserved, { status: 'refused', reason: 'limit' }, expiresAt);
    expect(settlementOutcome(refused)).toMatchObject({ refused: 'fx.refused', detail: 'limit' });
  });

  it('has the forms that the store keeps, and postings with ids of their own', () => {
    const all = [quoted, reserved, settled, putBack, lapsed];
    for (const state of all) expect(settlement.parse(state)).toEqual(state);
    const postings = all.flatMap(settlementTransfers);
    for (const posting of postings) expect(transfer.parse(posting)).toEqual(posting);
    expect(new Set(postings.map(({ id }) => id)).size).toBe(postings.length);
  });
});

describe('each order’s share of the CNY', () => {
  it('goes by its part, to the last fen', () => {
    expect(bought(settled)).toEqual([
      { order: 'a', amount: yuan(710) },
      { order: 'b', amount: yuan(1420.01) },
    ]);
  });

  it('adds up exactly, each within a fen of its due, beyond the safe integers too (fast-check)', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
    const weights = fc.array(amount, { minLength: 1, maxLength: 100 }).filter((all) => all.some((one) => one > 0));
    fc.assert(
      fc.property(amount, weights, (whole, all) => {
        const shares = allocate(moneyOf(whole, 'CNY'), all).map((share) => share.amount);
        const total = all.reduce((sum, one) => sum + one, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole);
        shares.forEach((share, i) => {
          const due = (BigInt(whole) * BigInt(all[i] ?? 0)) / BigInt(total);
          expect(Math.abs(share - Number(due))).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it('of nothing is no posting', () => {
    const tiny = { ...settled, quote: { ...settled.quote, buy: yuan(0.01) } };
    expect(settlementTransfers(tiny).filter(({ kind }) => kind === 'fx-bought')).toHaveLength(1);
  });
});
