/**
 * A supplier's money, for other services: withdraw it, settle it into CNY, read its statement (R9, R18). Requests carry an
 * id of the caller's choice; the same id and content again is the same withdrawal or settlement.
 */
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import { TypedSearchAttributes, type Workflow } from '@temporalio/common';
import type { z } from 'zod';
import { fundsAuthorityRefusal, type FundsOperation } from '../domain/authority';
import { sumOf, type Part } from '../domain/funds';
import type { Actor } from '../domain/messages';
import { format, type CurrencyCode, type Money } from '../domain/money';
import { problemsOf } from '../domain/parse';
import { registeredPayee, type RegisteredPayee } from '../domain/payee';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import {
  hasEnded,
  repeatedSettlement,
  settlementOutcome,
  settlementRequest,
  type Settlement,
  type SettlementRequest,
} from '../domain/settlement';
import type { Statement, StatementPeriod } from '../domain/statement';
import {
  payoutKey,
  repeatedWithdrawal,
  withdrawalRequest,
  type Withdrawal,
  type WithdrawalRequest,
} from '../domain/withdrawal';
import { debtsOf } from '../store/funds';
import { confirmPayeeOf, payeesOf, registerPayeeOf, removePayeeOf } from '../store/payees';
import { findMember } from '../store/read';
import { findSettlement, settlementsOf } from '../store/settlements';
import { collectables, readStatement, type Collectable } from '../store/statement';
import { approve, findWithdrawal, withdrawalsOf } from '../store/withdrawals';
import {
  payoutSettledSignal,
  quotedUpdate,
  reservedUpdate,
  settlementWorkflow,
  settlementWorkflowId,
  settleUpdate,
  withdrawalWorkflow,
  withdrawalWorkflowId,
  type SettleInput,
} from '../workflows/funds-contract';
import { searchAttributes } from '../workflows/search-attributes';
import type { ClientOptions } from './client';
import { Refused, refusalIn, Unavailable, withinTime } from './errors';

/** Who asks. */
interface Asking {
  as: Actor;
}

/** What is started, and which Update answers for it. */
interface Start {
  type: string;
  workflowId: string;
  update: string;
  input: { supplier: string; orders: readonly Part[] };
  summary: string;
  /** Whether a workflow of this id that has ended is started again: one that awaited an approval is. */
  reuse?: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
}

export class FundsClient {
  /** Over the connections of a `TradeAssuranceClient`: `new FundsClient(client.options)`. */
  constructor(readonly options: ClientOptions) {}

  /**
   * Withdraws money of one or more orders; answers once it is reserved. How it ends, `awaitWithdrawal` tells.
   * @throws Refused `funds.…`, `withdrawal.…`, `actor.…`, `message.…`; Unavailable, then send again under the same id
   */
  async withdraw(request: Omit<WithdrawalRequest, 'by'>, { as: by }: Asking): Promise<Withdrawal> {
    const input = formed(withdrawalRequest, { ...request, by });
    await this.authorise('funds.withdraw', by, input.supplier);
    return this.startWithdrawal(input, 'ALLOW_DUPLICATE_FAILED_ONLY');
  }

  /**
   * Approves a withdrawal that waits for a second person of the supplier: its money is reserved, and the bank asked. Again
   * changes nothing.
   * @throws Refused `withdrawal.…`, `approval.same-person`, `payee.…`, `funds.…`, `actor.…`; Unavailable, then approve again
   */
  async approveWithdrawal(id: string, { as: by }: Asking): Promise<Withdrawal> {
    const approved = orThrow(await approve(this.options.store, id, by, instantNow()));
    const { by: asker, supplier, channel, orders, payee } = approved;
    return this.startWithdrawal({ id, by: asker, supplier, channel, orders, payee }, 'ALLOW_DUPLICATE');
  }

  private startWithdrawal(input: WithdrawalRequest, reuse: Start['reuse']): Promise<Withdrawal> {
    const start: Start = {
      type: withdrawalWorkflow,
      workflowId: withdrawalWorkflowId(input.id),
      update: reservedUpdate,
      input,
      summary: `Withdrawal of ${input.supplier}: ${format(sumOf(input.orders))}`,
      reuse,
    };
    return this.startOrRecall<Withdrawal>(start, async () => {
      const known = await findWithdrawal(this.options.store, input.id);
      return known && repeatedWithdrawal(known, input);
    });
  }

