/**
 * `MembershipClient`: how suppliers apply for Trade Assurance and the platform decides (R13), and how a suspended supplier is
 * reinstated (R58). Each message is idempotent under its sender and id.
 */
import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes, type Workflow } from '@temporalio/common';
import { tellWaitingOrders, type SignalActivated } from '../activities/enrolment';
import {
  parseEnrolmentMessage,
  type EnrolmentData,
  type EnrolmentMessage,
  type SentEnrolmentMessage,
} from '../domain/enrolment-messages';
import { opaqueId } from '../domain/member';
import type { MemberRecord } from '../domain/member-record';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import type { Person } from '../domain/users';
import { findEnrolment, recallEnrolment } from '../store/enrolment';
import { approveReinstatement } from '../store/members';
import { workflowIdOf } from '../workflows/contract';
import {
  enrolmentIdOf,
  enrolmentWorkflow,
  type EnrolmentInput,
  type EnrolmentReply,
} from '../workflows/enrolment-contract';
import { searchAttributes } from '../workflows/search-attributes';
import { attempts, isInterrupted, updateIdOf } from './calls';
import type { ClientOptions } from './client';
import { Refused, refusalIn, withinTime } from './errors';

/** Who sends, and under which message id (made up when absent; name it to be able to send again). */
export interface MembershipSender {
  as: Person;
  id?: string;
}

export class MembershipClient {
  /** Over the connections of a `TradeAssuranceClient`: `new MembershipClient(client.options)`. */
  constructor(private readonly options: ClientOptions) {}

  /**
   * Sends a message to the supplier's application and answers once it is committed; `apply` begins one.
   * @throws Refused, with the code of the catalogue; Unavailable, then send again under the same id
   */
  async send<Name extends SentEnrolmentMessage>(
    name: Name,
    supplier: string,
    data: EnrolmentData<Name>,
    { as, id = randomUUID() }: MembershipSender,
  ): Promise<EnrolmentReply> {
    const known = opaqueId.safeParse(supplier);
    if (!known.success)
      throw new Refused(refuse('message.invalid', `supplier: ${known.error.issues[0]?.message ?? ''}`));
    const message = parseEnrolmentMessage(name, { id, actor: as, data });
    if (isRefusal(message)) throw new Refused(message);
    // A repetition is answered without beginning a run for it.
    const before = await this.repetition(supplier, message);
    if (before) return before;
    return this.deliver(
      supplier,
      message,
      name === 'apply' ? this.begin(supplier, message) : this.go(supplier, message),
    );
  }

  /** R58: a second operator approves; the supplier's orders that waited meanwhile are told. @throws Refused */
  async approveReinstatement(
    supplier: string,
    approval: { proposal: number; by: Person },
    at: string,
  ): Promise<MemberRecord> {
    const { store, temporal } = this.options;
    const record = await approveReinstatement(store, supplier, approval, at);
    if (isRefusal(record)) throw new Refused(record);
    if (record.to === 'activated')
      await this.tellOrders(supplier, `reinstated:${supplier}:${String(record.seq)}`, temporal);
    return record;
  }

  private async tellOrders(supplier: string, id: string, temporal: Client): Promise<void> {
    let after: string | undefined;
    do {
      ({ after } = await tellWaitingOrders(this.options.store, signalActivated(temporal), supplier, id, after));
    } while (after !== undefined);
  }

  // --- within

  private begin(supplier: string, message: EnrolmentMessage): () => Promise<EnrolmentReply> {
    const updateId = updateIdOf(message);
    const input: EnrolmentInput = { supplier };
    return () =>
      this.options.temporal.workflow.executeUpdateWithStart<Workflow, EnrolmentReply, [unknown]>('apply', {
        args: [bodyOf(message)],
        updateId,
        // A new operation each time: one can be used only once.
        startWorkflowOperation: new WithStartWorkflowOperation(enrolmentWorkflow, {
          workflowId: enrolmentIdOf(supplier),
          taskQueue: this.options.taskQueue,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE', // a supplier whose application has ended may apply again
          typedSearchAttributes: new TypedSearchAttributes([
            { key: searchAttributes.TaStatus, value: 'applied' },
            { key: searchAttributes.TaSupplier, value: supplier },
          ]),
          staticSummary: `Trade Assurance application: ${supplier}`,
        }),
      });
  }

  private go(supplier: string, message: EnrolmentMessage): () => Promise<EnrolmentReply> {
    const updateId = updateIdOf(message);
    const handle = this.options.temporal.workflow.getHandle(enrolmentIdOf(supplier));
    return () => handle.executeUpdate<EnrolmentReply, [unknown]>(message.name, { args: [bodyOf(message)], updateId });
  }

  private async deliver(
    supplier: string,
    message: EnrolmentMessage,
    attempt: () => Promise<EnrolmentReply>,
  ): Promise<EnrolmentReply> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await withinTime(this.options.temporal, this.options.timeoutMs ?? 30_000, attempt);
      } catch (fault) {
        const refusal =
          refusalIn(fault) ?? (fault instanceof WorkflowNotFoundError ? await this.gone(supplier) : undefined);
        // It may have been stored by an attempt whose answer was lost.
        if (refusal) return (await this.repetition(supplier, message)) ?? fail(refusal);
        if (tries >= attempts || !isInterrupted(fault)) throw fault;
      }
    }
  }

  /** The answer to a message that is on record already. */
  private async repetition(supplier: string, message: EnrolmentMessage): Promise<EnrolmentReply | undefined> {
    const before = await recallEnrolment(this.options.store, supplier, message);
    if (before?.kind === 'refused') throw new Refused(before.refusal);
    if (before?.kind !== 'repeated') return undefined;
    const { version, status } = before;
    const round = (await findEnrolment(this.options.store, supplier))?.round ?? 1;
    return { supplier, version, round, status };
  }

  /** There is no run: no application, or one that has ended. */
  private async gone(supplier: string): Promise<Refusal> {
    const known = await findEnrolment(this.options.store, supplier);
    if (!known) return refuse('enrolment.not-found', supplier);
    return known.endedAt === undefined
      ? refuse('enrolment.without-workflow', supplier)
      : refuse('enrolment.closed', `it is ${known.status}`);
  }
}

function fail(refusal: Refusal): never {
  throw new Refused(refusal);
}

const bodyOf = ({ id, actor, data }: EnrolmentMessage): unknown => ({ id, actor, data });

/** Signals `supplierActivated` to orders over a connection to Temporal. An order whose workflow has ended is gone. */
export function signalActivated(temporal: Client): SignalActivated {
  return async (order, envelope) => {
    try {
      await temporal.workflow.getHandle(workflowIdOf(order)).signal('supplierActivated', envelope);
      return 'told';
    } catch (fault) {
      if (fault instanceof WorkflowNotFoundError) return 'gone';
      throw fault;
    }
  };
}
