/**
 * The durable shell around an application for Trade Assurance: one queue, worked off in turn (step, commit), and one timer for
 * the side that is awaited. An approval is followed by telling the orders that wait for it. What an application is, and what a
 * message does to it, is in `domain/enrolment.ts`; MongoDB keeps it, so that a later application goes on where this one ended.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { EnrolmentActivities } from '../activities/enrolment';
import { deadlineOf, enrolmentKey, step, type Enrolment } from '../domain/enrolment';
import { parseEnrolmentMessage, type EnrolmentMessage } from '../domain/enrolment-messages';
import type { EnrolmentPolicy } from '../domain/enrolment-policy';
import { commitOf, isTo, recallOf } from '../domain/question';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import type { Refusals } from './contract';
import type { EnrolmentInput, EnrolmentReply, EnrolmentResult, EnrolmentView } from './enrolment-contract';
import { enrolmentDetails, enrolmentTimer } from './enrolment-describe';
import { searchAttributes } from './search-attributes';
import { failureOf } from './shell';

type Local = 'loadEnrolment' | 'commitEnrolment' | 'recallEnrolment';
const { loadEnrolment, commitEnrolment, recallEnrolment } = proxyLocalActivities<Pick<EnrolmentActivities, Local>>({
  startToCloseTimeout: '5s', // as an order's (`shell.ts`)
  localRetryThreshold: '50ms',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '60s' },
});
const { tellWaitingOrders } = proxyActivities<Pick<EnrolmentActivities, 'tellWaitingOrders'>>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '1s', maximumInterval: '60s' },
  summary: 'Tell orders that wait for the activation (R55)',
});

/** An order that is being confirmed while the approval is stored may miss both: it is told in a second round (10 s bound a transaction). */
const secondRoundAfter = '1 minute';
const signalsARun = 5000;
const refusalsKept = 20;

/** A message in the queue. An Update waits for its outcome. */
interface Item {
  message: EnrolmentMessage;
  outcome?: EnrolmentReply | Refusal;
  isAwaited: boolean;
}

export class EnrolmentShell {
  private current: Enrolment | undefined;
  /** Known once the enrolment is loaded. */
  private policy: EnrolmentPolicy | undefined;
  private refusals: Refusals;
  private readonly queue: Item[] = [];
  private signals = 0;
  /** Whether this run has an application, its own or one handed over: an older round that has ended is none. */
  private isBegun = false;
  /** Whether a message has been worked off: a run that has none yet waits for its application. */
  private isUsed = false;
  /** Why there is no application: the workflow fails with it. */
  private unbegun: Refusal | undefined;
  /** The deadline that has rung last. */
  private rung: string | undefined;
  private told: number | undefined;
  private shown: string | undefined;

  constructor(private readonly input: EnrolmentInput) {
    this.refusals = input.carried?.refusals ?? { count: 0, newest: [] };
  }

  /** Works off messages until the application has ended. */
  async run(): Promise<EnrolmentResult> {
    const { supplier } = this.input;
    const file = await loadEnrolment(supplier);
    this.current = file.enrolment;
    this.policy = file.policy;
    this.isBegun = file.enrolment !== undefined && file.enrolment.endedAt === undefined;
    this.follow();
    for (;;) {
      await this.next();
      const [item] = this.queue;
      if (item) {
        await this.work(item, file.policy);
        continue;
      }
      await condition(allHandlersFinished);
      if (this.queue.length > 0) continue;
      if (this.unbegun) throw failureOf(this.unbegun);
      const ended = this.ended();
      if (!ended) await continueAsNew<(input: EnrolmentInput) => Promise<EnrolmentResult>>(this.handOver());
      else if (this.isBegun && ended.status === 'approved' && this.told === undefined)
        this.told = await this.tellOrders(ended);
      else return { supplier, status: ended.status, version: ended.version, told: this.told ?? 0 };
    }
  }

  // --- ways in

  /** A Signal: never throws; a refusal is kept. */
  receive(name: string, body: unknown): void {
    this.signals += 1;
    const message = parseEnrolmentMessage(name, body);
    if (isRefusal(message)) this.keep(name, message);
    else this.queue.push({ message, isAwaited: false });
  }

  /** An Update's validator: refuses at once, without an event of history, what the application as it stands refuses. */
  check(name: string, body: unknown): void {
    const message = parseEnrolmentMessage(name, body);
    if (isRefusal(message)) throw failureOf(message);
    if (!this.policy || this.queue.length > 0 || this.isKnown(message)) return;
    const next = step(this.current, this.input.supplier, message, this.policy, now());
    // Of a run that has not begun the first message is answered in turn, so that the run ends with it.
    if (isRefusal(next) && this.isBegun) throw failureOf(next);
  }

  /** An Update: answers once what it did is committed. */
  async answer(name: string, body: unknown): Promise<EnrolmentReply> {
    const message = parseEnrolmentMessage(name, body);
    if (isRefusal(message)) throw failureOf(message);
    const item: Item = { message, isAwaited: true };
    this.queue.push(item);
    await condition(() => item.outcome !== undefined);
    if (!item.outcome || isRefusal(item.outcome)) throw failureOf(item.outcome ?? refuse('message.failed'));
    return item.outcome;
  }