  /** The payees of a supplier, oldest first, without those that were removed. */
  payees(supplier: string): Promise<RegisteredPayee[]> {
    return payeesOf(this.options.store, supplier);
  }

  /** Registers an account to pay out to. @throws Refused `actor.…`, `payee.exists`, `payee.too-many`, `message.…` */
  async registerPayee(asked: Pick<RegisteredPayee, 'id' | 'supplier' | 'payee'>, { as: by }: Asking) {
    const { id, supplier, payee } = formed(registeredPayee.pick({ id: true, supplier: true, payee: true }), asked);
    return orThrow(await registerPayeeOf(this.options.store, { id, supplier, payee, by }, instantNow()));
  }

  /** Confirms a payee as a second person of the company. @throws Refused `actor.…`, `payee.…`, `approval.same-person` */
  async confirmPayee(supplier: string, id: string, { as: by }: Asking): Promise<RegisteredPayee> {
    return orThrow(await confirmPayeeOf(this.options.store, supplier, id, by, instantNow()));
  }

  /** Takes a payee off the list. @throws Refused `actor.…`, `payee.not-found` */
  async removePayee(supplier: string, id: string, { as: by }: Asking): Promise<RegisteredPayee> {
    return orThrow(await removePayeeOf(this.options.store, supplier, id, by, instantNow()));
  }

  /** A withdrawal as it stands. @throws Refused `withdrawal.not-found` */
  async withdrawal(id: string): Promise<Withdrawal> {
    return (await findWithdrawal(this.options.store, id)) ?? thrown(refuse('withdrawal.not-found', id));
  }

  /** The withdrawals of a supplier, newest first: 50 of them unless said otherwise, at most 500. */
  withdrawals(supplier: string, limit?: number): Promise<Withdrawal[]> {
    return withdrawalsOf(this.options.store, supplier, limit);
  }

  /** The withdrawal once it has ended, or as it stands when that takes longer. @throws Refused `withdrawal.not-found` */
  async awaitWithdrawal(id: string, { timeoutMs = 30_000 } = {}): Promise<Withdrawal> {
    const handle = this.options.temporal.workflow.getHandle(withdrawalWorkflowId(id));
    await withinTime(this.options.temporal, timeoutMs, () => handle.result()).catch((fault: unknown) => {
      if (!(fault instanceof Unavailable || fault instanceof WorkflowNotFoundError)) throw fault;
    });
    return this.withdrawal(id);
  }

  /**
   * The bank has called back about the payout of this key: its withdrawal asks the bank. Twice or late changes nothing.
   * Answers whether the key is that of a withdrawal. @throws Refused `withdrawal.not-found`, `payment.end-conflict` when it is
   * booked with the other end than is `reported`; Unavailable
   */
  async payoutSettled(key: string, reported?: 'paid' | 'refused'): Promise<boolean> {
    const id = key.slice(payoutKey('').length);
    if (key !== payoutKey(id)) return false;
    const handle = this.options.temporal.workflow.getHandle(withdrawalWorkflowId(id));
    try {
      await this.call(() => handle.signal(payoutSettledSignal));
    } catch (fault) {
      if (!(fault instanceof WorkflowNotFoundError)) throw fault;
      const { state } = await this.withdrawal(id); // it has ended, unless it never was
      if ((state === 'paid' && reported === 'refused') || (state === 'put-back' && reported === 'paid'))
        throw new Refused(refuse('payment.end-conflict', `${id} is ${state}`));
    }
    return true;
  }

  /**
   * Has the bank quote CNY for money of one or more orders. The quote is taken by `settle`, before `quote.expiresAt`.
   * @throws Refused `funds.…`, `fx.refused`, `actor.…`, `message.…`; Unavailable, then ask again under the same id
   */
  async quote(request: Omit<SettlementRequest, 'by'>, { as: by }: Asking): Promise<Settlement> {
    const input = formed(settlementRequest, { ...request, by });
    await this.authorise('funds.quote', by, input.supplier);
    const start: Start = {
      type: settlementWorkflow,
      workflowId: settlementWorkflowId(input.id),
      update: quotedUpdate,
      input,
      summary: `Settlement into CNY of ${input.supplier}: ${format(sumOf(input.orders))}`,
    };
    return this.startOrRecall<Settlement>(start, async () => {
      const stands = await findSettlement(this.options.store, input.id);
      return stands && repeatedSettlement(stands, input);
    });
  }

