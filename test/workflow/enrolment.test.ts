/** The workflow of an application for Trade Assurance, with time passing by itself (R5, R13, R55). */
import { randomUUID } from 'node:crypto';
import { Client, WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, type Workflow } from '@temporalio/common';
import type { EnrolmentMessageName } from '../../domain/enrolment-messages';
import { refuse } from '../../domain/refusal';
import type { Person } from '../../domain/users';
import application from '../../seeds/enrolments/wenzhou-valves.json';
import { viewQuery } from '../../workflows/contract';
import {
  enrolmentIdOf,
  enrolmentWorkflow,
  type EnrolmentReply,
  type EnrolmentView,
} from '../../workflows/enrolment-contract';
import { MemoryEnrolments } from '../support/memory-enrolments';
import { hopeless } from '../support/memory-journal';
import { refusalOf, TimeSkipping } from '../support/time-skipping';

let time: TimeSkipping;
let memory: MemoryEnrolments;
beforeAll(async () => {
  time = await TimeSkipping.open();
});
afterAll(() => time.close());

const operator = (member: string): Person => ({ role: 'platform', member });
const body = (actor: Person, data: unknown, id: string = randomUUID()) => ({ id, actor, data });

/** A supplier and its application, as a caller sees it. */
class Applicant {
  readonly id = `sup-${randomUUID().slice(0, 8)}`;
  readonly self: Person = { role: 'supplier', member: this.id };
  readonly handle: WorkflowHandle = time.environment.client.workflow.getHandle(enrolmentIdOf(this.id));

  apply(id?: string): Promise<EnrolmentReply> {
    return time.environment.client.workflow.executeUpdateWithStart<Workflow, EnrolmentReply, [unknown]>('apply', {
      args: [body(this.self, application, id)],
      startWorkflowOperation: new WithStartWorkflowOperation(enrolmentWorkflow, {
        workflowId: enrolmentIdOf(this.id),
        taskQueue: time.taskQueue,
        args: [{ supplier: this.id }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      }),
    });
  }

  say(name: EnrolmentMessageName, actor: Person, data: unknown = {}, id?: string): Promise<EnrolmentReply> {
    return this.handle.executeUpdate<EnrolmentReply, [unknown]>(name, { args: [body(actor, data, id)] });
  }

  verify(score = 84, by = operator('op-1')): Promise<EnrolmentReply> {
    return this.say('verify', by, { verification: `v-${randomUUID().slice(0, 8)}`, score });
  }

  /** Waits for the end without letting time go by, as `handle.result` does. */
  end(): Promise<unknown> {
    const { connection } = time.environment;
    return new Client({ connection }).workflow.getHandle(this.handle.workflowId).result();
  }

  view(): Promise<EnrolmentView> {
    return this.handle.query<EnrolmentView>(viewQuery);
  }
}

/** Runs a test with a worker and a new supplier, whose workflow is ended afterwards: time skips to any timer there is. */
async function withWorker(test: (applicant: Applicant) => Promise<void>): Promise<void> {
  memory = new MemoryEnrolments();
  time.taskQueue = `enrolments-${randomUUID().slice(0, 8)}`;
  const worker = await time.worker({ activities: memory.activities });
  const applicant = new Applicant();
  await worker.runUntil(async () => {
    try {
      await test(applicant);
    } finally {
      await applicant.handle.terminate().catch(() => undefined);
    }
  });
}

describe('R13 an application', () => {
  it('R13 is verified by one and approved by another; then the orders that wait are told, page by page, twice (R55)', () =>
    withWorker(async (supplier) => {
      memory.pages = [
        { told: 200, gone: 0, after: 'order-200' },
        { told: 3, gone: 1 },
        { told: 1, gone: 0 },
      ];
      expect(await supplier.apply()).toEqual({ supplier: supplier.id, round: 1, version: 1, status: 'applied' });
      expect(await supplier.verify()).toMatchObject({ version: 2, status: 'verified' });
      expect(await refusalOf(supplier.say('approve', operator('op-1')))).toBe('decision.same-person');
      expect(await supplier.say('approve', operator('op-2'))).toMatchObject({ version: 3, status: 'approved' });
      expect(await supplier.handle.result()).toEqual({
        supplier: supplier.id,
        status: 'approved',
        version: 3,
        told: 204,
      });
      const id = `activated:${supplier.id}:1`;
      expect(memory.told).toEqual([
        [supplier.id, id, undefined],
        [supplier.id, id, 'order-200'],
        [supplier.id, id, undefined],
      ]);
    }));

  it('R55 a server that is away while orders are told holds nothing up for good', () =>
    withWorker(async (supplier) => {
      let faults = 2;
      memory.beforeTelling = () => {
        if ((faults -= 1) >= 0) throw new Error('Temporal is away');
      };
      memory.pages = [{ told: 1, gone: 0 }];
      await supplier.apply();
      await supplier.verify();
      await supplier.say('approve', operator('op-2'));
      expect(await supplier.handle.result()).toMatchObject({ told: 1 });
    }));

  it('R13 a supplier that is asked and does not answer in 15 days lets it lapse, and may apply again', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      await supplier.say('ask', operator('op-1'), { question: 'Which bank?' });
      await time.days(14);
      expect((await supplier.view()).enrolment).toMatchObject({ status: 'awaiting-documents' });
      await time.days(2);
      expect(await supplier.handle.result()).toMatchObject({ status: 'lapsed', told: 0 });
      expect(await supplier.apply()).toMatchObject({ status: 'applied', round: 2, version: 4 });
    }));

