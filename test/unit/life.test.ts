/** The life of an order as the reference page tells it: the walk over the domain leaves nothing out. */
import { messageNames } from '../../domain/messages';
import { orderStatus, type OrderStatus } from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { schemeName, type SchemeName } from '../../domain/scheme';
import { isEnd, isForward, isWayOut, lifeOf, type Life } from '../../ops/life/walk';
import { onWalks, walks } from '../support/arbitraries';
import { must } from '../support/must';
import { sequences } from '../support/sequences';

const lives = Object.fromEntries(schemeName.options.map((scheme) => [scheme, lifeOf(scheme)])) as Record<
  SchemeName,
  Life
>;
const all = Object.values(lives);

test.each<[SchemeName, OrderStatus[]]>([
  ['trade-assurance', ['awaiting-receipt']],
  ['secure-payment', ['awaiting-activation', 'awaiting-answer']],
])('%s comes to every status but those of the other scheme', (scheme, others) => {
  const met = new Set(lives[scheme].stops.map(({ status }) => status));
  expect(orderStatus.options.filter((status) => !met.has(status))).toEqual(others);
});

test('every message of the table is taken somewhere', () => {
  const taken = new Set(all.flatMap(({ steps }) => steps.map(({ message }) => message)));
  // The supplier of the page has money enough: no award of it is left to be collected.
  expect(messageNames.filter((name) => !taken.has(name))).toEqual(['collectAward']);
});

test('R50: from every status that is no end, a road leads on', () => {
  for (const { steps, stops } of all)
    for (const { status } of stops.filter((stop) => !isEnd(stop.status)))
      expect(steps.filter((step) => step.from === status && isForward(step) && !isWayOut(step))).not.toEqual([]);
});

test('no order goes a way that is not on the page, whatever is sent to it', () => {
  const told = new Set(
    schemeName.options.flatMap((scheme) =>
      lives[scheme].steps.flatMap(({ from, message, to, by }) => by.map((as) => way(scheme, from, as, message, to))),
    ),
  );
  onWalks(walks(), sequences.life, (_, { deal, before, post, outcome }) => {
    if (isRefusal(outcome) || outcome.events.length === 0 || before?.status === outcome.order.status) return;
    const went = way(deal.scheme, before?.status, post.as, post.name, outcome.order.status);
    must(`the page tells ${went}`, told.has(went));
  });
});

const way = (scheme: string, from: string | undefined, as: string, message: string, to: string): string =>
  `${scheme}: ${from ?? 'nothing'} -${as} ${message}-> ${to}`;
