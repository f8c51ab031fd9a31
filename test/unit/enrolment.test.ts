/** An application for Trade Assurance as a state machine (R5, R11, R13). */
import fc from 'fast-check';
import {
  assuranceBy,
  deadlineOf,
  enrolment,
  enrolmentStatus,
  mayApplyAgainAt,
  step,
  verificationFact,
  type Enrolment,
} from '../../domain/enrolment';
import { enrolmentRefusal } from '../../domain/enrolment-admission';
import {
  enrolmentMessages,
  parseEnrolmentMessage,
  sentEnrolmentMessages,
  type EnrolmentMessage,
  type EnrolmentMessageName,
} from '../../domain/enrolment-messages';
import { enrolmentPolicy } from '../../domain/enrolment-policy';
import { isRefusal, type RefusalCode } from '../../domain/refusal';
import { schemeInForce } from '../../domain/scheme';
import { addDays } from '../../domain/time';
import type { Person } from '../../domain/users';
import policyJson from '../../seeds/policies/enrolment-v1.json';
import application from '../../seeds/enrolments/wenzhou-valves.json';
import { aSupplier, supplierId } from '../support/builders';
import { noon } from '../support/credit';

const policy = enrolmentPolicy.parse(policyJson);
const start = noon('2026-03-02');

const supplier: Person = { role: 'supplier', member: supplierId };
const operator = (member: string): Person => ({ role: 'platform', member });
const verifier: Person = { role: 'verifier', member: 'acme-audit' };
const clock: Person = { role: 'clock', member: 'clock' };

let sent = 0;
/** A message as it comes over the wire. */
function message(name: EnrolmentMessageName, actor: Person, data: unknown): EnrolmentMessage {
  const parsed = parseEnrolmentMessage(name, { id: `m-${String((sent += 1))}`, actor, data });
  if (isRefusal(parsed)) throw new Error(parsed.detail);
  return parsed;
}
const apply = () => message('apply', supplier, application);
const supply = () => message('supply', supplier, { documents: application.documents.slice(0, 1) });
const ask = (by = operator('op-1')) => message('ask', by, { question: 'Which bank?' });
const verify = (score = 84, by: Person = operator('op-1'), verification = `v-${String((sent += 1))}`) =>
  message('verify', by, { verification, score });
const approve = (by = operator('op-2')) => message('approve', by, {});
const refuse = (by = operator('op-2')) => message('refuse', by, { reason: 'The licence has expired.' });
const withdraw = () => message('withdraw', supplier, {});

/** Takes the messages one after the other, a day apart; each must be taken. */
function after(...messages: EnrolmentMessage[]): Enrolment {
  const end = messages.reduce<Enrolment | undefined>((state, next, day) => {
    const stepped = step(state, supplierId, next, policy, addDays(start, day));
    if (isRefusal(stepped)) throw new Error(`${next.name}: ${stepped.refused} ${stepped.detail ?? ''}`);
    return stepped;
  }, undefined);
  return enrolment.parse(JSON.parse(JSON.stringify(end)));
}

const refusalOf = (state: Enrolment | undefined, next: EnrolmentMessage, at = addDays(start, 10)): RefusalCode => {
  const stepped = step(state, supplierId, next, policy, at);
  if (!isRefusal(stepped)) throw new Error(`it was taken: ${stepped.status}`);
  return stepped.refused;
};