  /**
   * Takes the quote; answers once both legs are booked. Again changes nothing.
   * @throws Refused `fx.quote-expired`, `fx.refused`, `fx.not-found`, `funds.…`, `actor.…`; Unavailable, then take it again
   */
  async settle(id: string, { as: by }: Asking): Promise<Settlement> {
    await this.authorise('funds.settle', by, (await this.settlement(id)).supplier);
    const handle = this.options.temporal.workflow.getHandle(settlementWorkflowId(id));
    try {
      const input: SettleInput = { by };
      return await this.call(() => handle.executeUpdate<Settlement, [SettleInput]>(settleUpdate, { args: [input] }));
    } catch (fault) {
      const refusal = refusalIn(fault);
      if (refusal) throw new Refused(refusal);
      const stands = fault instanceof Unavailable ? undefined : await this.settlement(id);
      if (!stands || !hasEnded(stands)) throw fault;
      const outcome = settlementOutcome(stands);
      return isRefusal(outcome) ? thrown(outcome) : outcome;
    }
  }

  /** A settlement as it stands. @throws Refused `fx.not-found` */
  async settlement(id: string): Promise<Settlement> {
    return (await findSettlement(this.options.store, id)) ?? thrown(refuse('fx.not-found', id));
  }

  /** The settlements of a supplier, newest first: 50 of them unless said otherwise, at most 500. */
  settlements(supplier: string, limit?: number): Promise<Settlement[]> {
    return settlementsOf(this.options.store, supplier, limit);
  }

  /** The statement of a supplier's account in one currency. @throws Refused `statement.too-long` */
  async statement(period: StatementPeriod): Promise<Statement> {
    const read = await readStatement(this.options.store, period);
    return isRefusal(read) ? thrown(read) : read;
  }

  /** What the supplier may still collect of each order. */
  collectables(supplier: string, currency: CurrencyCode): Promise<Collectable[]> {
    return collectables(this.options.store, supplier, currency);
  }

  /** What the supplier owes, by currency: nothing is paid out before it is repaid (R2). */
  debts(supplier: string): Promise<Money[]> {
    return debtsOf(this.options.store, supplier);
  }

  // --- within

  /** Refuses before anything is started; the transaction that books it looks again. @throws Refused */
  private async authorise(operation: FundsOperation, by: Actor, supplier: string): Promise<void> {
    const refused = fundsAuthorityRefusal(operation, by, supplier, await findMember(this.options.store, supplier));
    if (refused) throw new Refused(refused);
  }

  /** Starts the workflow, or joins the one that runs, and asks it; one that has ended is recalled from the books. */
  private async startOrRecall<T>(
    { type, workflowId, update, input, summary, reuse = 'ALLOW_DUPLICATE_FAILED_ONLY' }: Start,
    recall: () => Promise<T | Refusal | undefined>,
  ): Promise<T> {
    const { temporal, taskQueue } = this.options;
    try {
      return await this.call(() =>
        temporal.workflow.executeUpdateWithStart<Workflow, T, [unknown]>(update, {
          args: [input],
          startWorkflowOperation: new WithStartWorkflowOperation(type, {
            workflowId,
            taskQueue,
            args: [input],
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: reuse,
            typedSearchAttributes: new TypedSearchAttributes([
              { key: searchAttributes.TaSupplier, value: input.supplier },
            ]),
            staticSummary: summary,
          }),
        }),
      );
    } catch (fault) {
      const refusal = refusalIn(fault);
      if (refusal) throw new Refused(refusal);
      const stands = fault instanceof Unavailable ? undefined : await recall();
      if (stands === undefined) throw fault;
      return isRefusal(stands) ? thrown(stands) : stands;
    }
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return withinTime(this.options.temporal, this.options.timeoutMs ?? 30_000, call);
  }
}

/** The request as its form has it, so that the same one again is the same. */
function formed<Form extends z.ZodType>(form: Form, request: unknown): z.infer<Form> {
  const parsed = form.safeParse(request);
  if (!parsed.success) throw new Refused(refuse('message.invalid', problemsOf(parsed.error)));
  return parsed.data;
}

const instantNow = (): string => new Date().toISOString();

function orThrow<T extends object>(answer: T | Refusal): T {
  return isRefusal(answer) ? thrown(answer) : answer;
}

function thrown(refusal: Refusal): never {
  throw new Refused(refusal);
}
