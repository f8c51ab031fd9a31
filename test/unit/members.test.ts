/** Members: the people of a company and what they may send, suspension and reinstatement (R58). */
import { limitOf } from '../../domain/credit';
import { contractDraft } from '../../domain/contract';
import { email, type Member, type User } from '../../domain/member';
import {
  approveReinstatement,
  declineReinstatement,
  memberRecord,
  openProposal,
  proposeReinstatement,
  suspensionBy,
  type MemberChange,
  type MemberRecord,
} from '../../domain/member-record';
import { messages, publicMessageNames } from '../../domain/messages';
import { isRefusal } from '../../domain/refusal';
import { isOfUsers, isSamePerson, userRefusal, withoutUser, withUser, type Person } from '../../domain/users';
import { aSupplier } from '../support/builders';
import { noon, record, upheld, v1 } from '../support/credit';

const aUser = (id: string, role: User['role'], active = true): User => ({
  id,
  name: id,
  email: `${id}@company.example`,
  role,
  active,
});
const company = aSupplier({
  users: [
    aUser('olga', 'owner'),
    aUser('sam', 'sales'),
    aUser('lou', 'logistics'),
    aUser('fin', 'finance'),
    aUser('vic', 'viewer'),
    aUser('gone', 'owner', false),
  ],
});

test.each([
  ['a@company.example', true],
  [`${'a'.repeat(64)}@company.example`, true],
  [`${'a'.repeat(65)}@company.example`, false],
  [`a@${'company.'.repeat(31)}example`, false],
  ['a..b@company.example', false],
  ['a@company', false],
])('an address of mail is one that mail servers take: %s %s', (address, isTaken) => {
  expect(email.safeParse(address).success).toBe(isTaken);
  expect(contractDraft.safeParse({ contacts: { buyer: { name: 'Jan', email: address } } }).success).toBe(isTaken);
});

describe('the users of a company', () => {
  test.each([
    ['olga', ['draft', 'registerExport', 'pay', 'complain', 'enrolment.apply', 'something-new']],
    ['sam', ['draft', 'revise', 'confirm', 'cancel', 'review', 'closeUnpaid', 'settle', 'answerShipment']],
    ['lou', ['registerExport', 'completeExport', 'cancelExport']],
    ['fin', ['pay', 'funds.withdraw']],
    ['vic', []],
  ])('%s may send what its role may, and nothing else', (user, allowed) => {
    const names = ['draft', 'revise', 'confirm', 'cancel', 'review', 'closeUnpaid', 'settle', 'answerShipment'];
    const others = ['registerExport', 'completeExport', 'cancelExport', 'pay', 'funds.withdraw', 'complain'];
    for (const name of [...names, ...others, 'enrolment.apply', 'something-new']) {
      const isAllowed = allowed.includes(name) || (user === 'sam' && name === 'complain') || user === 'olga';
      expect({ name, refused: userRefusal(company, user, name)?.refused }).toEqual({
        name,
        refused: isAllowed ? undefined : 'actor.user-not-allowed',
      });
    }
  });

  test('a user that left, or that nobody knows, may send nothing; a company that names no user speaks itself', () => {
    expect(userRefusal(company, 'gone', 'confirm')).toMatchObject({ refused: 'actor.user-unknown' });
    expect(userRefusal(company, 'mallory', 'confirm')).toMatchObject({ refused: 'actor.user-unknown' });
    expect(userRefusal(aSupplier(), 'olga', 'confirm')).toMatchObject({ refused: 'actor.user-unknown' });
    expect(userRefusal(company, undefined, 'confirm')).toBeUndefined();
  });

  test('every message that a party sends has its place in the table of roles', () => {
    const ofParties = publicMessageNames.filter((name) =>
      messages[name].from.some((role) => role === 'supplier' || role === 'buyer'),
    );
    expect(ofParties.filter((name) => !isOfUsers(name))).toEqual([]);
  });

  test('a user is added once; another under its id or address is refused', () => {
    const users = company.users ?? [];
    const more = withUser(users, aUser('new', 'sales'));
    expect(more).toHaveLength(7);
    expect(withUser(users, aUser('sam', 'sales'))).toBe(users);
    expect(withUser(users, aUser('sam', 'owner'))).toMatchObject({ refused: 'user.exists' });
    expect(withUser(users, { ...aUser('sam2', 'sales'), email: 'sam@company.example' })).toMatchObject({
      refused: 'user.exists',
    });
    const many = Array.from({ length: 100 }, (_, i) => aUser(`u-${String(i)}`, 'owner'));
    expect(withUser(many, aUser('new', 'sales'))).toMatchObject({ refused: 'user.too-many' });
  });

  test('a user that leaves stays on record; the last owner stays', () => {
    const users = company.users ?? [];
    expect(withoutUser(users, 'sam')).toContainEqual(aUser('sam', 'sales', false));
    expect(withoutUser(users, 'gone')).toBe(users);
    expect(withoutUser(users, 'mallory')).toMatchObject({ refused: 'user.not-found' });
    expect(withoutUser(users, 'olga')).toMatchObject({ refused: 'user.owner-needed' });
    expect(withUser([], aUser('sam', 'sales'))).toMatchObject({ refused: 'user.owner-needed' });
    expect(withUser([], aUser('olga', 'owner'))).toHaveLength(1);
  });
});