describe('R13 the application', () => {
  test('R13, R5 a supplier applies with documents and its consent to the OneTouch contract', () => {
    expect(after(apply())).toMatchObject({
      status: 'applied',
      round: 1,
      version: 1,
      policy: 'enrolment/v1',
      oneTouchContract: { version: 'onetouch-2015', agreed: true },
      actBy: addDays(start, policy.platformDays),
    });
    const without = { ...application, oneTouchContract: { version: 'onetouch-2015', agreed: false } };
    const body = (data: unknown) => ({ id: 'm', actor: supplier, data });
    expect(parseEnrolmentMessage('apply', body(without))).toMatchObject({ refused: 'message.invalid' });
    expect(parseEnrolmentMessage('apply', body({ ...application, documents: [] }))).toMatchObject({
      refused: 'message.invalid',
    });
  });

  test('R13 verified by one, approved by another: the supplier is activated', () => {
    const verified = after(apply(), verify());
    expect(verified).toMatchObject({ status: 'verified', verification: { score: 84, by: operator('op-1') } });
    const approved = after(apply(), verify(), approve());
    expect(approved).toMatchObject({ status: 'approved', decision: { by: operator('op-2') }, version: 3 });
    expect([assuranceBy(after(apply())), assuranceBy(verified), assuranceBy(approved)]).toEqual([
      'applied',
      'applied',
      'activated',
    ]);
  });

  test('R13 four eyes: whoever verified decides neither way, in another role neither', () => {
    const verified = after(apply(), verify(84, verifier));
    expect(refusalOf(after(apply(), verify()), approve(operator('op-1')))).toBe('decision.same-person');
    expect(refusalOf(after(apply(), verify()), refuse(operator('op-1')))).toBe('decision.same-person');
    expect(refusalOf(verified, approve(operator('acme-audit')))).toBe('decision.same-person');
    expect(after(apply(), verify(84, verifier), approve(operator('op-1')))).toMatchObject({ status: 'approved' });
  });

  test('R13 nobody approves what was not verified, or not well enough (R11)', () => {
    expect(refusalOf(after(apply()), approve())).toBe('enrolment.wrong-state');
    expect(refusalOf(after(apply(), verify(59)), approve())).toBe('enrolment.score-too-low');
    expect(after(apply(), verify(59), verify(60), approve())).toMatchObject({ status: 'approved' });
  });

  test('R11 a verification is a fact for the supplier’s credit, known by round and report', () => {
    const report = verify(84, verifier, 'report-7') as EnrolmentMessage<'verify'>;
    const fact = verificationFact(after(apply(), report), report, start);
    expect(fact).toMatchObject({
      event: 'company.verified',
      inputs: { verification: 'enrolment-1-report-7', score: 84 },
    });
  });

  test('R11 the same report again changes nothing; with another score it is refused', () => {
    const verified = after(apply(), verify(84, verifier, 'report-7'));
    const again = verify(84, verifier, 'report-7');
    expect(step(verified, supplierId, again, policy, start)).toBe(verified);
    expect(refusalOf(verified, verify(90, verifier, 'report-7'))).toBe('message.id-reused');
  });

  test('R13 what is missing is asked for; the answer starts the platform’s period anew', () => {
    const asked = after(apply(), ask());
    expect(asked).toMatchObject({ status: 'awaiting-documents', actBy: addDays(start, 1 + policy.supplierDays) });
    expect(refusalOf(asked, verify())).toBe('enrolment.wrong-state');
    const supplied = after(apply(), ask(), supply());
    expect(supplied).toMatchObject({ status: 'applied', actBy: addDays(start, 2 + policy.platformDays) });
    expect(supplied.documents).toHaveLength(4);
    expect(supplied.question).toBeUndefined();
  });

  test('R13 documents that nobody asked for are taken, and put nothing off', () => {
    const more = after(apply(), supply());
    expect(more.documents).toHaveLength(4);
    expect(more.actBy).toBe(addDays(start, policy.platformDays));
    const many = { documents: Array.from({ length: 20 }, () => application.documents[0]) };
    const full = after(apply(), message('supply', supplier, many), message('supply', supplier, many));
    expect(refusalOf(full, message('supply', supplier, many))).toBe('enrolment.too-many-documents');
  });

  test('R13 only the supplier itself speaks for it', () => {
    const stranger: Person = { role: 'supplier', member: 'sup-other' };
    for (const name of ['apply', 'supply', 'withdraw'] as const) {
      const data = { apply: application, supply: { documents: application.documents }, withdraw: {} }[name];
      expect(refusalOf(after(apply()), message(name, stranger, data))).toBe('actor.not-the-member');
    }
  });
});

