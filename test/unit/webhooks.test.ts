/** Webhooks without a network: when it is tried again, which secrets sign, which events are meant, which addresses are called. */
import fc from 'fast-check';
import type { LookupAddress } from 'node:dns';
import { fold } from '../../domain/evolve';
import type { Order } from '../../domain/order';
import {
  eventPattern,
  isToldOf,
  nextAttemptAt,
  orderChangedOf,
  replayPoint,
  rotated,
  signing,
  subscriptionTerms,
  triedForMs,
  wanted,
} from '../../domain/webhooks';
import { isPublicAddress, publicLookup, urlRefused } from '../../partners/addresses';
import { callWebhook } from '../../partners/webhook';
import { buyer, completed, given, supplier, type Story } from '../support/builders';

const at = '2026-11-02T08:00:00.000Z';
const after = (ms: number, from = at): string => new Date(Date.parse(from) + ms).toISOString();
const secretOf = (letter: string): string => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const [hour, day] = [3_600_000, 86_400_000];

describe('when it is tried again', () => {
  const waits = (chance: number, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const next = nextAttemptAt({ at, attempts: i + 1, since: at, chance }) ?? '';
      return Date.parse(next) - Date.parse(at);
    });

  test('after 5 s, twice as long each time, at most 6 h; half of that is chance', () => {
    expect(waits(1, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(waits(0, 4)).toEqual([2_500, 5_000, 10_000, 20_000]);
    expect(waits(1, 40).slice(13)).toEqual(Array.from({ length: 27 }, () => 6 * hour));
  });

  test('for three days, the last time when they are over', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
        const tried = [at];
        for (;;) {
          const next = nextAttemptAt({ at: tried.at(-1) ?? at, attempts: tried.length, since: at, chance });
          if (next === undefined) break;
          expect(next > (tried.at(-1) ?? '')).toBe(true);
          tried.push(next);
        }
        expect(tried.at(-1)).toBe(after(triedForMs));
        expect(tried.length).toBeLessThan(50);
      }),
    );
  });

  test('not before the receiver asks for it, but within six hours', () => {
    const wait = (retryAfterMs: number) => nextAttemptAt({ at, attempts: 1, since: at, chance: 1, retryAfterMs });
    expect(wait(1000)).toBe(after(5000));
    expect(wait(60_000)).toBe(after(60_000));
    expect(wait(100 * day)).toBe(after(6 * hour));
  });
});

describe('secrets', () => {
  test('a new one: the one before signs along for a day, however often it is rotated', () => {
    const first = [{ secret: secretOf('a'), since: at }];
    const second = rotated(first, secretOf('b'), after(hour));
    const third = rotated(second, secretOf('c'), after(2 * hour));
    expect(signing(third, after(2 * hour))).toEqual([secretOf('c'), secretOf('b'), secretOf('a')]);
    expect(signing(third, after(25 * hour))).toEqual([secretOf('c'), secretOf('b')]);
    expect(signing(third, after(26 * hour))).toEqual([secretOf('c')]);
    const often = 'defghij'
      .split('')
      .reduce((secrets, letter) => rotated(secrets, secretOf(letter), after(hour)), third);
    expect(often).toHaveLength(5);
    expect(often[0]?.secret).toBe(secretOf('j'));
  });
});

describe('events', () => {
  test('are meant by their type, by their beginning, or all', () => {
    const types = ['orderDrafted', 'paymentApplied', 'paymentLapsed', 'advanceCompleted'];
    expect(wanted(['paymentApplied'], types)).toEqual(['paymentApplied']);
    expect(wanted(['payment*', 'order*'], types)).toEqual(['orderDrafted', 'paymentLapsed', 'paymentApplied']);
    expect(wanted(['*'], types)).toHaveLength(4);
    expect(wanted(['review*'], types)).toEqual([]);
  });

  test('that do not exist cannot be asked for', () => {
    for (const pattern of ['paymentApplied', 'payment*', '*'])
      expect(eventPattern.safeParse(pattern).success).toBe(true);
    for (const pattern of ['paid', 'Payment*', '**', 'pay*ment', '', 'payment.*'])
      expect({ pattern, ok: eventPattern.safeParse(pattern).success }).toEqual({ pattern, ok: false });
  });

  test('are a party’s only of its own orders, and in the role in which it subscribed', () => {
    const order = { supplier: 's', buyer: 'b' };
    expect(isToldOf({ role: 'supplier', member: 's' }, order)).toBe(true);
    expect(isToldOf({ role: 'buyer', member: 's' }, order)).toBe(false);
    expect(isToldOf({ role: 'supplier', member: 'x' }, order)).toBe(false);
    expect(isToldOf({ role: 'service', member: 'erp' }, order)).toBe(true);
  });

  test('R35: a review is told without its stars and text until both are published', () => {
    const told = ({ journal }: Story) =>
      journal
        .map((entry) => orderChangedOf('evt_1', entry, ['reviewGiven'], fold(journal) as Order))
        .flatMap(({ data }) => data.events);
    const first = supplier('review', { stars: 5, text: 'Prompt' });
    const one = given(completed(), first);
    const both = given(completed(), first, buyer('review', { stars: 4 }));
    expect(told(one)).toEqual([{ type: 'reviewGiven', by: 'supplier' }]);
    expect(told(both)).toEqual([
      { type: 'reviewGiven', by: 'supplier', stars: 5, text: 'Prompt' },
      { type: 'reviewGiven', by: 'buyer', stars: 4 },
    ]);
  });
});