  it('R13 a platform that does not decide in 5 days is overdue, and may decide still', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      await time.days(6);
      expect((await supplier.view()).enrolment).toMatchObject({ status: 'applied', version: 2 });
      expect((await supplier.view()).enrolment?.overdueSince).toBeDefined();
      expect(await supplier.verify()).toMatchObject({ status: 'verified' });
    }));

  it('R13 one that was refused may apply again after 30 days, not before; a refused one leaves no workflow behind', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      await supplier.say('refuse', operator('op-1'), { reason: 'no licence' });
      await supplier.end();
      expect(await refusalOf(supplier.apply())).toBe('enrolment.too-soon');
      await expect(supplier.handle.result()).rejects.toMatchObject({ cause: { type: 'enrolment.too-soon' } });
      await time.days(31);
      expect(await supplier.apply()).toMatchObject({ status: 'applied', round: 2 });
    }));

  it('R13 what the member’s record says to it is the answer', () =>
    withWorker(async (supplier) => {
      memory.refusal = refuse('supplier.not-china', supplier.id);
      expect(await refusalOf(supplier.apply())).toBe('supplier.not-china');
      await expect(supplier.handle.result()).rejects.toMatchObject({ cause: { type: 'supplier.not-china' } });
    }));
});

describe('a message of an application', () => {
  it('is answered again as it was, and refused with another body', () =>
    withWorker(async (supplier) => {
      await supplier.apply('a-1');
      const first = await supplier.say('supply', supplier.self, { documents: application.documents }, 's-1');
      await supplier.verify();
      expect(await supplier.say('supply', supplier.self, { documents: application.documents }, 's-1')).toEqual(first);
      expect(memory.states.get(supplier.id)).toMatchObject({ version: 3 });
      const other = { documents: application.documents.slice(1) };
      expect(await refusalOf(supplier.say('supply', supplier.self, other, 's-1'))).toBe('message.id-reused');
      expect(await supplier.apply('a-1')).toMatchObject({ version: 1, status: 'applied' });
    }));

  it('that begins a run as a repetition of an application that has ended is answered, and the run ends', () =>
    withWorker(async (supplier) => {
      await supplier.apply('a-1');
      await supplier.say('withdraw', supplier.self);
      await supplier.handle.result();
      expect(await supplier.apply('a-1')).toMatchObject({ version: 1, status: 'applied' });
      expect(await supplier.handle.result()).toMatchObject({ status: 'withdrawn', version: 2 });
    }));

  it('is refused before it is accepted, where the application as it stands refuses it', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      expect(await refusalOf(supplier.say('approve', operator('op-2')))).toBe('enrolment.wrong-state');
      expect(await refusalOf(supplier.say('approve', supplier.self))).toBe('actor.role-not-allowed');
      const { events = [] } = await supplier.handle.fetchHistory();
      const accepted = events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes) ?? [];
      expect(accepted).toHaveLength(1); // the application
      expect(await refusalOf(supplier.say('bribe' as never, supplier.self))).toBe('message.unknown');
      expect(await refusalOf(supplier.say('platformSilent', operator('op-1')))).toBe('message.unknown');
    }));

  it('by a Signal is taken as well, and what is refused is kept', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      await supplier.handle.signal('verify', body(operator('op-1'), { verification: 'v-1', score: 70 }));
      await supplier.handle.signal('approve', body(operator('op-1'), {}));
      await supplier.handle.signal('bribe', body(supplier.self, {}));
      await supplier.handle.signal('verify');
      const { enrolment, refusals } = await supplier.view();
      expect(enrolment).toMatchObject({ status: 'verified', version: 2 });
      expect(refusals.newest.map(({ refused }) => refused).sort()).toEqual([
        'decision.same-person',
        'message.invalid',
        'message.unknown',
      ]);
    }));

  it('whose commit was stored by a worker that died is adopted, not stored twice', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      let isLost = true;
      memory.afterCommit = () => {
        if (!isLost) return;
        isLost = false;
        throw new Error('the answer is lost');
      };
      expect(await supplier.verify()).toMatchObject({ status: 'verified', version: 2 });
      expect(memory.states.get(supplier.id)).toMatchObject({ version: 2 });
      expect((await supplier.view()).enrolment).toMatchObject({ status: 'verified', version: 2 });
    }));

  it('that gets the answer of another, which was under way when its task was told again, asks once more', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      const before = memory.states.get(supplier.id);
      memory.answered = () => {
        memory.answered = (own) => own;
        if (before) memory.states.set(supplier.id, before); // its own was never stored
        memory.rows.delete([...memory.rows.keys()].at(-1) ?? '');
        return { kind: 'stored', to: 'commit:2:supplier:another:1' };
      };
      expect(await supplier.verify()).toMatchObject({ status: 'verified', version: 2 });
      expect((await supplier.view()).enrolment).toEqual(memory.states.get(supplier.id));
      expect(memory.states.get(supplier.id)).toMatchObject({ version: 2 });
    }));

  it('that can never be stored is refused, and the next is taken', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      memory.beforeCommit = () => {
        throw hopeless('too large');
      };
      expect(await refusalOf(supplier.verify())).toBe('commit.failed');
      memory.beforeCommit = () => undefined;
      expect(await supplier.verify()).toMatchObject({ status: 'verified' });
    }));

  it('waits while MongoDB is away', () =>
    withWorker(async (supplier) => {
      await supplier.apply();
      let faults = 3;
      memory.beforeCommit = () => {
        if ((faults -= 1) >= 0) throw new Error('MongoDB is away');
      };
      expect(await supplier.verify()).toMatchObject({ status: 'verified', version: 2 });
    }));
});