describe('R13 the end of an application', () => {
  test('R13 a supplier that was refused may apply again after 30 days, in a new round', () => {
    const refused = after(apply(), verify(), refuse());
    expect(refused).toMatchObject({ status: 'refused', decision: { reason: 'The licence has expired.' } });
    const from = mayApplyAgainAt(refused, policy) ?? '';
    expect(from).toBe(addDays(start, 2 + 30));
    expect(refusalOf(refused, apply(), addDays(from, -0.001))).toBe('enrolment.too-soon');
    const again = step(refused, supplierId, apply(), policy, from);
    expect(again).toMatchObject({ status: 'applied', round: 2, version: 4 });
    expect(again).not.toHaveProperty('verification');
    expect(again).not.toHaveProperty('decision');
  });

  test('R13 one that withdrew, or fell silent, may apply again at once', () => {
    const withdrawn = after(apply(), withdraw());
    expect(withdrawn.status).toBe('withdrawn');
    expect(step(withdrawn, supplierId, apply(), policy, addDays(start, 2))).toMatchObject({ round: 2 });
  });

  test('R13 while one is open there is no other; after an approval none is needed', () => {
    expect(refusalOf(after(apply()), apply())).toBe('enrolment.wrong-state');
    expect(refusalOf(after(apply(), verify(), approve()), apply())).toBe('enrolment.not-needed');
    expect(refusalOf(undefined, verify())).toBe('enrolment.not-found');
  });

  test('R13 a supplier that does not answer in 15 days lets it lapse', () => {
    const asked = after(apply(), ask());
    const due = deadlineOf(asked);
    expect(due).toEqual({ at: addDays(start, 16), message: 'supplierSilent' });
    const silent = message('supplierSilent', clock, {});
    expect(step(asked, supplierId, silent, policy, addDays(start, 15.9))).toBe(asked);
    expect(step(asked, supplierId, silent, policy, addDays(start, 16))).toMatchObject({ status: 'lapsed' });
    expect(deadlineOf(after(apply(), ask(), withdraw()))).toBeUndefined();
  });

  test('R13 a platform that does not decide in 5 days is overdue: the supplier does not pay for it', () => {
    const due = deadlineOf(after(apply()));
    expect(due).toEqual({ at: addDays(start, 5), message: 'platformSilent' });
    const silent = message('platformSilent', clock, {});
    const overdue = step(after(apply()), supplierId, silent, policy, addDays(start, 5)) as Enrolment;
    expect(overdue).toMatchObject({ status: 'applied', overdueSince: addDays(start, 5) });
    expect(deadlineOf(overdue)).toBeUndefined();
    expect(step(overdue, supplierId, verify(), policy, addDays(start, 6))).toMatchObject({
      status: 'verified',
      overdueSince: undefined,
      actBy: addDays(start, 11),
    });
  });

  test('R13 the clock says nothing that is not due', () => {
    const state = after(apply());
    for (const name of ['supplierSilent', 'platformSilent'] as const)
      expect(step(state, supplierId, message(name, clock, {}), policy, addDays(start, 1))).toBe(state);
  });
});

