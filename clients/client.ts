/**
 * `TradeAssuranceClient`: how other services start orders, send them messages and read them. One typed method for each
 * message of the table; each is idempotent under its message id.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { TypedSearchAttributes, type Workflow } from '@temporalio/common';
import { loadSettings, type Settings } from '../config/settings';
import { isWordOfMoney } from '../domain/decide';
import type { Transfer } from '../domain/ledger';
import { opaqueId } from '../domain/member';
import {
  publicMessageNames,
  type Actor,
  type Envelope,
  type Message,
  type MessageData,
  type PublicMessageName,
} from '../domain/messages';
import { parseFromOutside } from '../domain/parse';
import { isSettled, type OrderStatus } from '../domain/order';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { revisionsOf, type Revision } from '../domain/revisions';
import { toldJournal, viewOf, type OrderView, type ToldEntry } from '../domain/view';
import { recall } from '../store/commit';
import { explainCredit } from '../store/credit';
import { commitAfterEnd } from '../store/after-end';
import { findOrder, journalOf, listOrders, transfersOfOrder, viewOrder, type OrderFilter } from '../store/read';
import { openStore, type Store, type StoreOptions } from '../store/store';
import { orderWorkflow, viewQuery, workflowIdOf, type Answer, type LiveView, newRun } from '../workflows/contract';
import { attributesOfDraft } from '../workflows/search-attributes';
import { attempts, isInterrupted, updateIdOf } from './calls';
import { clientInterceptors } from './tracing';
import { payloadCodecsOf } from './payload-codec';
import { Refused, refusalIn, Unavailable, withinTime } from './errors';

/** Names of the messages that may be sent from outside. */
export type SendableName = PublicMessageName;

/** Who sends, and under which message id (made up when absent; name it to be able to send again). */
export interface Sender {
  as: Actor;
  id?: string;
}

/** One method for each message: sends it as an Update and answers once it is committed. */
type MessageMethods = {
  [Name in Exclude<SendableName, 'draft'>]: (order: string, data: MessageData<Name>, sender: Sender) => Promise<Answer>;
};

export interface ClientOptions {
  temporal: Client;
  store: Store;
  taskQueue: string;
  /** How long one call may take, in milliseconds (default 30,000). */
  timeoutMs?: number;
  /**
   * How long a worker may take for one task of an order that is started here: so long an order waits whose worker was killed
   * in the middle of one. In ms, the engine's 10,000 unless said; less makes overloaded workers do tasks twice.
   */
  taskTimeMs?: number;
}

/** How long to wait for an order to come somewhere, and how often to look. */
interface Patience {
  timeoutMs?: number;
  everyMs?: number;
}

/** Most bytes of a message's body. */
const maxMessageBytes = 128 * 1024;

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- the methods are made from the table, below
export class TradeAssuranceClient {
  private readonly timeoutMs: number;
  private readonly owned: (() => Promise<void>)[] = [];

  /** Over connections of the caller's; `connect` makes them from the settings. */
  constructor(readonly options: ClientOptions) {
    this.timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** Connects by the settings of the environment. Close it when done. */
  static async connect(
    settings: Settings = loadSettings(),
    { silentMs }: Pick<StoreOptions, 'silentMs'> = {},
  ): Promise<TradeAssuranceClient> {
    const connection = await Connection.connect({ ...settings.temporal, connectTimeout: '10s' });
    const store = await openStore(settings.mongodbUri, { ...settings, silentMs }).catch(async (fault: unknown) => {
      await connection.close();
      throw fault;
    });
    const dataConverter = { payloadCodecs: payloadCodecsOf(settings) };
    const temporal = new Client({ connection, namespace: settings.namespace, dataConverter, ...clientInterceptors() });
    const client = new TradeAssuranceClient({ temporal, store, taskQueue: settings.taskQueue });
    client.owned.push(
      () => connection.close(),
      () => store.close(),
    );
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.owned.map((close) => close()));
  }

