/** The workflow on the time-skipping test server: one environment a test file, a journal in memory, a client without a store. */
import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { searchAttributeTypes } from '../../clients/search-attribute-types';
import type { MessageData, Role } from '../../domain/messages';
import { payloadConverterPath } from '../../workers/bundle';
import {
  orderWorkflow,
  viewQuery,
  workflowIdOf,
  type Answer,
  type LiveView,
  type OrderInput,
} from '../../workflows/contract';
import { buyerId, completeContract, draftData, pairAccount, supplierId, usd } from './builders';
import { MemoryJournal } from './memory-journal';
import { quiet, required } from './world';

const members: Record<Role, string> = {
  supplier: supplierId,
  buyer: buyerId,
  platform: 'operator-1',
  bank: 'citibank',
  customs: 'china-customs',
  carrier: 'dhl',
  inspector: 'sgs',
  processor: 'card-processor',
  clock: 'clock',
  effect: 'effect',
};

/** A message as it travels: `say('confirm', 'buyer', { revision: 1 })`. */
export const envelope = (from: Role, data: unknown, id: string = randomUUID()) => ({
  id,
  actor: { role: from, member: members[from] },
  data,
});

/** An order on the test server, seen as a caller sees it. */
export class TestOrder {
  constructor(
    readonly id: string,
    readonly handle: WorkflowHandle,
  ) {}

  update(name: string, from: Role, data: unknown = {}, id?: string): Promise<Answer> {
    return this.handle.executeUpdate<Answer, [unknown]>(name, { args: [envelope(from, data, id)] });
  }

  signal(name: string, from: Role, data: unknown = {}, id?: string): Promise<void> {
    return this.handle.signal(name, envelope(from, data, id));
  }

  view(): Promise<LiveView> {
    return this.handle.query<LiveView>(viewQuery);
  }

  pay(dollars: number, entryReference: string): Promise<Answer> {
    const amount = { amount: Math.round(dollars * 100), currency: 'USD' };
    return this.update('paymentCredited', 'bank', {
      account: pairAccount,
      entryReference,
      amount,
      method: 'tt',
      valueDate: '2026-01-05',
    });
  }
}

export class TimeSkipping {
  /** New for each test. */
  journal = new MemoryJournal();
  taskQueue = '';

  private constructor(readonly environment: TestWorkflowEnvironment) {}

  static async open(): Promise<TimeSkipping> {
    quiet();
    const path = required('TEST_SERVER_BINARY');
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
    const registered = { namespace: 'default', searchAttributes: searchAttributeTypes() };
    await environment.connection.operatorService.addSearchAttributes(registered);
    return new TimeSkipping(environment);
  }

  close(): Promise<void> {
    return this.environment.teardown();
  }

  worker(overrides: Partial<WorkerOptions> = {}): Promise<Worker> {
    return Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue: this.taskQueue,
      workflowBundle: { codePath: required('TEST_BUNDLE') },
      dataConverter: { payloadConverterPath },
      activities: this.journal.activities,
      ...overrides,
    });
  }

  /** Runs a test with a worker; every order that it started is ended afterwards, because time skips to any timer there is. */
  async withWorker(test: () => Promise<void>): Promise<void> {
    this.journal = new MemoryJournal();
    this.taskQueue = `orders-${randomUUID().slice(0, 8)}`;
    const worker = await this.worker();
    await worker.runUntil(async () => {
      try {
        await test();
      } finally {
        await Promise.all(this.started.splice(0).map((order) => order.handle.terminate().catch(() => undefined)));
      }
    });
  }

  private readonly started: TestOrder[] = [];

  /** Starts an order by its draft, as the client does. */
  async draft(
    changes: Partial<MessageData<'draft'>> = {},
    {
      from = 'supplier',
      order: id = `test-${randomUUID().slice(0, 8)}`,
      ...input
    }: Partial<OrderInput> & { from?: 'supplier' | 'buyer' } = {},
  ): Promise<TestOrder> {
    const contract = completeContract({ shipping: { shipBy: '2099-12-31' } });
    const started = new WithStartWorkflowOperation(orderWorkflow, {
      workflowId: workflowIdOf(id),
      taskQueue: this.taskQueue,
      args: [{ order: id, ...input }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    const order = new TestOrder(id, this.environment.client.workflow.getHandle(workflowIdOf(id)));
    this.started.push(order);
    await this.environment.client.workflow.executeUpdateWithStart<Workflow, Answer, [unknown]>('draft', {
      args: [envelope(from, { ...draftData({ contract }), ...changes })],
      startWorkflowOperation: started,
    });
    return order;
  }

  /** An order that both have confirmed. */
  async confirmed(input: Partial<OrderInput> = {}): Promise<TestOrder> {
    const order = await this.draft({ confirm: true }, input);
    await order.update('confirm', 'buyer', { revision: 1 });
    return order;
  }

  /** An order whose goods have been released by customs. */
  async shipped(): Promise<TestOrder> {
    const order = await this.confirmed();
    await order.pay(3000, 'advance');
    const goods = [{ hsCode: '94051100', name: 'LED panel light', quantity: 400, unit: 'piece', value: usd(6000) }];
    await order.update('registerExport', 'supplier', { exportOrder: 'export-1', declaration: 'D-1', goods });
    await order.update('completeExport', 'supplier');
    await order.update('customsReleased', 'customs', { declaration: 'D-1', releasedAt: '2026-02-01T04:00:00.000Z' });
    return order;
  }

  /** Lets so many days go by. */
  days(days: number): Promise<void> {
    return this.environment.sleep(days * 24 * 60 * 60 * 1000);
  }
}

/** The code that an Update was refused with. */
export async function refusalOf(update: Promise<unknown>): Promise<string> {
  try {
    await update;
  } catch (fault) {
    for (let cause = fault; cause instanceof Error; cause = cause.cause) {
      const { type } = cause as { type?: unknown };
      if (typeof type === 'string') return type;
    }
    throw fault;
  }
  throw new Error('the message was not refused');
}
