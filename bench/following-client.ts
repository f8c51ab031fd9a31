/**
 * The product's client, with a stop watch. What the main road reads of the order between its steps, it gets from the events
 * of the answers, folded here: a read of MongoDB between two messages is the caller's affair, not the message's cost.
 */
import { randomUUID } from 'node:crypto';
import {
  TradeAssuranceClient,
  type Actor,
  type MessageData,
  type MessageName,
  type OrderView,
  type Sender,
} from '../clients';
import type { ClientOptions, SendableName } from '../clients';
import { apply } from '../domain/evolve';
import type { Order } from '../domain/order';
import { viewOf } from '../domain/view';
import type { Answer } from '../workflows/contract';

/** A message as it was sent. */
export interface Sent {
  name: MessageName;
  envelope: { id: string; actor: Actor; data: unknown };
}

export class FollowingClient extends TradeAssuranceClient {
  private readonly orders = new Map<string, Order>();
  /** Times from call to answer, in ms, since they were last taken. */
  private times: number[] = [];
  /** What was sent, by order, while asked to record. */
  readonly sent = new Map<string, Sent[]>();

  constructor(
    options: ClientOptions,
    private readonly records = false,
    /** Another way for messages than by Updates of a workflow. */
    private readonly via?: (order: string, name: MessageName, envelope: Sent['envelope']) => Promise<Answer>,
  ) {
    super(options);
  }

  takeTimes(): number[] {
    const taken = this.times;
    this.times = [];
    return taken;
  }

  forget(order: string): void {
    this.orders.delete(order);
  }

  override async start(order: string, data: MessageData<'draft'>, sender: Sender): Promise<Answer> {
    const { via } = this;
    const answer = await this.timed(() =>
      via ? via(order, 'draft', envelopeOf(data, sender)) : super.start(order, data, sender),
    );
    return this.follow(order, 'draft', data, sender, answer);
  }

  override async send<Name extends Exclude<SendableName, 'draft'>>(
    name: Name,
    order: string,
    data: MessageData<Name>,
    sender: Sender,
  ): Promise<Answer> {
    const own = ofOrder(order, data);
    const { via } = this;
    const answer = await this.timed(() =>
      via ? via(order, name, envelopeOf(own, sender)) : super.send(name, order, own, sender),
    );
    return this.follow(order, name, own, sender, answer);
  }

  override view(order: string): Promise<OrderView> {
    const known = this.orders.get(order);
    return known ? Promise.resolve(viewOf(known)) : super.view(order);
  }

  private async timed<T>(call: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await call();
    this.times.push(performance.now() - begun);
    return result;
  }

  private follow(order: string, name: MessageName, data: unknown, { as: actor, id = '' }: Sender, answer: Answer) {
    if (name !== 'draft' && !this.orders.has(order)) return answer; // it was forgotten: views are read again
    const { version, events } = answer;
    const at = new Date().toISOString();
    this.orders.set(
      order,
      apply(this.orders.get(order), { order, version, at, message: name, messageId: id, actor, events }),
    );
    if (this.records) this.sent.set(order, [...(this.sent.get(order) ?? []), { name, envelope: { id, actor, data } }]);
    return answer;
  }
}

const envelopeOf = (data: unknown, { as: actor, id = randomUUID() }: Sender): Sent['envelope'] => ({ id, actor, data });

/** A bank never names two entries of an account alike; orders of one pair share the account. */
const ofOrder = <Data>(order: string, data: Data): Data =>
  typeof data === 'object' && data !== null && 'entryReference' in data
    ? { ...data, entryReference: `${order}-${String(data.entryReference)}` }
    : data;