  /**
   * Drafts an order (R28). The same id and body again answer the same; a refused draft leaves no order behind.
   * @throws Refused
   */
  async start(order: string, data: MessageData<'draft'>, sender: Sender): Promise<Answer> {
    const id = opaqueId.safeParse(order);
    if (!id.success) throw new Refused(refuse('message.invalid', `order: ${id.error.issues[0]?.message ?? ''}`));
    const envelope = this.envelope('draft', data, sender);
    const input = newRun(order);
    const updateId = updateIdOf(envelope);
    const { taskTimeMs } = this.options;
    return this.deliver(order, 'draft', envelope, () =>
      this.options.temporal.workflow.executeUpdateWithStart<Workflow, Answer, [unknown]>('draft', {
        args: [envelope],
        updateId,
        // A new operation each time: one can be used only once.
        startWorkflowOperation: new WithStartWorkflowOperation(orderWorkflow, {
          workflowId: workflowIdOf(order),
          taskQueue: this.options.taskQueue,
          args: [input],
          ...(taskTimeMs !== undefined && { workflowTaskTimeout: taskTimeMs }),
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          typedSearchAttributes: new TypedSearchAttributes(attributesOfDraft(data)),
          staticSummary: `Trade Assurance: ${data.supplier} → ${data.buyer}`,
          staticDetails: detailsOf(order, envelope.actor.role, data),
        }),
      }),
    );
  }

  /**
   * Sends a message as an Update and answers once it is committed in MongoDB.
   * @throws Refused, with the code of the catalogue; Unavailable, then send again under the same id
   */
  async send<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<Answer> {
    const envelope = this.envelope(name, data, sender);
    const handle = this.options.temporal.workflow.getHandle(workflowIdOf(order));
    const updateId = updateIdOf(envelope);
    const answer = await this.deliver(order, name, envelope, () =>
      handle.executeUpdate<Answer, [unknown]>(name, { args: [envelope], updateId }),
    );
    // What changes nothing now may have changed something under this id, longer ago than the order remembers by itself.
    return answer.events.length > 0 ? answer : ((await this.answeredBefore(order, name, envelope)) ?? answer);
  }

  /**
   * Sends a message as a Signal: done when the server has it. What the order then refuses is kept on the order.
   * @throws Refused for what can be told at once; Unavailable
   */
  async signal<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<void> {
    const envelope = this.envelope(name, data, sender);
    await this.deliver(order, name, envelope, async () => {
      await this.options.temporal.workflow.getHandle(workflowIdOf(order)).signal(name, envelope);
      return undefined;
    });
  }

  /** What was answered to this message when it was sent before, if it was. @throws Refused `message.id-reused` */
  answered<Name extends SendableName>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<Answer | undefined> {
    return this.answeredBefore(order, name, this.envelope(name, data, sender));
  }

  /** The order as people see it. @throws Refused `order.not-found` */
  async view(order: string): Promise<OrderView> {
    const view = await viewOrder(this.options.store, order, new Date().toISOString());
    if (!view) throw new Refused(refuse('order.not-found', order));
    return view;
  }

  /** The order as its workflow has it, with refused signals and whether it has halted. Needs a live worker. */
  async live(order: string): Promise<Omit<LiveView, 'order'> & { order?: OrderView }> {
    const handle = this.options.temporal.workflow.getHandle(workflowIdOf(order));
    const { order: state, ...rest } = await this.withinTime(() => handle.query<LiveView>(viewQuery));
    return { ...rest, ...(state && { order: viewOf(state) }) };
  }

  async list(filter: OrderFilter = {}): Promise<OrderView[]> {
    return (await listOrders(this.options.store, filter)).map(viewOf);
  }

  /** What happened to the order, oldest first; reviews only once they are published (R35). @throws Refused `order.not-found` */
  async journal(order: string): Promise<ToldEntry[]> {
    return toldJournal(await journalOf(this.options.store, order), await this.view(order));
  }

  /** How the contract came about: what each revision changed, by whom, when (R52). @throws Refused `order.not-found` */
  async revisions(order: string): Promise<Revision[]> {
    const revisions = revisionsOf(await journalOf(this.options.store, order));
    if (revisions.length === 0) throw new Refused(refuse('order.not-found', order));
    return revisions;
  }

  postings(order: string): Promise<Transfer[]> {
    return transfersOfOrder(this.options.store, order);
  }

  /** How the supplier's credit limit came about (R1, R3). */
  explainCredit(supplier: string, at: string = new Date().toISOString()): ReturnType<typeof explainCredit> {
    return explainCredit(this.options.store, supplier, at);
  }

  /** Waits until the order has this status (or has ended). @throws Unavailable after `timeoutMs` */
  awaitStatus(order: string, status: OrderStatus, within: Patience = {}): Promise<OrderView> {
    return this.awaitUntil(order, (view) => view.status === status, within);
  }

  /**
   * Waits until the order has come to its end with nothing under way: credit accrued, refunds paid, complaints closed. The
   * order itself is kept until the time for complaints is over (R20). @throws Unavailable after `timeoutMs`
   */
  awaitSettled(order: string, within: Patience = {}): Promise<OrderView> {
    return this.awaitUntil(order, isSettled, within);
  }

