/** Files of customs, told to an order: doubled, in any order, by several formats, they end in the same state (R32). */
import fc from 'fast-check';
import type { FeedItem } from '../../clients/feeds/feed';
import { profileOf } from '../../clients/feeds/profiles';
import { Story, advancePaid, customs, registered, supplier, type Step } from '../support/builders';
import { fixture, read } from '../support/feeds';

const declaration = '310120260518000815';
const receipt = (channel: string, time: string, number = declaration) =>
  `<DEC_RESULT><ENTRY_ID>${number}</ENTRY_ID><NOTICE_DATE>2026-05-${time}</NOTICE_DATE><CHANNEL>${channel}</CHANNEL></DEC_RESULT>`;
const items = (profile: string, content: string | Uint8Array): FeedItem[] => read(profileOf(profile)!, content);

/** An order with one export of this declaration, or of several; long after every word, so that each may come at any time. */
const waiting = (...declarations: string[]): Step => [
  advancePaid(),
  ...declarations.map((number, i) => registered(`export-${i + 1}`, number)),
  supplier('completeExport'),
  { clock: () => '2026-06-20T00:00:00.000Z' },
];
const tell = (story: Story, told: readonly FeedItem[]): Story =>
  told.reduce((so, item) => ('fact' in item ? so.play(customs(item.fact, item.data)) : so), story);
const after = (...files: FeedItem[][]) => tell(new Story().play(waiting(declaration)), files.flat()).order;
const outcome = ({ status, shippingDate, exports }: Story['order']) => ({ status, shippingDate, exports });

test('R32: the same receipt ten times is one release', () => {
  const file = items('cn-decl', fixture('cn-decl-released.xml'));
  const once = after(file);
  expect(once).toMatchObject({ status: 'awaiting-answer', shippingDate: '2026-05-11' });
  const tenTimes = after(...Array.from({ length: 10 }, () => file));
  expect(outcome(tenTimes)).toEqual(outcome(once));
  expect(tenTimes.version).toBe(once.version);
});

test('R32: release and closure in one second, whichever comes first, are one release', () => {
  const [release, closure] = [receipt('P', '11T10:09:12'), receipt('R', '11T10:09:12')];
  const expected = after(items('cn-decl', release));
  expect(after(items('cn-decl', closure + release))).toEqual(expected);
  expect(after(items('cn-decl', release + closure))).toEqual(expected);
  expect(outcome(after(items('cn-decl', closure)))).toMatchObject({
    status: 'awaiting-shipment',
    exports: [{ declaration }],
  });
  expect(after(items('cn-decl', closure)).shippingDate).toBeUndefined();
});

test('R32: the closure days later does not move the shipping date', () => {
  const file = items('cn-decl', receipt('P', '11T23:59:59') + receipt('R', '19T08:00:00'));
  expect(after(file)).toMatchObject({ shippingDate: '2026-05-11' });
});

test('R32: a release in China’s night is of China’s day', () => {
  expect(after(items('cn-decl', receipt('P', '12T00:30:00')))).toMatchObject({ shippingDate: '2026-05-12' });
});

test('R32: deleted after its release, before the release is heard of or after it: not shipped', () => {
  const [release, deletion] = [
    items('cn-decl', receipt('P', '11T10:09:12')),
    items('cn-decl', receipt('D', '12T09:00:00')),
  ];
  const inOrder = after(release, deletion);
  expect([inOrder.status, inOrder.shippingDate]).toEqual(['awaiting-shipment', undefined]);
  expect(outcome(after(deletion, release))).toEqual(outcome(inOrder));
});

test('R32: of two declarations the one that was deleted after its release holds the order back until it is taken out', () => {
  const other = '310120260518000816';
  const words = receipt('P', '10T08:00:00', other) + receipt('P', '11T10:09:12') + receipt('D', '12T09:00:00');
  const story = tell(new Story().play(waiting(declaration, other)), items('cn-decl', words));
  expect([story.order.status, story.order.shippingDate]).toEqual(['awaiting-shipment', undefined]);
  story.play(supplier('cancelExport', { exportOrder: 'export-1' }), supplier('completeExport'));
  expect(story.order).toMatchObject({ status: 'awaiting-answer', shippingDate: '2026-05-10' });
});

test('R32: one release that comes by CUSRES and by the single window is one', () => {
  const byReceipt = items('cn-decl', receipt('P', '11T18:09:00'));
  const byCusres = items('cusres', fixture('cusres-released.edi'));
  expect(byCusres.map((item) => 'fact' in item && item.data)).toEqual(
    byReceipt.map((item) => 'fact' in item && item.data),
  );
  expect(outcome(after(byReceipt, byCusres))).toEqual(outcome(after(byCusres)));
});

test('R32: receipts in any order, each any number of times, end in the same state (fast-check)', () => {
  const word = fc.record({
    channel: fc.constantFrom('7', 'L', 'J', 'C', 'E', 'P', 'I', 'K', 'R', 'A', 'D'),
    // Few seconds, so that several words are of the same one.
    second: fc.integer({ min: 10, max: 14 }),
  });
  const deliveries = fc
    .uniqueArray(word, { minLength: 1, maxLength: 7, selector: ({ channel, second }) => `${channel} ${second}` })
    .chain((words) =>
      fc.tuple(
        fc.constant(words),
        fc
          .shuffledSubarray([...words, ...words, ...words], { minLength: words.length * 2 })
          .map((more) => [...more, ...words]),
      ),
    );
  const play = (words: readonly { channel: string; second: number }[]) =>
    outcome(after(...words.map(({ channel, second }) => items('cn-decl', receipt(channel, `11T10:09:${second}`)))));
  fc.assert(
    fc.property(deliveries, ([words, delivered]) => {
      expect(play(delivered)).toEqual(play(words));
    }),
    { numRuns: 100 },
  );
});
