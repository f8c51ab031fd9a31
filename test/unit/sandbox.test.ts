/** What the sandbox decides, without its process: rates, scripts, delays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { moneyOf, type CurrencyCode } from '../../domain/money';
import type { PaymentMethod } from '../../domain/scheme';
import { chargeState } from '../../partners/card';
import { payOutAnswer } from '../../partners/bank';
import { payeeEnds, scriptOfPayOut } from '../../sandbox/bank';
import { backoffMs } from '../../sandbox/caller';
import { scriptOfCharge, tokens } from '../../sandbox/card';
import { cnyRates, inCny } from '../../sandbox/fx';
import { asOf, planOf } from '../../sandbox/script';
import { loadSandboxSettings, sandboxEnvironment } from '../../sandbox/settings';

const delays = { settleMs: 3000, returnMs: 10_000, lateMs: 12_000 };
const at = '2026-04-01T08:00:00.000Z';
const secret = `whsec_${Buffer.from('a secret of 32 bytes, no less ..').toString('base64')}`;

describe('foreign money for CNY', () => {
  const foreign = fc.constantFrom(...(Object.keys(cnyRates) as Exclude<CurrencyCode, 'CNY'>[]));
  const amount = fc.integer({ min: 1, max: 10 ** 12 });
  const fen = (minor: number, currency: CurrencyCode): number => inCny(moneyOf(minor, currency))?.amount ?? 0;

  test('by example', () => {
    expect(inCny(moneyOf(100_00, 'USD'))).toEqual(moneyOf(715_23, 'CNY'));
    expect(inCny(moneyOf(1, 'USD'))).toEqual(moneyOf(7, 'CNY')); // 7.1523 fen
    expect(inCny(moneyOf(1000, 'JPY'))).toEqual(moneyOf(47_80, 'CNY')); // yen have no minor unit
    expect(inCny(moneyOf(1, 'HKD'))).toBeUndefined(); // 0.92 fen
    expect(inCny(moneyOf(1, 'CNY'))).toBeUndefined();
    expect(() => inCny(moneyOf(Number.MAX_SAFE_INTEGER, 'USD'))).toThrow(RangeError);
  });

  test('is rounded down to the fen, and by less than one (fast-check)', () => {
    fc.assert(
      fc.property(foreign, amount, (currency, minor) => {
        const scale = currency === 'JPY' ? 10n ** 4n : 10n ** 6n;
        const rest = BigInt(minor) * BigInt(cnyRates[currency]) - BigInt(fen(minor, currency)) * scale;
        expect(rest >= 0n && rest < scale).toBe(true);
      }),
    );
  });

  test('in two halves it brings what the whole brings, or one fen less (fast-check)', () => {
    fc.assert(
      fc.property(foreign, amount, amount, (currency, a, b) => {
        const lost = fen(a + b, currency) - fen(a, currency) - fen(b, currency);
        expect([0, 1]).toContain(lost);
      }),
    );
  });
});

describe('a script', () => {
  const charge = (token: string) => scriptOfCharge('o:1:0', { amount: moneyOf(1, 'USD'), method: 'e-checking', token });
  const payOut = (account: string) =>
    scriptOfPayOut('o:1:0', { amount: moneyOf(1, 'USD'), to: { name: 'Li', account }, reference: 'r' });

  test('of every magic value has outcomes that the client knows', () => {
    for (const token of tokens)
      for (const [outcome] of charge(token).steps) expect(chargeState.parse(outcome)).toEqual(outcome);
    for (const end of payeeEnds)
      for (const [outcome] of payOut(`CN-${end}`).steps) expect(payOutAnswer.parse(outcome)).toEqual(outcome);
  });

  test('any other value is declined as a token, and paid as an account', () => {
    for (const token of ['tok_', 'toString', '__proto__']) {
      expect(charge(token).steps).toEqual([[{ status: 'declined', reason: 'unknown-token' }]]);
    }
    for (const account of ['CN-0000', 'CN-0006', '00010', 'valueOf']) {
      expect(payOut(account).steps[0]![0].status).toBe('paid');
    }
  });

  test('takes the methods of the processor, and returns e-checks only', () => {
    const outcomes = (method: PaymentMethod, token: string) =>
      scriptOfCharge('o:1:0', { amount: moneyOf(1, 'USD'), method, token }).steps.map(([outcome]) => outcome);
    const wrong = [{ status: 'declined', reason: 'wrong-method' }];
    for (const method of ['tt', 'western-union'] as const) expect(outcomes(method, 'tok_ok')).toEqual(wrong);
    for (const method of ['card', 'qiwi'] as const)
      expect(outcomes(method, 'tok_ok')).toMatchObject([{ status: 'captured' }]);
    expect(outcomes('card', 'tok_returned')).toEqual(wrong);
    expect(outcomes('e-checking', 'tok_returned').map(({ status }) => status)).toEqual(['captured', 'returned']);
  });

  test('unfolds in time: pending until it is settled', () => {
    const { timeline, calls } = planOf(charge('tok_slow'), 'charge', 'o:1:0', at, delays);
    expect(asOf(timeline, at)).toEqual({ status: 'pending' });
    expect(asOf(timeline, '2026-04-01T08:00:02.999Z')).toEqual({ status: 'pending' });
    expect(asOf(timeline, '2026-04-01T08:00:03.000Z')).toMatchObject({ status: 'captured' });
    expect(calls).toMatchObject([{ at: '2026-04-01T08:00:03.000Z', event: { type: 'charge.captured', key: 'o:1:0' } }]);
  });

  test('calls back twice, or the last event first', () => {
    const twice = planOf(charge('tok_twice'), 'charge', 'o:1:0', at, delays).calls;
    expect(twice).toHaveLength(2);
    expect(twice[0]).toEqual(twice[1]);
    const backwards = planOf(charge('tok_backwards'), 'charge', 'o:1:0', at, delays).calls;
    expect(backwards.map((call) => [call.event.type, call.event.at, call.at])).toEqual([
      ['charge.captured', at, '2026-04-01T08:00:13.000Z'],
      ['charge.returned', '2026-04-01T08:00:10.000Z', '2026-04-01T08:00:10.000Z'],
    ]);
  });
});

test('a call-back that is not taken is made again later and later, at most a minute later', () => {
  expect([1, 2, 3, 7, 40, 5000].map((attempts) => backoffMs(attempts, 1000))).toEqual([
    1000, 2000, 4000, 60_000, 60_000, 60_000,
  ]);
});

describe('settings', () => {
  const uri = 'mongodb://127.0.0.1:27017/orders?replicaSet=rs0';

  test('the sandbox keeps its books beside the product’s, and asks for what the product says', () => {
    const env = { MONGODB_URI: uri, TA_CARD_SECRET: 'c', TA_CALLBACK_SECRET: secret };
    expect(loadSandboxSettings({ ...env, TA_SANDBOX_CALLBACK_URL: 'http://127.0.0.1:8082' })).toMatchObject({
      mongodbUri: 'mongodb://127.0.0.1:27017/orders_sandbox?replicaSet=rs0',
      secrets: { card: 'c', bank: undefined },
      callback: { url: 'http://127.0.0.1:8082', secret },
      port: 8090,
    });
    expect(loadSandboxSettings(env)).not.toHaveProperty('callback');
    // A replica set of several is no URL: it names several hosts.
    expect(loadSandboxSettings({ ...env, MONGODB_URI: 'mongodb://u:p@a:1,b:2,c:3?replicaSet=rs0' }).mongodbUri).toBe(
      'mongodb://u:p@a:1,b:2,c:3/trade_assurance_sandbox?replicaSet=rs0',
    );
  });

  test('say what is wrong', () => {
    const load = (env: NodeJS.ProcessEnv) => () => loadSandboxSettings({ MONGODB_URI: uri, ...env });
    expect(load({ TA_SANDBOX_CALLBACK_URL: 'http://127.0.0.1:1' })).toThrow('needs TA_CALLBACK_SECRET');
    expect(load({ TA_CALLBACK_SECRET: `whsec_${'A'.repeat(16)}` })).toThrow(
      'TA_CALLBACK_SECRET: must be whsec_ and Base64',
    );
    expect(load({ TA_CARD_URL: 'ftp://127.0.0.1' })).toThrow('TA_CARD_URL: must be an http:// or https:// address');
    expect(load({ TA_SANDBOX_LATE_MS: '-1' })).toThrow('TA_SANDBOX_LATE_MS');
  });
});

test('docs/reference/sandbox.md tells every magic value and setting, with its default', () => {
  const page = readFileSync(join(__dirname, '../../docs/reference/sandbox.md'), 'utf8');
  const rows = new Map([...page.matchAll(/^\| `(\w+)` *\| (.*?) *\|/gm)].map(([, name, next]) => [name, next]));
  expect([...tokens, ...payeeEnds].filter((value) => !rows.has(value))).toEqual([]);
  expect(Object.keys(sandboxEnvironment.shape).filter((name) => !rows.has(name))).toEqual([]);
  const number = (name: string) => Number(rows.get(name));
  expect(loadSandboxSettings({ MONGODB_URI: 'mongodb://127.0.0.1/ta' })).toMatchObject({
    port: number('TA_SANDBOX_PORT'),
    host: rows.get('TA_SANDBOX_HOST'),
    retryMs: number('TA_SANDBOX_RETRY_MS'),
    quoteMs: number('TA_SANDBOX_QUOTE_MS'),
    delays: {
      settleMs: number('TA_SANDBOX_SETTLE_MS'),
      returnMs: number('TA_SANDBOX_RETURN_MS'),
      lateMs: number('TA_SANDBOX_LATE_MS'),
    },
  });
});