  private async awaitUntil(
    order: string,
    isThere: (view: OrderView) => boolean,
    { timeoutMs = 30_000, everyMs = 100 }: Patience,
  ): Promise<OrderView> {
    const giveUpAt = Date.now() + timeoutMs;
    for (;;) {
      const view = await this.view(order);
      if (isThere(view) || view.endedAt !== undefined) return view;
      if (Date.now() > giveUpAt) throw new Unavailable(new Error(`order ${order} is still ${view.status}`));
      await pause(everyMs);
    }
  }

  // --- within

  private envelope<Name extends SendableName>(name: Name, data: MessageData<Name>, { as, id }: Sender): Envelope<Name> {
    const envelope: Envelope<Name> = { id: id ?? randomUUID(), actor: as, data };
    const bytes = Buffer.byteLength(JSON.stringify(envelope));
    if (bytes > maxMessageBytes)
      throw new Refused(refuse('message.too-large', `${String(bytes)} bytes; at most ${String(maxMessageBytes)}`));
    const message = parseFromOutside(name, envelope);
    if (isRefusal(message)) throw new Refused(message);
    // As the order will read it, so that the same message sent again has the same body.
    return { id: message.id, actor: message.actor, data: message.data as MessageData<Name> };
  }

  private async deliver<T>(
    order: string,
    name: SendableName,
    envelope: Envelope,
    attempt: () => Promise<T>,
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.withinTime(attempt);
      } catch (fault) {
        const refusal = refusalIn(fault);
        if (refusal) return ((await this.answeredBefore(order, name, envelope)) ?? thrown(refusal)) as T;
        if (fault instanceof WorkflowNotFoundError || fault instanceof WorkflowExecutionAlreadyStartedError)
          return (await this.gone(order, name, envelope)) as T;
        if (tries >= attempts || !isInterrupted(fault)) throw fault;
      }
    }
  }

  private withinTime<T>(call: () => Promise<T>): Promise<T> {
    return withinTime(this.options.temporal, this.timeoutMs, call);
  }

  /**
   * What is refused now, or changes nothing, may be the repetition of what was done long ago, when an order no longer
   * remembers its messages by itself: the journal does. Answers as then. @throws Refused `message.id-reused`
   */
  private async answeredBefore(id: string, name: SendableName, envelope: Envelope): Promise<Answer | undefined> {
    const { store } = this.options;
    const before = await recall(store, id, { name, ...envelope } as Message);
    if (before?.kind === 'refused') throw new Refused(before.refusal);
    if (before?.kind !== 'repeated') return undefined;
    const { version, events } = before.entry;
    return { order: id, version, status: (await this.view(id)).status, events };
  }

  /** The order's workflow is gone: it has ended, or never was. What the bank says now is booked beside it (R29, R30). */
  private async gone(id: string, name: SendableName, envelope: Envelope): Promise<Answer> {
    const order = await findOrder(this.options.store, id);
    if (!order) throw new Refused(refuse('order.not-found', id));
    // Nothing may be booked past an order that is open: its workflow was ended from outside, and must be recovered.
    if (!order.endedAt) throw new Refused(refuse('order.without-workflow', `${id} is ${order.status}`));
    if (isWordOfMoney(name)) return this.afterEnd(id, { name, ...envelope } as Message);
    const refusal = name === 'draft' ? refuse('order.exists', id) : refuse('order.closed', order.status);
    return (await this.answeredBefore(id, name, envelope)) ?? thrown(refusal);
  }

  private async afterEnd(id: string, message: Message): Promise<Answer> {
    const booked = await commitAfterEnd(this.options.store, id, message, new Date().toISOString());
    if (booked.kind === 'refused') throw new Refused(booked.refusal);
    const { version, status } = await this.view(id);
    return booked.kind === 'nothing'
      ? { order: id, version, status, events: [] }
      : { order: id, version: booked.entry.version, status, events: booked.entry.events };
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- see above
export interface TradeAssuranceClient extends MessageMethods {}

for (const name of publicMessageNames) {
  if (name === 'draft') continue;
  Object.defineProperty(TradeAssuranceClient.prototype, name, {
    value(this: TradeAssuranceClient, order: string, data: never, sender: Sender) {
      return this.send(name, order, data, sender);
    },
  });
}

function thrown(refusal: Refusal): never {
  throw new Refused(refusal);
}

/** `Order `po-1`, drafted by the supplier from purchase-order PO 4500127.` */
const detailsOf = (order: string, by: string, { source: { kind, reference } }: MessageData<'draft'>): string =>
  `Order \`${order}\`, drafted by the ${by} from ${kind}${reference === undefined ? '' : ` ${reference}`}.`;
