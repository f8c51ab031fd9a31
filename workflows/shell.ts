/**
 * The durable shell around an order: one queue, worked off strictly in turn (decide, commit, apply, start the effects);
 * then it waits for the next message or the next deadline. What an order is, and what a message does to it, is in `domain/`.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  currentUpdateInfo,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { OrderActivities } from '../activities/order';
import { decide } from '../domain/decide';
import { deadlines, type Deadline } from '../domain/deadlines';
import type { JournalEntry, OrderEvent } from '../domain/events';
import { parseFromOutside } from '../domain/parse';
import { keyOf, type Message } from '../domain/messages';
import { apply } from '../domain/evolve';
import type { Effect, Order } from '../domain/order';
import { commitOf, isTo, recallOf } from '../domain/question';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { callOf, outcomeOf, type EffectResults, type Outcome } from '../domain/effects';
import {
  newRun,
  type Answer,
  type AppliedEntry,
  type LiveView,
  type OrderInput,
  type OrderResult,
  type Refusals,
} from './contract';
import { currentDetails, timerSummary } from './describe';
import { describeWhenAsked } from './details';
import { attributesOf, searchAttributes } from './search-attributes';

type EffectActivities = Pick<OrderActivities, 'accrueCredit' | 'bookCredit' | 'charge' | 'refund'>;

const { commit, recall, readOn } = proxyLocalActivities<Pick<OrderActivities, 'commit' | 'recall' | 'readOn'>>({
  // A commit ends before the SDK would prolong the task that it is in (at 8 s of 10): a task that is lost after that can be told
  // otherwise than it was recorded. One that is late is stored all the same, and adopted.
  startToCloseTimeout: '5s',
  // It is tried again after a timer, in a task of its own: also while MongoDB is down, when an order holds no worker's slot.
  localRetryThreshold: '50ms',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '60s' },
});

/** Signals of one run after which to continue as new: the server suggests it for events, not for signals (cap: 10,000). */
const signalsARun = 5000;
/** How many refusals are kept. */
const refusalsKept = 20;

/** What a message does to an order at a time. */
interface Judged {
  order: Order | undefined;
  at: string;
  events: OrderEvent[];
}

/** What stands in the queue to have the journal read on. */
const catchUp = 'catch-up';

/** A message in the queue. An Update waits for its answer. */
interface Item {
  message: Message;
  /** What its validator has found, in the same task; in a replay nothing. */
  judged?: Judged | undefined;
  update?: { resolve: (answer: Answer) => void; reject: (fault: unknown) => void };
}

export class OrderShell {
  private current: Order | undefined;
  /** What this run has applied: should the books be restored to an older point, they are restated from it. */
  private readonly applied: AppliedEntry[] = [];
  private refusals: Refusals;
  private halted: string | undefined;
  private queue: (Item | typeof catchUp)[] = [];
  private signals = 0;
  private timer: { deadline: Deadline; scope: CancellationScope } | undefined;
  /** Effects that were begun, by id and attempt. */
  private readonly started = new Set<string>();
  /** How many of them have no outcome yet. */
  private underWay = 0;
  /** Why the draft was refused: no order is left behind, and its id may be used again. */
  private undrafted: Refusal | undefined;
  /** The deadline that has rung last. */
  private rung: Deadline | undefined;
  private readonly shown = new Map<string, string>();
  /** What the validator of an Update has read and found; its handler comes next. */
  private checked: { update: string; message: Message; judged?: Judged } | undefined;
  /** Lets `run` go on, while it waits for something to happen. */
  private wake: (() => void) | undefined;
  /** Why the workflow is cancelled. */
  private cancelled: CancelledFailure | undefined;

  constructor(private readonly input: OrderInput) {
    this.current = input.carried?.order;
    this.refusals = input.carried?.refusals ?? { count: 0, newest: [] };
    for (const { key, value } of workflowInfo().typedSearchAttributes.getAll())
      this.shown.set(key.name, JSON.stringify(value));
    describeWhenAsked(() => this.describe());
    CancellationScope.current().cancelRequested.catch(() => this.cancel(new CancelledFailure('Workflow cancelled')));
  }

