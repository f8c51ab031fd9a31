/**
 * Money in suspense, for operators: one says what is to become of an item, another approves it; then it is applied to an
 * order, or goes back to where it came from (R29, R30; four eyes).
 */
import type { Actor } from '../domain/messages';
import { problemsOf } from '../domain/parse';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import {
  approve,
  disapprove,
  propose,
  suspenseAction,
  type SuspenseAction,
  type SuspenseItem,
} from '../domain/suspense';
import { findItem, sendOff } from '../store/suspense-return';
import { changeItem, listSuspense } from '../store/suspense';
import { suspenseReturnWorkflow, suspenseReturnId } from '../workflows/contract';
import type { TradeAssuranceClient } from './client';
import { Refused } from './errors';

export class SuspenseClient {
  constructor(private readonly orders: TradeAssuranceClient) {}

  /** Items that wait for an operator, oldest first; or those of the states asked for. */
  list(states?: readonly SuspenseItem['state'][]): Promise<SuspenseItem[]> {
    return listSuspense(this.orders.options.store, states);
  }

  /** @throws Refused `suspense.not-found`, `suspense.not-open`, `message.invalid` */
  async propose(id: string, action: SuspenseAction, why: string, by: Actor): Promise<SuspenseItem> {
    onlyPlatform(by);
    const parsed = suspenseAction.safeParse(action);
    if (!parsed.success) throw new Refused(refuse('message.invalid', problemsOf(parsed.error)));
    const at = new Date().toISOString();
    return kept(
      await changeItem(this.orders.options.store, id, (item) => propose(item, parsed.data, by.member, why, at)),
    );
  }

  /**
   * Approves what another operator has put forward, and does it. Approving again does what is left to be done.
   * @param proposal the number of the proposal that is meant
   * @throws Refused `approval.none`, `approval.same-operator`, `suspense.not-open`, or why the order does not take the money
   */
  async approve(id: string, proposal: number, by: Actor): Promise<SuspenseItem> {
    onlyPlatform(by);
    const { store } = this.orders.options;
    const at = new Date().toISOString();
    const item = kept(
      await changeItem(
        store,
        id,
        (before) => approve(before, proposal, by.member, at),
        (after, session) => (after.state === 'returning' ? sendOff(store, after, session) : Promise.resolve()),
      ),
    );
    const action = item.proposal?.action;
    if (item.state === 'approved' && action?.kind === 'allocate') await this.allocate(item, action.order, by, proposal);
    if (item.state === 'returning') return this.payBack(id);
    return (await findItem(store, id)) ?? item;
  }

  /** Turns the proposal of that number down: the item is open again. @throws Refused `approval.none`, `suspense.not-open` */
  async disapprove(id: string, proposal: number, by: Actor): Promise<SuspenseItem> {
    onlyPlatform(by);
    const at = new Date().toISOString();
    return kept(await changeItem(this.orders.options.store, id, (item) => disapprove(item, proposal, at)));
  }

  /** What the order does not take waits for the operators again, with the reason for whoever approved it. */
  private async allocate({ id, amount }: SuspenseItem, order: string, as: Actor, proposal: number): Promise<void> {
    try {
      await this.orders.suspenseAllocated(
        order,
        { suspense: id, amount },
        { as, id: `suspense:${id}:${String(proposal)}` },
      );
    } catch (fault) {
      if (fault instanceof Refused) await this.disapprove(id, proposal, as);
      throw fault;
    }
  }

  private payBack(id: string): Promise<SuspenseItem> {
    const { temporal, taskQueue } = this.orders.options;
    return temporal.workflow.execute<(item: string) => Promise<SuspenseItem>>(suspenseReturnWorkflow, {
      workflowId: suspenseReturnId(id),
      taskQueue,
      args: [id],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Return of ${id}`,
    });
  }
}

function kept(item: SuspenseItem | Refusal): SuspenseItem {
  if (isRefusal(item)) throw new Refused(item);
  return item;
}

function onlyPlatform({ role }: Actor): void {
  if (role !== 'platform')
    throw new Refused(refuse('actor.role-not-allowed', `suspense is the platform’s; you are ${role}`));
}
