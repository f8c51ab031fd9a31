/**
 * Walks an order of a scheme through every state that representative messages and deadlines lead to, on the pure domain, and
 * tells each step that a message makes in a status. States that differ in nothing that a step depends on are walked once.
 */
import { admit, needsSurroundings } from '../../domain/admission';
import { deadlines, type ClockMessage } from '../../domain/deadlines';
import { decide } from '../../domain/decide';
import { outcome, type JournalEntry, type OrderEvent } from '../../domain/events';
import { apply } from '../../domain/evolve';
import { messageNames, role, type Message, type MessageData, type MessageName, type Role } from '../../domain/messages';
import {
  milestoneOf,
  openComplaint,
  orderStatus,
  type Milestone,
  type Order,
  type OrderStatus,
} from '../../domain/order';
import { isRefusal } from '../../domain/refusal';
import { schemeInForce, type SchemeName } from '../../domain/scheme';
import { awaits } from '../../domain/view';
import { buyer, contracts, startsAt, supplier, surroundings } from './example';
import { instantsOf, movesOf, type Move } from './moves';
import { beside, keyOf, type State } from './states';

/** What one message does in one status; `from` is nothing before the draft. */
export interface Step {
  from: OrderStatus | undefined;
  message: MessageName;
  to: OrderStatus;
  by: Role[];
  /** What happened, the shortest way in which it was seen. */
  events: OrderEvent['type'][];
  /** It is made on the road: forward, and with nothing beside it. */
  onRoad: boolean;
}

/** A status as it was first come to. */
export interface Stop {
  status: OrderStatus;
  milestone: Milestone;
  awaits: string;
}

/** Everything in the order of the statuses. */
export interface Life {
  steps: Step[];
  stops: Stop[];
  /** In which statuses each deadline was seen to run. */
  running: Map<ClockMessage, OrderStatus[]>;
}

/** Most things beside the road at a time: of two, each goes on as it does alone. */
const mostBeside = 1;
const minuteMs = 60_000;

export function lifeOf(scheme: SchemeName): Life {
  const walk = new Walk();
  for (const move of drafts(scheme))
    for (const activated of [true, false]) walk.try({ order: undefined, activated, onRoad: true }, move, startsAt);
  for (let state = walk.next(); state; state = walk.next()) {
    const { order, now } = state;
    for (const { at, message } of deadlines(order)) {
      walk.runs(message, order.status);
      walk.try(state, { name: message, as: 'clock', data: {} }, Date.parse(at) > Date.parse(now) ? at : now);
    }
    for (const move of movesOf(order, now))
      for (const at of instantsOf(order, move.name, now)) if (walk.try(state, move, at)) break;
  }
  return walk.life();
}

class Walk {
  readonly #steps = new Map<string, Step>();
  readonly #stops = new Map<OrderStatus, Stop>();
  readonly #running = new Map<ClockMessage, Set<OrderStatus>>();
  readonly #seen = new Set<string>();
  /** What is on the road comes first, so that a state is known by the straightest way to it. */
  readonly #road: State[] = [];
  readonly #other: State[] = [];

  next(): State | undefined {
    return this.#road.shift() ?? this.#other.shift();
  }

