/**
 * Who may move a supplier's money (R9; `domain/authority.ts`): every role × user × operation, against the rule as it is
 * written for people: the supplier's own owner and finance, and the company itself where its token names no user.
 */
import { fundsAuthorityRefusal, fundsOperations, type FundsOperation } from '../../domain/authority';
import type { User } from '../../domain/member';
import { role as actorRole } from '../../domain/messages';
import { confirmPayee, isUsable, maskAccount, payeeRefusal, registerPayee, removePayee } from '../../domain/payee';
import type { RegisteredPayee } from '../../domain/payee';
import { isRefusal } from '../../domain/refusal';

const user = (id: string, role: User['role'], active = true): User => ({
  ...{ id, name: id, email: `${id}@example.com`, role, active },
});
const company = {
  id: 'sup-1',
  users: [
    user('an-owner', 'owner'),
    user('a-seller', 'sales'),
    user('a-packer', 'logistics'),
    user('an-accountant', 'finance'),
    user('a-viewer', 'viewer'),
    user('a-former-owner', 'owner', false),
  ],
};
const rights: [user: string | undefined, refused: string | undefined][] = [
  [undefined, undefined],
  ['an-owner', undefined],
  ['an-accountant', undefined],
  ['a-seller', 'actor.user-not-allowed'],
  ['a-packer', 'actor.user-not-allowed'],
  ['a-viewer', 'actor.user-not-allowed'],
  ['a-former-owner', 'actor.user-unknown'],
  ['nobody-here', 'actor.user-unknown'],
];
const operations = Object.keys(fundsOperations) as FundsOperation[];

describe.each(operations)('R9 %s', (operation) => {
  it.each(rights)('by the supplier’s user %s: %s', (name, refused) => {
    const who = { role: 'supplier' as const, member: 'sup-1', ...(name !== undefined && { user: name }) };
    expect(fundsAuthorityRefusal(operation, who, 'sup-1', company)?.refused).toBe(refused);
    // The same person has no rights at another company, and none in another role.
    expect(fundsAuthorityRefusal(operation, who, 'sup-2', { id: 'sup-2' })?.refused).toBe('actor.not-a-party');
  });

  it.each(actorRole.options.filter((role) => role !== 'supplier'))('is not for the role %s', (role) => {
    for (const [name] of rights)
      for (const member of ['sup-1', 'operator-1']) {
        const who = { role, member, ...(name !== undefined && { user: name }) };
        expect(fundsAuthorityRefusal(operation, who, 'sup-1', company)?.refused).toBe('actor.role-not-allowed');
      }
  });

  it('is not for a company that is not on record, or was erased', () => {
    const who = { role: 'supplier', member: 'sup-1' } as const;
    expect(fundsAuthorityRefusal(operation, who, 'sup-1', undefined)?.refused).toBe('member.not-found');
    const erased = { ...company, erasedAt: '2026-01-01T00:00:00.000Z' };
    expect(fundsAuthorityRefusal(operation, who, 'sup-1', erased)?.refused).toBe('member.erased');
  });
});

describe('R9 a payee', () => {
  const at = '2026-03-02T01:00:00.000Z';
  const threeDaysLater = '2026-03-05T01:00:00.000Z';
  const payee = { name: 'Ningbo', account: 'CN62 1700-0012', bank: 'BKCHCNBJ' };
  const person = (name?: string) => ({
    role: 'supplier' as const,
    member: 'sup-1',
    ...(name !== undefined && { user: name }),
  });
  const registered = (by = person('chen')): RegisteredPayee => {
    const made = registerPayee([], { id: 'p-1', supplier: 'sup-1', payee, by }, 72, at);
    if (isRefusal(made)) throw new Error(made.refused);
    return made;
  };

  it('can be used after the waiting time of 72 hours, or once a second person confirms it', () => {
    const one = registered();
    expect(payeeRefusal([one], payee, '2026-03-05T00:59:59.999Z')?.refused).toBe('payee.waiting');
    expect(payeeRefusal([one], payee, threeDaysLater)).toBeUndefined();
    const confirmed = confirmPayee(one, person('ma'), at) as RegisteredPayee;
    expect(isUsable(confirmed, at)).toBe(true);
    expect(payeeRefusal([confirmed], payee, at)).toBeUndefined();
  });

  it.each([
    ['the same user', person('chen'), person('chen')],
    ['the same user in another case', person('chen'), person('CHEN')],
    ['the company without a user', person('chen'), person()],
    ['a user, where the company registered without one', person(), person('ma')],
  ])('is not confirmed by %s', (_, first, second) => {
    expect(confirmPayee(registered(first), second, at)).toMatchObject({ refused: 'approval.same-person' });
  });

  it('is not confirmed by the service that registered it, whichever person it names', () => {
    const via = (user: string, service: string) => ({
      ...person(user),
      via: { role: 'service' as const, member: service },
    });
    expect(confirmPayee(registered(via('chen', 'erp')), via('ma', 'ERP'), at)).toMatchObject({
      refused: 'approval.same-person',
    });
    expect(confirmPayee(registered(via('chen', 'erp')), via('ma', 'bank-portal'), at)).toMatchObject({
      confirmedAt: at,
    });
    expect(confirmPayee(registered(via('chen', 'erp')), person('ma'), at)).toMatchObject({ confirmedAt: at });
  });

  it('is known however its account is spaced or cased, and no other account is', () => {
    const one = registered();
    const same = { name: 'N.', account: 'cn6217000012', bank: 'bkchcnbj' };
    expect(payeeRefusal([one], same, threeDaysLater)).toBeUndefined();
    for (const other of [
      { ...same, account: 'cn6217000013' },
      { ...same, bank: 'ICBKCNBJ' },
      { name: 'Ningbo', account: 'CN6217000012' },
    ])
      expect(payeeRefusal([one], other, threeDaysLater)?.refused).toBe('payee.not-registered');
    expect(registerPayee([one], { id: 'p-2', supplier: 'sup-1', payee: same, by: person() }, 72, at)).toMatchObject({
      refused: 'payee.exists',
    });
  });

  it('that was removed can neither be used nor confirmed, but registered again, with a new waiting time', () => {
    const removed = removePayee(registered(), person('ma'), at);
    expect(payeeRefusal([removed], payee, threeDaysLater)?.refused).toBe('payee.not-registered');
    expect(confirmPayee(removed, person('ma'), at)).toMatchObject({ refused: 'payee.removed' });
    const again = registerPayee([removed], { id: 'p-2', supplier: 'sup-1', payee, by: person() }, 72, threeDaysLater);
    expect(again).toMatchObject({ usableFrom: '2026-03-08T01:00:00.000Z' });
  });

  it('is shown to others by the end of its account, of a short one by less', () => {
    expect(maskAccount('6222021234567890')).toBe('…7890');
    expect(maskAccount('123456')).toBe('…456');
    expect(maskAccount('12')).toBe('…2');
  });
});