  view(): EnrolmentView {
    return { refusals: this.refusals, ...(this.current && { enrolment: this.current }) };
  }

  /** Keeps a refusal where operators see it. */
  keep(message: string, refusal: Refusal): void {
    const newest = [...this.refusals.newest, { ...refusal, message, at: now() }].slice(-refusalsKept);
    this.refusals = { count: this.refusals.count + 1, newest };
    this.follow();
  }

  // --- one message

  /** Waits for a message, the end, or the deadline, whose message it then queues. */
  private async next(): Promise<void> {
    const isAwake = () => this.queue.length > 0 || this.mayRest();
    const due = this.isBegun && this.current ? deadlineOf(this.current) : undefined;
    // A deadline that has rung was answered, or could not be stored: it does not ring for ever.
    if (!due || due.at === this.rung) return condition(isAwake);
    const ms = Math.max(1, Date.parse(due.at) - Date.now());
    if (await condition(isAwake, ms, { summary: enrolmentTimer(due.message) })) return;
    this.rung = due.at;
    const { message: name, at } = due;
    const message = { name, id: `clock:${name}:${at}`, actor: { role: 'clock', member: 'clock' }, data: {} } as const;
    this.queue.push({ message, isAwaited: false });
  }

  private async work(item: Item, policy: EnrolmentPolicy): Promise<void> {
    try {
      item.outcome = await this.stepAndCommit(item.message, policy);
    } catch (fault) {
      if (isCancellation(fault)) throw fault;
      item.outcome = refuse('commit.failed', detailOf(fault));
    }
    this.queue.shift();
    if (isRefusal(item.outcome) && !item.isAwaited) this.keep(item.message.name, item.outcome);
    this.isUsed = true;
    if (this.current && this.current.endedAt === undefined) this.isBegun = true;
    this.unbegun = isRefusal(item.outcome) && !this.isBegun ? item.outcome : undefined;
    this.follow();
  }

  private async stepAndCommit(message: EnrolmentMessage, policy: EnrolmentPolicy): Promise<EnrolmentReply | Refusal> {
    const { supplier } = this.input;
    for (;;) {
      if (this.isKnown(message)) {
        const before = await recallEnrolment(supplier, message);
        if (before && !isTo(recallOf(enrolmentKey(message)), before)) continue;
        if (before?.kind === 'refused') return before.refusal;
        if (before?.kind === 'repeated') return this.reply(before);
      }
      const next = step(this.current, supplier, message, policy, now());
      if (isRefusal(next)) return next;
      if (next === this.current) return this.reply(next);
      const stored = await commitEnrolment({ message, next });
      if (!isTo(commitOf(enrolmentKey(message), next.version), stored)) continue;
      if (stored.kind === 'refused') return stored.refusal;
      if (stored.kind === 'repeated') return this.reply(stored);
      if (stored.kind === 'stored') {
        // Told again, the task may have another time than what was stored: that stands.
        this.current = stored.enrolment ?? next;
        return this.reply(next);
      }
      // A worker died between MongoDB and Temporal: what stands is adopted, then the message's turn comes again.
      this.current = stored.enrolment;
    }
  }

  private reply({ version, status }: Pick<Enrolment, 'version' | 'status'>): EnrolmentReply {
    return { supplier: this.input.supplier, version, round: this.current?.round ?? 1, status };
  }

  private isKnown = (message: EnrolmentMessage): boolean =>
    this.current?.recent.includes(enrolmentKey(message)) ?? false;

  // --- what follows

  /** R55: every order that waits for the supplier hears of the activation; a page of them an activity. */
  private async tellOrders({ supplier, round }: Enrolment): Promise<number> {
    const id = `activated:${supplier}:${String(round)}`;
    let told = 0;
    for (const isSecond of [false, true]) {
      if (isSecond) await sleep(secondRoundAfter, { summary: 'Look once more for orders that wait (R55)' });
      let after: string | undefined;
      do {
        const page = await tellWaitingOrders(supplier, id, after);
        told += page.told;
        ({ after } = page);
      } while (after !== undefined);
    }
    return told;
  }

  /** Search attributes that changed, and the details. */
  private follow(): void {
    const { status } = this.current ?? {};
    if (status !== undefined && this.isBegun && status !== this.shown) {
      this.shown = status;
      upsertSearchAttributes([{ key: searchAttributes.TaStatus, value: status }]);
    }
    setCurrentDetails(enrolmentDetails(this.view()));
  }

  // --- the end of a run

  /** The application, once it has ended; an older one, when this run was begun by a repetition of its messages. */
  private ended = (): Enrolment | undefined =>
    this.isUsed && this.current?.endedAt !== undefined ? this.current : undefined;

  private mayRest(): boolean {
    return this.unbegun !== undefined || this.ended() !== undefined || (this.isBegun && this.isLong());
  }

  private isLong = (): boolean => workflowInfo().continueAsNewSuggested || this.signals >= signalsARun;

  private handOver = (): EnrolmentInput => ({
    supplier: this.input.supplier,
    carried: { refusals: this.refusals },
  });
}

/** What went wrong, for an operator: the innermost message. */
function detailOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return fault.cause instanceof Error ? fault.cause.message : fault.message;
}

const now = (): string => new Date().toISOString();
