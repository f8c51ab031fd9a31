/**
 * What the portal offers a person on an order: what the message table and `decide` allow now, nothing else, told by stories;
 * and, over random walks, nothing that an order takes from a person is missing (R54, R55, R29, R20).
 */
import { actionsOf } from '../../domain/allowed';
import { messageWords, type PeopleMessage } from '../../domain/message-words';
import { innerRoles, publicMessageNames, sendersOf, type Role } from '../../domain/messages';
import { isRefusal } from '../../domain/refusal';
import { onWalks, walks } from '../support/arbitraries';
import { must } from '../support/must';
import {
  advancePaid,
  at,
  buyer,
  buyerId,
  completed,
  confirmed,
  drafted,
  given,
  later,
  members,
  platform,
  shipped,
  startsAt,
  supplier,
  supplierId,
  usd,
  type Step,
} from '../support/builders';

const people = ['supplier', 'buyer', 'platform'] as const satisfies Role[];

/** Names of what a person may send at the end of a story; those that have to wait with their reason. */
function offered(role: (typeof people)[number], ...steps: Step[]): string[] {
  const { order, now } = given(...steps);
  const actor = { role, member: role === 'platform' ? 'operator-1' : role === 'supplier' ? supplierId : buyerId };
  return actionsOf(order, actor, now).map(({ name, because }) => (because ? `${name} (${because.refused})` : name));
}

test('every message of a person has its words, and nothing else has', () => {
  const ofPeople = publicMessageNames.filter((name) => sendersOf(name).some((role) => people.some((p) => p === role)));
  expect(Object.keys(messageWords).sort()).toEqual([...ofPeople].sort());
  for (const { label, zh } of Object.values(messageWords)) {
    expect(label.en).toMatch(/^[A-Z“]/);
    expect(label.zh).toMatch(/\p{Script=Han}/u);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
  expect(innerRoles).toEqual(['clock', 'effect']);
});

describe('the actions that are offered', () => {
  test('R53: an incomplete contract is revised; its confirmation says what is missing', () => {
    expect(offered('buyer', drafted({}))).toEqual(['revise', 'confirm (order.incomplete)', 'cancel']);
  });

  test('R54: whoever has not confirmed may confirm; whoever has may remind', () => {
    const half = [drafted(), supplier('confirm', { revision: 1 })];
    expect(offered('buyer', ...half)).toEqual(['revise', 'confirm', 'decline', 'cancel']);
    expect(offered('supplier', ...half)).toEqual(['revise', 'remindConfirmation', 'cancel']);
    expect(offered('supplier', ...half, supplier('remindConfirmation'))).toContain(
      'remindConfirmation (reminder.too-soon)',
    );
  });

  test('R29: the supplier sees when it may close an unpaid order, and then may', () => {
    expect(offered('supplier', confirmed())).toContain('closeUnpaid (payment.window-open)');
    expect(
      offered(
        'supplier',
        confirmed(),
        at((order) => order.payBy),
      ),
    ).toContain('closeUnpaid');
    expect(offered('buyer', confirmed())).not.toContain('closeUnpaid');
  });

  test('R26, R48: paying online is offered where the contract offers a method of the processor', () => {
    expect(offered('buyer', confirmed())).not.toContain('pay');
  });

  test('R6, R49: exports are registered by the supplier once the advance is in', () => {
    expect(offered('supplier', confirmed())).not.toContain('registerExport');
    expect(offered('supplier', advancePaid())).toEqual([
      'registerExport',
      'completeExport (export.none)',
      'proposeAmendment',
      'proposeCancellation',
    ]);
  });

  test('R34: the buyer answers the shipment; either side may extend its time once', () => {
    expect(offered('buyer', shipped())).toEqual(
      expect.arrayContaining(['answerShipment', 'extendAnswer', 'complain', 'proposeCancellation']),
    );
    expect(offered('supplier', shipped(), supplier('extendAnswer'))).toContain(
      'extendAnswer (answer.already-extended)',
    );
  });

  test('R20: the platform rules once a complaint is escalated, and another operator approves', () => {
    const complained = [
      shipped(),
      buyer('complain', { kind: 'quality-after-shipment', description: 'Cracked', claim: usd(500) }),
    ];
    expect(offered('buyer', ...complained)).toContain('escalate (complaint.too-early)');
    expect(offered('platform', ...complained)).not.toContain('rule');
    const escalated = [...complained, later({ days: 4 }), buyer('escalate')];
    expect(offered('platform', ...escalated)).toEqual(['addEvidence', 'rule', 'orderRefund']);
    const ruled = [...escalated, platform('rule', { outcome: 'upheld', award: usd(100), reason: 'Photos' })];
    expect(offered('platform', ...ruled)).toContain('approve (approval.same-operator)');
  });

  test('R35: both review once the order is complete', () => {
    expect(offered('buyer', completed())).toContain('review');
    expect(offered('supplier', completed(), supplier('review', { stars: 5 }))).not.toContain('review');
  });

  test('nothing is offered to a stranger', () => {
    const { order } = given(confirmed());
    expect(actionsOf(order, { role: 'buyer', member: 'buy-somebody-else' }, startsAt)).toEqual([]);
  });
});

/** Taken by an order at any time, or meaningful only with an account that the person brings. */
const anyTime: readonly PeopleMessage[] = ['nameRefundAccount', 'suspenseAllocated', 'draft'];

test('what an order takes from a person was offered to it (fast-check)', () => {
  onWalks(walks(), 300, (market, { before, post, outcome }) => {
    const role = people.find((one) => one === post.as);
    if (!before || !role || isRefusal(outcome) || outcome.events.length === 0) return;
    if (anyTime.some((name) => name === post.name)) return;
    const actor = { role, member: post.member ?? (role === 'platform' ? members.platform : before[role]) };
    const names = actionsOf(before, actor, market.now).flatMap(({ name, because }) => (because ? [] : [name]));
    must(
      `${post.name} is offered to the ${role}`,
      names.some((name) => name === post.name),
    );
  });
});