const operator = (member: string, user?: string): Person => ({ role: 'platform', member, ...(user && { user }) });
const at = noon('2026-03-10');

/** A supplier and its record, as changes are made one after the other. */
class File {
  readonly records: MemberRecord[] = [];
  constructor(public member: Member) {}

  make(change: MemberChange | undefined): void {
    if (!change) return;
    const { id, tradeAssurance: from } = this.member;
    this.records.push(memberRecord.parse({ member: id, seq: this.records.length + 1, at, from, ...change }));
    this.member = { ...this.member, tradeAssurance: change.to };
  }

  /** The suspension that upheld complaints ask for, if any. */
  strike(...orders: string[]): MemberChange | undefined {
    const explanation = limitOf(record(orders.map((order) => upheld(order, '2026-03-01'))), [v1], at);
    const change = suspensionBy(explanation, orders, this.member.tradeAssurance, this.records);
    this.make(change);
    return change;
  }
}

describe('R58 suspension', () => {
  test('R58 one upheld complaint suspends nobody, two do, with the reason on record', () => {
    const file = new File(aSupplier());
    expect(file.strike('o-1')).toBeUndefined();
    expect(file.strike('o-1', 'o-2')).toMatchObject({
      to: 'suspended',
      reason: '2 strikes by upheld complaints, on o-1, o-2 (policy ta-limit/v1).',
    });
    expect(file.records).toMatchObject([{ what: 'suspended', from: 'activated', to: 'suspended' }]);
  });

  test('R58 a supplier that is suspended already is not suspended again by a third', () => {
    const file = new File(aSupplier());
    file.strike('o-1', 'o-2');
    expect(file.strike('o-1', 'o-2', 'o-3')).toBeUndefined();
  });

  test('R58 one that came suspended gets its reason on record, once', () => {
    const file = new File(aSupplier({ tradeAssurance: 'suspended' }));
    expect(file.strike('o-1', 'o-2')).toMatchObject({ what: 'suspended' });
    expect(file.strike('o-1', 'o-2')).toBeUndefined();
  });
});