it('operators see where it stands: search attribute, details, a named timer', () =>
  withWorker(async (supplier) => {
    await supplier.apply();
    await supplier.verify(84);
    const { typedSearchAttributes } = await supplier.handle.describe();
    expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
      'TaStatus',
      'verified',
    ]);
    const { events } = await supplier.handle.fetchHistory();
    const timers = events?.filter((event) => event.timerStartedEventAttributes) ?? [];
    const summaries = timers.map((event) => Buffer.from(event.userMetadata?.summary?.data ?? []).toString());
    expect(summaries.at(-1)).toContain('The platform’s decision is due (R13)');
    const details = await supplier.handle.query<string>('__temporal_workflow_metadata').then(JSON.stringify);
    expect(details).toContain('approval or refusal by another operator');
  }));

it('a failure of a kind that nobody expects is no end of it', () =>
  withWorker(async (supplier) => {
    await supplier.apply();
    memory.beforeCommit = () => {
      throw ApplicationFailure.nonRetryable('a fault of ours', 'odd');
    };
    await supplier.handle.signal('verify', body(operator('op-1'), { verification: 'v-1', score: 70 }));
    expect((await supplier.view()).refusals.newest).toMatchObject([{ refused: 'commit.failed' }]);
    memory.beforeCommit = () => undefined;
    expect(await supplier.verify()).toMatchObject({ status: 'verified' });
  }));