  /** Works off messages until the order has ended or its history is long. */
  async run(): Promise<OrderResult> {
    this.follow();
    for (;;) {
      if (this.cancelled) throw this.cancelled;
      const item = this.halted === undefined ? this.queue[0] : undefined;
      if (item) {
        await (item === catchUp ? this.readOn() : this.work(item));
        continue;
      }
      if (!this.mayRest()) {
        await this.news();
        continue;
      }
      // Drain first, then wait for the handlers: the other way round steady callers would hold the order up for ever.
      await condition(allHandlersFinished);
      if (this.queue.length > 0) continue;
      if (!this.current && this.undrafted) throw failureOf(this.undrafted);
      if (this.current?.endedAt)
        return { order: this.input.order, status: this.current.status, version: this.current.version };
      if (this.isLong() && this.current)
        await continueAsNew<(input: OrderInput) => Promise<OrderResult>>(this.handOver(this.current));
    }
  }

  /**
   * Waits until something happens: a message, a resume, a cancellation. A plain promise and not a `condition`, which costs
   * a message six promises, each with its stack trace, and another entry into the sandbox.
   */
  private news(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private goOn(): void {
    this.wake?.();
    this.wake = undefined;
  }

  /** The workflow is cancelled: whoever waits for an answer gets none. */
  private cancel(fault: CancelledFailure): void {
    this.cancelled = fault;
    for (const item of this.queue) if (item !== catchUp) item.update?.reject(fault);
    this.goOn();
  }

  // --- ways in

  /** A Signal: never throws; a refusal is kept on the order. */
  receive(name: string, body: unknown): void {
    this.signals += 1;
    const message = parseFromOutside(name, body);
    if (isRefusal(message)) this.keep(name, message);
    else this.enqueue({ message });
  }

  /** An Update's validator: refuses at once, without an event of history, what the order as it stands refuses. */
  check(name: string, body: unknown): void {
    const message = parseFromOutside(name, body);
    if (isRefusal(message)) throw failureOf(message);
    const update = currentUpdateInfo()?.id ?? '';
    this.checked = { update, message };
    if (this.halted !== undefined) throw failureOf(refuse('order.halted', this.halted));
    // With messages ahead of it, or none that it can be judged against, the message is judged when its turn comes.
    if (this.queue.length > 0 || name === 'draft' || this.versionOf(message) !== undefined) return;
    const at = now();
    const events = decide(this.current, message, at);
    if (isRefusal(events)) throw failureOf(events);
    this.checked = { update, message, judged: { order: this.current, at, events } };
  }

  /** An Update: answers once the change is committed, or throws the refusal. */
  answer(name: string, body: unknown): Promise<Answer> {
    const checked = this.checked?.update === currentUpdateInfo()?.id ? this.checked : undefined;
    this.checked = undefined;
    const message = checked?.message ?? parseFromOutside(name, body);
    if (isRefusal(message)) throw failureOf(message);
    return new Promise((resolve, reject) => {
      if (this.cancelled) reject(this.cancelled);
      else this.line({ message, judged: checked?.judged, update: { resolve, reject } });
    });
  }

  /** Queues an Update: where an effect or a deadline may have come with it, after what they say (`OrderInput.updatesLast`). */
  private line(item: Item): void {
    const isDue = this.timer !== undefined && this.timer.deadline.at <= now();
    if (!this.input.updatesLast || (this.underWay === 0 && !isDue)) {
      this.enqueue(item);
      return;
    }
    // It is looked at when it is made, and then once all that came in this activation has been told.
    let looks = 0;
    void condition(() => (looks += 1) > 1).then(
      () => this.enqueue(item),
      (fault: unknown) => item.update?.reject(fault), // the workflow is cancelled
    );
  }

  /**
   * An operator has mended what the order halted on; with `skip` the message that it halted on is given up, and kept among
   * the refusals, because it can never be stored.
   */
  resume(skip: boolean): void {
    const halted = this.halted;
    if (halted === undefined) return;
    this.halted = undefined;
    this.showHalt();
    const given = skip ? this.queue.shift() : undefined;
    if (given && given !== catchUp)
      this.keep(given.message.name, refuse('commit.failed', halted), keyOf(given.message.actor, given.message.id));
    this.follow();
    this.goOn();
  }

  /**
   * The journal may have entries that this run has not seen: of an Update that MongoDB has committed, and that was lost with
   * the server and its caller before Temporal had recorded it. They are read, and adopted, when their turn comes.
   */
  catchUp(): void {
    this.signals += 1;
    // A worker from before this kept the signal as unknown.
    if (patched('catches-up')) this.enqueue(catchUp);
    else this.keep('catchUp', refuse('message.unknown', 'catchUp'));
  }

  view(): LiveView {
    const { current, refusals, halted } = this;
    return { refusals, ...(current && { order: current }), ...(halted !== undefined && { halted }) };
  }

  /** What this run has applied after a version, at most 50 entries. */
  entries(after: number): AppliedEntry[] {
    return this.applied.filter(({ entry }) => entry.version > after).slice(0, 50);
  }

  // --- one message

  private async work({ message, judged, update }: Item): Promise<void> {
    let outcome: Answer | Refusal;
    try {
      outcome = await this.decideAndCommit(message, judged);
    } catch (fault) {
      // A local activity fails with its own failure, not wrapped into an ActivityFailure. Any other fault, too, halts the
      // order where it can be seen, and does not wedge its task.
      if (isCancellation(fault)) throw fault;
      const detail = detailOf(fault);
      if (!update) {
        this.halt(`${message.name} could not be stored: ${detail}`);
        return;
      }
      outcome = refuse('commit.failed', detail);
    }
    this.queue.shift();
    if (isRefusal(outcome) && !update) this.keep(message.name, outcome, keyOf(message.actor, message.id));
    this.follow();
    if (message.name === 'draft' && isRefusal(outcome)) this.undrafted = outcome;
    if (isRefusal(outcome)) update?.reject(failureOf(outcome));
    else update?.resolve(outcome);
  }

  private async decideAndCommit(message: Message, judged?: Judged): Promise<Answer | Refusal> {
    const key = keyOf(message.actor, message.id);
    for (;;) {
      const known = this.versionOf(message);
      if (known !== undefined) {
        const before = await recall(this.input.order, message);
        if (before && !isTo(recallOf(key), before)) continue;
        if (before?.kind === 'refused') return before.refusal;
        if (before?.kind === 'repeated') return this.answerOf(before.entry);
      }
      const at = now();
      const isJudged = judged?.order === this.current && judged?.at === at;
      const events = isJudged ? judged.events : decide(this.current, message, at);
      if (isRefusal(events)) return events;
      if (events.length === 0) return this.answerOf();
      const version = (this.current?.version ?? 0) + 1;
      const stored = await commit({ order: this.input.order, version, at, message, events });
      if (!isTo(commitOf(key, version), stored)) continue;
      switch (stored.kind) {
        case 'refused':
          return stored.refusal;
        case 'nothing':
          return this.answerOf();
        case 'repeated':
          // Stored after all that this run has seen: asked again, the journal tells what to adopt.
          if (stored.entry.version >= version && patched('adopts-repeated')) continue;
          return this.answerOf(stored.entry);
        case 'as-asked': {
          const { name, id, actor } = message;
          // Told again by another worker, the task may have another time than the one that was committed: that one stands.
          const stood = stored.at ?? at;
          const again = stood === at ? events : decide(this.current, message, stood);
          const happened = isRefusal(again) ? events : again;
          return (
            this.adopt(
              [{ order: this.input.order, version, at: stood, message: name, messageId: id, actor, events: happened }],
              message,
            ) ?? this.answerOf()
          );
        }
        case 'stands': {
          // Entries of other messages are the order's past that this run had not seen; then this message's turn comes again.
          const own = this.adopt(stored.entries, message);
          if (own) return own;
        }
      }
    }
  }

  /** Applies entries of the journal; the answer, if `message` is among them. */
  private adopt(entries: readonly JournalEntry[], message?: Message): Answer | undefined {
    let own: JournalEntry | undefined;
    for (const entry of entries) {
      this.current = apply(this.current, entry);
      const isOwn = message && keyOf(entry.actor, entry.messageId) === keyOf(message.actor, message.id);
      this.applied.push({ entry, ...(isOwn && { data: message.data }) });
      if (isOwn) own = entry;
    }
    return own && this.answerOf(own);
  }

  /** Adopts what stands in the journal after this order's version, page by page. */
  private async readOn(): Promise<void> {
    try {
      for (let more = true; more;) {
        const after = this.current?.version ?? 0;
        const entries = await readOn(this.input.order, after);
        if (!isPageAfter(after, entries)) continue;
        this.adopt(entries.filter(({ version }) => version > after));
        more = entries.length > 0;
      }
    } catch (fault) {
      if (isCancellation(fault)) throw fault;
      this.halt(`the journal could not be read on: ${detailOf(fault)}`);
      return;
    }
    this.queue.shift();
    this.follow();
  }

  private answerOf(entry?: JournalEntry): Answer {
    const { version = 0, status = 'negotiating' } = this.current ?? {};
    return { order: this.input.order, version: entry?.version ?? version, status, events: entry?.events ?? [] };
  }

  private versionOf(message: Message): number | undefined {
    const wanted = keyOf(message.actor, message.id);
    return this.current?.recent.find(({ key }) => key === wanted)?.version;
  }

  /** Keeps a refusal where operators see it. */
  keep(message: string, refusal: Refusal, key?: string): void {
    const one = { ...refusal, message, at: now(), ...(key !== undefined && { key }) };
    const newest = [...this.refusals.newest, one].slice(-refusalsKept);
    this.refusals = { count: this.refusals.count + 1, newest };
    this.goOn(); // a signal was counted, and history has grown
  }

  // --- what follows from the state

  /** Total: a fault in what follows must not wedge the order; it halts, and says so. */
  private follow(): void {
    try {
      if (this.current) {
        this.setTimer(this.current);
        this.current.effects.filter(({ state }) => state === 'pending').forEach((effect) => this.start(effect));
        this.show(this.current);
      }
    } catch (fault) {
      this.halt(`what follows from the order cannot be worked out: ${String(fault)}`);
    }
  }

  /**
   * One timer, for the earliest deadline. A deadline that only moved on keeps the timer that there is: when that goes off
   * too early, the next is set.
   */
  private setTimer(state: Order): void {
    const [next] = deadlines(state);
    // A timer that ends with the order need not be cancelled before.
    if (state.endedAt !== undefined) return;
    const armed = this.timer?.deadline;
    if (armed && next && armed.message === next.message && armed.at <= next.at) return;
    this.timer?.scope.cancel();
    this.timer = undefined;
    // One that has rung waits in the queue, or was refused: it does not ring for ever.
    if (!next || (this.rung?.message === next.message && this.rung.at === next.at)) return;
    const scope = new CancellationScope();
    const timer = { deadline: next, scope };
    this.timer = timer;
    void scope
      .run(() => this.sleepUntil(timer.deadline))
      .then(
        () => this.timer === timer && this.ring(timer.deadline),
        () => undefined, // cancelled, because another deadline has taken its place
      );
  }

  private async sleepUntil({ at, message }: Deadline): Promise<void> {
    await sleep(Math.max(1, Date.parse(at) - Date.now()), { summary: timerSummary(message) });
  }

  private ring(deadline: Deadline): void {
    const { at, message } = deadline;
    this.rung = deadline;
    this.timer = undefined;
    const clock: Message = {
      name: message,
      id: `clock:${message}:${at}`,
      actor: { role: 'clock', member: 'clock' },
      data: {},
    };
    this.enqueue({ message: clock });
  }

  private start(effect: Effect): void {
    const key = `${effect.id}:${String(effect.attempt)}`;
    if (this.started.has(key) || !this.current) return;
    this.started.add(key);
    const { call, summary } = callOf(this.current, effect, now());
    const activities = proxyActivities<EffectActivities>({
      activityId: key,
      startToCloseTimeout: '30s',
      retry: { initialInterval: '1s', maximumInterval: '60s' },
      summary,
    });
    const actor = { role: 'effect', member: effect.kind } as const;
    const run = activities[call.activity] as (input: typeof call.input) => Promise<EffectResults[typeof call.activity]>;
    const told = outcomeOf[call.activity] as (id: string, result: EffectResults[typeof call.activity]) => Outcome;
    this.underWay += 1;
    void run(call.input).then(
      (result) => this.ended({ ...told(effect.id, result), id: `effect:${effect.id}`, actor }),
      (fault: unknown) =>
        this.ended({
          name: 'effectFailed',
          id: `effect-failed:${key}`,
          actor,
          data: { effect: effect.id, reason: detailOf(fault).slice(0, 2000) },
        }),
    );
  }

  /** An effect has its outcome. */
  private ended(message: Message): void {
    this.underWay -= 1;
    this.enqueue({ message });
  }

  private enqueue(item: Item | typeof catchUp): void {
    this.queue.push(item);
    this.goOn();
  }

  /** Tells the search attributes that changed. */
  private show(state: Order): void {
    const changed = attributesOf(state).filter(
      ({ key, value }) => (this.shown.get(key.name) ?? 'null') !== JSON.stringify(value),
    );
    if (changed.length === 0) return;
    changed.forEach(({ key, value }) => this.shown.set(key.name, JSON.stringify(value)));
    upsertSearchAttributes(changed);
  }

  private halt(why: string): void {
    this.halted = why;
    this.showHalt();
  }

  /** Tells whether the order has halted. A history from before this was told has no such event: hence the patch. */
  private showHalt(): void {
    const { name } = searchAttributes.TaHalted;
    const value = this.halted === undefined ? null : true;
    if ((this.shown.get(name) ?? 'null') === JSON.stringify(value) || (value && !patched('halt-is-shown'))) return;
    this.shown.set(name, JSON.stringify(value));
    upsertSearchAttributes([{ key: searchAttributes.TaHalted, value }]);
  }

  private describe(): string {
    try {
      return currentDetails(this.view());
    } catch (fault) {
      return `The order cannot be described: ${String(fault)}`;
    }
  }

  // --- the end of a run

  private mayRest(): boolean {
    if (this.queue.length > 0) return false;
    return this.current ? this.current.endedAt !== undefined || this.isLong() : this.undrafted !== undefined;
  }

  private isLong(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const { continueAfterEvents = Infinity } = this.input;
    return continueAsNewSuggested || this.signals >= signalsARun || historyLength >= continueAfterEvents;
  }

  private handOver(state: Order): OrderInput {
    const { order: id, continueAfterEvents } = this.input;
    return {
      ...newRun(id),
      ...(continueAfterEvents !== undefined && { continueAfterEvents }),
      carried: { order: state, refusals: this.refusals },
    };
  }
}

/** Whether what came are entries that follow this version, and not the answer to another question (`domain/question.ts`). */
const isPageAfter = (version: number, came: unknown): boolean =>
  Array.isArray(came) && ((came[0] as JournalEntry | undefined)?.version ?? 0) <= version + 1;

/** What went wrong, for an operator: the innermost message. */
function detailOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause instanceof Error ? fault.cause.message : fault.message;
}

const now = (): string => new Date().toISOString();

/** A refusal as the failure of an Update: its type is the code, its detail the whole. */
export function failureOf(refusal: Refusal): ApplicationFailure {
  const { refused, text, detail } = refusal;
  return ApplicationFailure.create({
    type: refused,
    message: detail ? `${text} (${detail})` : text,
    details: [refusal],
    nonRetryable: true,
  });
}