describe('R13 what the member’s record says to it', () => {
  const scheme = schemeInForce('trade-assurance', start);
  test.each([
    ['R12 a supplier of Hong Kong', { country: 'HK' }, apply(), 'supplier.not-china'],
    ['R12 a buyer', { account: 'overseas-paid' as const }, apply(), 'supplier.not-a-supplier'],
    ['R58 a suspended supplier', { tradeAssurance: 'suspended' as const }, apply(), 'supplier.suspended'],
    ['R58 one that was suspended meanwhile', { tradeAssurance: 'suspended' as const }, approve(), 'supplier.suspended'],
    ['one that is activated', { tradeAssurance: 'activated' as const }, apply(), 'enrolment.not-needed'],
  ])('%s is refused', (_, changes, next, code) => {
    const member = aSupplier({ tradeAssurance: 'none', ...changes });
    expect(enrolmentRefusal(member, next, scheme)).toMatchObject({ refused: code });
  });

  test('of a company’s users its owner applies; nobody else does', () => {
    const users = (['owner', 'sales'] as const).map((role) => {
      return { id: role, name: role, email: `${role}@company.example`, role, active: true };
    });
    const by = (user: string) => message('apply', { ...supplier, user }, application);
    const member = aSupplier({ tradeAssurance: 'none', users });
    expect(enrolmentRefusal(member, by('owner'), scheme)).toBeUndefined();
    expect(enrolmentRefusal(member, by('sales'), scheme)).toMatchObject({ refused: 'actor.user-not-allowed' });
    expect(enrolmentRefusal(undefined, apply(), scheme)).toMatchObject({ refused: 'member.not-found' });
  });
});

describe('R13 whatever comes, in whatever order', () => {
  const anyMessage = fc.constantFrom(apply, supply, ask, verify, approve, refuse, withdraw);
  const clocks = fc.constantFrom('supplierSilent', 'platformSilent').map((name) => () => message(name, clock, {}));
  const story = fc.array(
    fc.tuple(fc.oneof({ weight: 6, arbitrary: anyMessage }, clocks), fc.integer({ min: 0, max: 40 })),
    { maxLength: 25 },
  );

  test('R13 every state is valid, versions count what was stored, and nobody is activated without two people', () => {
    fc.assert(
      fc.property(story, (messages) => {
        let state: Enrolment | undefined;
        let [at, stored] = [start, 0];
        for (const [make, days] of messages) {
          at = addDays(at, days);
          const next = step(state, supplierId, make(), policy, at);
          if (isRefusal(next) || next === state) continue;
          stored += 1;
          state = next;
          expect(enrolment.safeParse(JSON.parse(JSON.stringify(next))).error).toBeUndefined();
          expect(next.version).toBe(stored);
          expect(next.endedAt !== undefined).toBe(deadlineOf(next) === undefined && next.overdueSince === undefined);
          if (next.status !== 'approved') continue;
          expect(next.verification?.by.member).not.toBe(next.decision?.by.member);
          expect(next.verification?.score).toBeGreaterThanOrEqual(policy.minimumScore);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('each message that may be sent has its senders and its rule, and every status is reached', () => {
    for (const name of sentEnrolmentMessages) expect(enrolmentMessages[name].rule).toMatch(/^R\d+$/);
    const asked = after(apply(), ask());
    const lapsed = step(
      asked,
      supplierId,
      message('supplierSilent', clock, {}),
      policy,
      addDays(start, 40),
    ) as Enrolment;
    const reached = [after(apply()), asked, after(apply(), verify()), after(apply(), verify(), approve()), lapsed];
    const ends = [after(apply(), refuse()), after(apply(), withdraw())];
    expect([...reached, ...ends].map(({ status }) => status).sort()).toEqual([...enrolmentStatus.options].sort());
  });

  test('an unknown message, a wrong role and a field that nobody knows are refused', () => {
    const body = (actor: Person, data: unknown) => ({ id: 'm-1', actor, data });
    expect(parseEnrolmentMessage('bribe', body(supplier, {}))).toMatchObject({ refused: 'message.unknown' });
    expect(parseEnrolmentMessage('approve', body(supplier, {}))).toMatchObject({ refused: 'actor.role-not-allowed' });
    expect(parseEnrolmentMessage('approve', body(verifier, {}))).toMatchObject({ refused: 'actor.role-not-allowed' });
    expect(parseEnrolmentMessage('approve', body(operator('o'), { force: true }))).toMatchObject({
      refused: 'message.invalid',
    });
    expect(parseEnrolmentMessage('verify', body(verifier, { verification: 'v', score: 101 }))).toMatchObject({
      refused: 'message.invalid',
    });
  });
});