describe('R58 reinstatement', () => {
  const suspended = (): File => {
    const file = new File(aSupplier());
    file.strike('o-1', 'o-2');
    return file;
  };
  const propose = (file: File, by = operator('op-1'), reason = 'The carrier was at fault.') =>
    proposeReinstatement(file.member, file.records, by, reason);
  const approve = (file: File, by: Person) =>
    approveReinstatement(file.member, file.records, { proposal: openProposal(file.records)?.seq ?? 0, by }, at);

  test('R58 one operator proposes with a reason, another approves; both stand on record', () => {
    const file = suspended();
    file.make(propose(file) as MemberChange);
    expect(file.member.tradeAssurance).toBe('suspended');
    const decision = approve(file, operator('op-2'));
    if (isRefusal(decision)) throw new Error(decision.text);
    file.make(decision.change);
    expect(file.member.tradeAssurance).toBe('activated');
    const why = 'The carrier was at fault. (proposed by op-1, approved by op-2)';
    expect(file.records.at(-1)).toMatchObject({ what: 'reinstated', reason: why, by: operator('op-2') });
    expect(decision.fact).toMatchObject({ event: 'supplier.reinstated', inputs: { decision: 'reinstatement-2', why } });
    expect(openProposal(file.records)).toBeUndefined();
  });

  test('R58 four eyes: nobody approves what it proposed, under another role neither', () => {
    const file = suspended();
    file.make(propose(file) as MemberChange);
    expect(approve(file, operator('op-1'))).toMatchObject({ refused: 'decision.same-person' });
    expect(approve(file, operator('op-1', 'alice'))).toMatchObject({ refused: 'decision.same-person' });
    expect(approve(file, { role: 'supplier', member: 'op-2' })).toMatchObject({ refused: 'actor.role-not-allowed' });
    // A platform token is one member's, whatever `user` it claims; directories do not distinguish cases.
    expect(isSamePerson(operator('ops', 'alice'), operator('ops', 'bob'))).toBe(true);
    expect(isSamePerson(operator('Op-1'), operator('op-1'))).toBe(true);
    expect(isSamePerson(operator('op-1'), { role: 'verifier', member: 'op-1' })).toBe(true);
  });

  test('R58 without a proposal, or for a supplier that is not suspended, there is nothing to approve', () => {
    expect(approve(suspended(), operator('op-2'))).toMatchObject({ refused: 'reinstatement.not-proposed' });
    const free = new File(aSupplier());
    expect(approve(free, operator('op-2'))).toMatchObject({ refused: 'member.not-suspended' });
    expect(propose(free)).toMatchObject({ refused: 'member.not-suspended' });
    expect(propose(suspended(), { role: 'buyer', member: 'b' })).toMatchObject({ refused: 'actor.role-not-allowed' });
  });

  test('R58 the same proposal again stands; another waits until the first is approved or declined', () => {
    const file = suspended();
    file.make(propose(file) as MemberChange);
    expect(propose(file)).toBe('stands');
    expect(propose(file, operator('op-2'), 'Another reason.')).toMatchObject({ refused: 'reinstatement.open' });
    file.make(declineReinstatement(file.member, file.records, operator('op-2'), 'Too early.') as MemberChange);
    expect(approve(file, operator('op-3'))).toMatchObject({ refused: 'reinstatement.not-proposed' });
    expect(propose(file, operator('op-2'), 'Another reason.')).toMatchObject({ what: 'reinstatement-proposed' });
    expect(declineReinstatement(file.member, file.records, operator('op-2'), 'x')).toMatchObject({
      refused: 'reinstatement.not-proposed',
    });
  });

  test('R58 the next strike suspends again, and a new proposal is needed', () => {
    const file = suspended();
    file.make(propose(file) as MemberChange);
    file.make((approve(file, operator('op-2')) as { change: MemberChange }).change);
    expect(file.strike('o-1', 'o-2', 'o-3')).toMatchObject({ what: 'suspended' });
    expect(approve(file, operator('op-2'))).toMatchObject({ refused: 'reinstatement.not-proposed' });
  });

  test('R58 a supplier that was no longer active when it was suspended has to apply again', () => {
    const file = new File(aSupplier({ tradeAssurance: 'applied' }));
    file.strike('o-1', 'o-2');
    file.make(propose(file) as MemberChange);
    file.make((approve(file, operator('op-2')) as { change: MemberChange }).change);
    expect(file.member.tradeAssurance).toBe('none');
  });
});