  /** Plays a message; false when it is refused, or changes nothing. */
  try(before: Before, move: Move, at: string): boolean {
    const done = play(before, move, at);
    if (!done) return false;
    const { state, events } = done;
    this.#note(before.order?.status, move, state, events);
    const key = keyOf(state);
    if (this.#seen.has(key) || beside(state.order) > mostBeside) return true;
    this.#seen.add(key);
    (state.onRoad ? this.#road : this.#other).push(state);
    return true;
  }

  #note(
    from: OrderStatus | undefined,
    { name: message, as }: Move,
    { order, onRoad }: State,
    events: OrderEvent[],
  ): void {
    const { status: to } = order;
    if (!this.#stops.has(to)) this.#stops.set(to, { status: to, milestone: milestoneOf(order), awaits: awaits(order) });
    const types = events.map(({ type }) => type);
    const key = `${from ?? ''} ${message} ${to}`;
    const step = this.#steps.get(key) ?? { from, message, to, by: [], events: types, onRoad };
    if (!step.by.includes(as)) step.by.push(as);
    if (types.length < step.events.length) step.events = types;
    this.#steps.set(key, step);
  }

  runs(message: ClockMessage, status: OrderStatus): void {
    this.#running.set(message, (this.#running.get(message) ?? new Set()).add(status));
  }

  life(): Life {
    const stops = [...this.#stops.values()].sort((a, b) => rankOf(a.status) - rankOf(b.status));
    const steps = [...this.#steps.values()].sort(
      (a, b) => rankOf(a.from) - rankOf(b.from) || rankOf(a.to) - rankOf(b.to) || placeOf(a) - placeOf(b),
    );
    const running = new Map(
      [...this.#running].map(([message, all]) => [message, [...all].sort((a, b) => rankOf(a) - rankOf(b))]),
    );
    for (const step of steps) step.by.sort((a, b) => role.options.indexOf(a) - role.options.indexOf(b));
    return { steps, stops, running };
  }
}

/** The place of a status on the road; before the draft there is none. */
const rankOf = (status: OrderStatus | undefined): number =>
  status === undefined ? -1 : orderStatus.options.indexOf(status);

/** Every way in that a side has (R23, R28, R51): a draft, a draft that its side confirms at once, an inquiry. */
function drafts(scheme: SchemeName): Move[] {
  const contract = contracts[scheme];
  const draft = (as: Role, kind: MessageData<'draft'>['source']['kind'], confirm: boolean): Move => ({
    name: 'draft',
    as,
    data: { scheme, supplier, buyer, source: { kind }, contract, confirm } satisfies MessageData<'draft'>,
  });
  const atOnce = schemeInForce(scheme, startsAt).waysIn.buyer.filter((kind) => kind !== 'inquiry');
  return [
    draft('supplier', 'scratch', false),
    draft('supplier', 'scratch', true),
    draft('buyer', 'inquiry', false),
    ...atOnce.map((kind) => draft('buyer', kind, true)),
  ];
}

/** It ends the order otherwise than by its completion; leads on; leads back. */
export const isWayOut = ({ from, to }: Step): boolean => from !== to && isEnd(to) && to !== 'completed';
export const isForward = ({ from, to }: Step): boolean => rankOf(to) > rankOf(from);
export const isWayBack = ({ from, to }: Step): boolean => rankOf(to) < rankOf(from);
export const isEnd = (status: OrderStatus): boolean => outcome.options.some((end) => end === status);

const placeOf = ({ message }: Step): number => messageNames.indexOf(message);

interface Before extends Pick<State, 'activated' | 'onRoad'> {
  order: Order | undefined;
}

/** The state that a message leads to; nothing when it is refused, or changes nothing. */
function play(
  { order, activated, onRoad }: Before,
  { name, as, data }: Move,
  at: string,
): { state: State; events: OrderEvent[] } | undefined {
  const message = { name, id: `${name}:${at}`, actor: { role: as, member: memberOf(as, name) }, data } as Message;
  const decided = decide(order, message, at);
  if (isRefusal(decided)) return undefined;
  const isActivated = activated || name === 'supplierActivated';
  const around = surroundings[isActivated ? 'activated' : 'applied'];
  const events = needsSurroundings(decided) ? admit(order, decided, around, at) : decided;
  if (isRefusal(events) || events.length === 0) return undefined;
  const after = apply(order, entryOf(message, order, at, events));
  const state: State = {
    order: after,
    now: new Date(Date.parse(at) + minuteMs).toISOString(),
    activated: isActivated,
    onRoad: onRoad && rankOf(after.status) >= rankOf(order?.status) && isUndisturbed(after),
  };
  return { state, events };
}

const entryOf = (
  { name, id, actor }: Message,
  order: Order | undefined,
  at: string,
  events: OrderEvent[],
): JournalEntry => ({
  order: 'order',
  version: (order?.version ?? 0) + 1,
  at,
  message: name,
  messageId: id,
  actor,
  events,
});

const isUndisturbed = (o: Order): boolean =>
  !openComplaint(o) && !o.proposal && !o.approval && o.payments.every(({ reversed }) => !reversed);

/** Who speaks; what an operator has put forward another one approves. */
function memberOf(as: Role, name: MessageName): string {
  if (as === 'supplier') return supplier;
  if (as === 'buyer') return buyer;
  return name === 'approve' || name === 'disapprove' ? `second-${as}` : as;
}
