/** Withdrawals and settlements on the time-skipping server, over books and a bank in memory. */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { SettlementRequest } from '../../domain/settlement';
import type { WithdrawalRequest } from '../../domain/withdrawal';
import { settlementWorkflowId, withdrawalWorkflowId } from '../../workflows/funds-contract';
import { supplierId, usd } from './builders';
import { asking, paidByBuyer, paidToSupplier, policy, securePayment, settling } from './funds-builders';
import { MemoryFunds } from './memory-funds';
import type { TimeSkipping } from './time-skipping';

/** One test: a supplier with USD 1,000.00 of an order `ta` and of an order `sp`. */
export class FundsStory {
  readonly funds = new MemoryFunds(
    {
      ta: { supplier: supplierId, scheme: 'trade-assurance' },
      sp: { supplier: supplierId, scheme: securePayment },
    },
    policy,
  );
  readonly bank = this.funds.bank;
  private readonly started: WorkflowHandle[] = [];

  constructor(readonly time: TimeSkipping) {
    for (const order of ['ta', 'sp'])
      this.funds.post([paidByBuyer(order, usd(1_000)), paidToSupplier(order, usd(1_000))]);
  }

  /** Runs the test with a worker; what it has started is ended afterwards. */
  static async play(time: TimeSkipping, test: (story: FundsStory) => Promise<void>): Promise<void> {
    const story = new FundsStory(time);
    time.taskQueue = `funds-${randomUUID().slice(0, 8)}`;
    const worker = await time.worker({ activities: story.funds.activities });
    await worker.runUntil(async () => {
      try {
        await test(story);
      } finally {
        await Promise.all(story.started.map((handle) => handle.terminate().catch(() => undefined)));
      }
    });
  }

  async withdraw(orders: Parameters<typeof asking>[0], id: string = randomUUID()) {
    const request: WithdrawalRequest = asking(orders, { id });
    const handle = await this.start('withdrawal', withdrawalWorkflowId(id), request);
    return { id, request, handle };
  }

  async settlement(orders: Parameters<typeof settling>[0], id: string = randomUUID()) {
    const request: SettlementRequest = settling(orders, { id });
    const handle = await this.start('settlement', settlementWorkflowId(id), request);
    return { id, request, handle };
  }

  /** Starts a workflow with any input. */
  async start(type: string, workflowId: string, input: unknown): Promise<WorkflowHandle> {
    const { client } = this.time.environment;
    const handle = await client.workflow.start(type, {
      workflowId,
      taskQueue: this.time.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
    this.started.push(handle);
    return handle;
  }

  handleOf(workflowId: string): WorkflowHandle {
    return this.time.environment.client.workflow.getHandle(workflowId);
  }

  /** What the supplier has, in minor units. */
  balance(currency: 'USD' | 'CNY' = 'USD'): number {
    return this.funds.balance(`supplier:${supplierId}`, currency);
  }

  /** The kinds of posting there are beyond what the buyers paid. */
  kinds(): string[] {
    return this.funds.transfers
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'payment' && kind !== 'supplier-paid');
  }
}
