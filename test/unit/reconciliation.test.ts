/** The bank's statements against our books (R30): each difference by itself, and statements as banks write them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statementsOf } from '../../clients/feeds/bank/statement';
import { differencesOf, type ReconciledEntry, type Statement } from '../../domain/reconciliation';

const entry = (entryReference: string, amount: number, currency = 'USD'): ReconciledEntry => ({
  entryReference,
  amount: { amount, currency },
});
const statement = (more: Partial<Statement> = {}): Statement => ({
  ...{ account: '9123', date: '2026-04-01', currency: 'USD', credits: 300, debits: 0 },
  ...more,
});
const kinds = (...of: Parameters<typeof differencesOf>) => differencesOf(...of).map(({ kind }) => kind);

describe('R30: a statement and our books', () => {
  const both = [entry('A', 100), entry('B', 200)];

  it('that say the same have no difference', () => {
    expect(differencesOf(statement({ opening: 0, closing: 300 }), both, both)).toEqual([]);
  });

  it('differ by what is missing on one side, or has another amount', () => {
    expect(differencesOf(statement(), both, [entry('A', 100)])).toMatchObject([
      { kind: 'missing-in-ledger', entryReference: 'B', bank: 200, currency: 'USD' },
    ]);
    expect(differencesOf(statement(), [entry('A', 100)], both)).toMatchObject([
      { kind: 'missing-at-bank', entryReference: 'B', books: 200 },
    ]);
    expect(differencesOf(statement(), both, [entry('A', 100), entry('B', 201)])).toMatchObject([
      { kind: 'amount-differs', entryReference: 'B', bank: 200, books: 201 },
    ]);
    expect(kinds(statement(), both, [entry('A', 100), entry('B', 200, 'EUR')])).toEqual(['amount-differs']);
  });

  it('differ by the balance: of an entry that one of them lacks, not of charges and interest of the bank', () => {
    const charged = statement({ opening: 50, credits: 307, debits: 25, closing: 332 });
    expect(differencesOf(charged, both, both)).toEqual([]);
    expect(kinds(charged, both, [entry('A', 100)])).toEqual(['missing-in-ledger', 'balance-differs']);
    expect(differencesOf({ ...charged, closing: 331 }, both, both)).toMatchObject([
      { kind: 'balance-differs', bank: 331, books: 332 },
    ]);
  });
});

describe('a statement as a whole', () => {
  const read = (name: string) => readFileSync(join(__dirname, '../fixtures/feeds/bank', name));

  it('of MT940: account, day, balances, sums', () => {
    expect(statementsOf('mt940', read('credit.mt940.txt'))).toEqual([
      {
        ...{ account: '9736093254648', date: '2026-04-01', currency: 'USD' },
        ...{ opening: 0, closing: 931_900, credits: 934_400, debits: 2_500 },
      },
    ]);
  });

  it('of camt.053: also without balances, by the day of its entries', () => {
    const without = read('credit.camt053.v08.xml')
      .toString()
      .replaceAll(/<d:Bal>[^]*?<\/d:Bal>/g, '');
    expect(statementsOf('camt.053', Buffer.from(without))).toEqual([
      { account: '9736093254648', date: '2026-04-01', currency: 'USD', credits: 934_400, debits: 0 },
    ]);
    const balance = (code: string, amount: string, side: string) =>
      `<d:Bal><d:Tp><d:CdOrPrtry><d:Cd>${code}</d:Cd></d:CdOrPrtry></d:Tp><d:Amt Ccy="USD">${amount}</d:Amt>` +
      `<d:CdtDbtInd>${side}</d:CdtDbtInd><d:Dt><d:Dt>2026-04-02</d:Dt></d:Dt></d:Bal>`;
    const balances = balance('OPBD', '1.50', 'DBIT') + balance('CLBD', '9342.50', 'CRDT');
    const withBalances = without.replace('</d:Acct>', `</d:Acct>${balances}`);
    expect(statementsOf('camt.053', Buffer.from(withBalances))).toMatchObject([
      { date: '2026-04-02', opening: -150, closing: 934_250 },
    ]);
  });
});