test('a point to tell again from is an instant, or an order with a version', () => {
  expect(replayPoint.parse({ order: 'a' })).toEqual({ order: 'a', version: 1 });
  for (const point of [{}, { from: 'yesterday' }, { version: 2 }, { from: at, order: 'a' }, { order: 'a', version: 0 }])
    expect(replayPoint.safeParse(point).success).toBe(false);
});

describe('addresses that are called', () => {
  test.each(['8.8.8.8', '1.1.1.1', '203.0.114.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    ['this host', '0.0.0.0', '127.0.0.1', '127.8.8.8', '::', '::1'],
    ['private networks', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
    ['link-local, with the metadata of clouds', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
    ['other metadata of clouds', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
    [
      'shared, reserved, for documents, for all',
      '100.64.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ['to many', '224.0.0.1', 'ff02::1'],
    [
      'IPv4 in IPv6 clothes',
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '::127.0.0.1',
      '::7f00:1',
      '::a00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ['what is no address', '', 'localhost', '300.1.1.1', '1.2.3'],
  ])('not %s', (_what, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]:8443/',
    // However one writes 127.0.0.1 or 10.0.0.1, the URL has it in the usual way.
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0xa.1/',
    'https://１２７.0.0.1/',
    'https://localhost/',
    'https://localhost./',
    'https://foo.localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://mongodb:27017/',
  ])('not %s', (url) => expect(urlRefused(url)).toEqual(expect.any(String)));

  test.each(['https://example.com/hooks?x=1', 'https://hooks.example.com.:8443/', 'https://8.8.8.8/'])('%s', (url) =>
    expect(urlRefused(url)).toBeUndefined(),
  );

  test('user names, passwords and fragments do not belong to an address', () => {
    for (const url of [
      'https://a:b@example.com',
      'https://example.com/#x',
      'ftp://example.com',
      'https://',
      'example.com',
    ])
      expect(subscriptionTerms.safeParse({ url, events: ['*'] }).success).toBe(false);
  });
});

describe('names that lead inside', () => {
  const leadsTo =
    (...answers: string[][]) =>
    (_name: string, _options: unknown, answer: (fault: null, addresses: LookupAddress[]) => void) => {
      const addresses = answers.length > 1 ? answers.shift() : answers[0];
      answer(
        null,
        (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
  const look = (resolve: ReturnType<typeof leadsTo>, options: { all: boolean }) =>
    new Promise((done) => {
      publicLookup(resolve)('hooks.example', options, (fault, address) => done(fault ?? address));
    });

  test('are not connected to, if but one of their addresses is inside', async () => {
    const refused = { code: 'address-refused' };
    for (const all of [true, false]) {
      expect(await look(leadsTo(['127.0.0.1']), { all })).toMatchObject(refused);
      expect(await look(leadsTo(['8.8.8.8', '::ffff:10.0.0.1']), { all })).toMatchObject(refused);
    }
    expect(await look(leadsTo(['8.8.8.8']), { all: false })).toBe('8.8.8.8');
    expect(await look(leadsTo(['8.8.8.8', '1.1.1.1']), { all: true })).toHaveLength(2);
    expect(await look(leadsTo([]), { all: true })).toBeInstanceOf(Error);
  });

  test('are checked on the way to the connection itself: a name that leads elsewhere a moment later is refused', async () => {
    const rebinding = leadsTo(['8.8.8.8'], ['127.0.0.1']);
    const lookup = publicLookup(rebinding);
    const call = { url: 'https://hooks.example/', id: 'evt_1', at, body: '{}', secrets: [secretOf('a')] };
    await look(rebinding, { all: true }); // whoever looked before saw a public address
    expect(await callWebhook(call, { lookup })).toMatchObject({
      error: 'address-refused',
      detail: expect.stringContaining('127.0.0.1'),
    });
  });
});
