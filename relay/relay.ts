/**
 * The relay: takes what happened out of the outbox and tells it to those who are to know, by webhook and by mail. Any number
 * of relays share the work, and one that dies leaves nothing behind that another does not take up.
 */
import { inSpan, orderAttribute } from '../config/tracing';
import type { Mailer } from '../partners/mail';
import type { WebhookAnswer, WebhookCall } from '../partners/webhook';
import { forgetDeliveries } from '../store/webhook-deliveries';
import { claimOutbox, fanOut, fanOutBeside } from '../store/fan-out';
import { forgetMails, queueMails } from '../store/mails';
import { stepReplay } from '../store/replays';
import type { Store } from '../store/store';
import { takeMail } from './mails';
import { Pump, type Job } from '../partners/pump';
import { WebhookSender } from './webhooks';

export interface RelayNeeds {
  store: Store;
  call: (call: WebhookCall) => Promise<WebhookAnswer>;
  /** How long a call may take, in milliseconds; what a relay that died had in hand is taken up a little later. */
  callMs?: number;
  /** Without it no mail is queued. */
  mail?: { mailer: Mailer; from: string; platform: readonly string[] } | undefined;
  onFailure: (fault: unknown) => void;
  /** The present instant, ISO 8601. */
  now?: () => string;
  /** From 0 up to 1; spreads what failed together. */
  chance?: () => number;
  /** Until it looks again after it found nothing, in milliseconds. */
  idleMs?: number;
}

/** What was settled so long ago is forgotten. */
const keptMs = 30 * 24 * 60 * 60 * 1000;
const forgetEveryMs = 60 * 60 * 1000;

export class Relay {
  readonly #needs: RelayNeeds & { now: () => string };
  readonly #sources: Readonly<
    Record<'outbox' | 'beside' | 'replays' | 'webhooks' | 'mails', () => Promise<Job | undefined>>
  >;
  readonly #pumps: readonly Pump[];
  #forgetting: NodeJS.Timeout | undefined;

  constructor({ chance = Math.random, idleMs = 200, callMs = 15_000, ...needs }: RelayNeeds) {
    const now = needs.now ?? (() => new Date().toISOString());
    this.#needs = { ...needs, now };
    const { store, call, mail, onFailure } = needs;
    const sender = new WebhookSender({ store, now, chance, call, leaseMs: callMs * 1.25 + 1000 });
    this.#sources = {
      outbox: () => this.#takeOutbox(),
      beside: async () => {
        const at = now();
        const isTold = mail && (await fanOutBeside(store, at, queueMails(store, mail.platform, at)));
        return isTold ? () => Promise.resolve() : undefined;
      },
      replays: async () => ((await stepReplay(store)) ? () => Promise.resolve() : undefined),
      webhooks: () => sender.take(),
      mails: () => (mail ? takeMail({ store, now, chance, ...mail }) : Promise.resolve(undefined)),
    };
    const { outbox, beside, replays, webhooks, mails } = this.#sources;
    const pump = (take: () => Promise<Job | undefined>, most: number, ms = idleMs) =>
      new Pump({ take, most, idleMs: ms, faultMs: ms, onFailure });
    this.#pumps = [
      pump(outbox, 4),
      pump(beside, 1, 5 * idleMs),
      pump(replays, 1, 5 * idleMs),
      pump(webhooks, 32),
      pump(mails, 4),
    ];
  }

  start(): void {
    this.#pumps.forEach((pump) => pump.start());
    this.#forgetting = setInterval(() => void this.#forget(), forgetEveryMs);
  }

  /** Takes nothing more; resolves once what it has begun is done. */
  async stop(): Promise<void> {
    clearInterval(this.#forgetting);
    await Promise.all(this.#pumps.map((pump) => pump.stop()));
  }

  /** Does all that is due now, one thing after another, and ends: for tests, which have a clock of their own. */
  async drain(): Promise<void> {
    const sources = Object.values(this.#sources);
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const take of sources)
        for (let job = await take(); job; job = await take()) {
          isDone = false;
          await job();
        }
    }
  }

  async #takeOutbox(): Promise<Job | undefined> {
    const { store, now, mail } = this.#needs;
    const order = await claimOutbox(store, now());
    if (order === undefined) return undefined;
    return () =>
      inSpan('relay fan-out', { [orderAttribute]: order }, async () => {
        const at = now();
        await fanOut(store, order, at, mail && queueMails(store, mail.platform, at));
      });
  }

  async #forget(): Promise<void> {
    const { store, now, onFailure } = this.#needs;
    const until = new Date(Date.parse(now()) - keptMs).toISOString();
    await Promise.all([forgetDeliveries(store, until), forgetMails(store, until)]).catch(onFailure);
  }
}
