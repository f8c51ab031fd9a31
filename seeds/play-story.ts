/** Plays a scripted story step by step, and checks what it says must then hold. Who tells it, and where, is for the caller. */
import { setTimeout as pause } from 'node:timers/promises';
import { bookCredit } from '../clients/bank-feed';
import type { FundsClient } from '../clients/funds';
import { Refused } from '../clients/errors';
import { SuspenseClient } from '../clients/suspense';
import type { SendableName, TradeAssuranceClient } from '../clients/client';
import type { ContractDraft } from '../domain/contract';
import type { BankCredit } from '../domain/matching';
import type { Actor, MessageData } from '../domain/messages';
import { currencyCode, format, moneyOf } from '../domain/money';
import type { SuspenseAction } from '../domain/suspense';
import { addDays, chinaDate } from '../domain/time';
import type { OrderView } from '../domain/view';
import { balancesOf } from '../store/ledger';
import { findMember } from '../store/read';
import { readDraft } from './load';
import { mismatchOf } from './mismatch';
import type { StoryActor, StoryScript, StoryStep } from './story';

/** Where a story is played. */
export interface Stage {
  ta: TradeAssuranceClient;
  funds: FundsClient;
  /** The time there, in milliseconds. */
  now: () => Promise<number>;
  /** Lets time go by. */
  sleep: (ms: number) => Promise<void>;
  /** How long something may take that follows by itself, in milliseconds. */
  patienceMs: number;
}

/** What came of a step. */
export interface Told {
  step: StoryStep;
  /** The order that it was about, if any. */
  order?: string;
  /** In words, where the order's journal does not say it. */
  said?: string;
}

/** What a step says of a draft: which seeded one it is like, and what is different. */
type DraftChanges = Partial<MessageData<'draft'>> & { like: string };

class Play {
  private readonly suspense: SuspenseClient;
  private sent = 0;

  constructor(
    private readonly stage: Stage,
    private readonly script: StoryScript,
    /** Id of the story's first order; further ones are `<id>-b`, … */
    private readonly id: string,
  ) {
    this.suspense = new SuspenseClient(stage.ta);
  }

  async *steps(): AsyncGenerator<Told> {
    for (const [index, step] of this.script.steps.entries()) {
      try {
        yield { step, ...(await this.take(step)) };
      } catch (fault) {
        const detail = fault instanceof Refused ? `${fault.code}: ${fault.message}` : String(fault);
        throw new Error(`step ${String(index + 1)} (${JSON.stringify(step)}): ${detail}`, { cause: fault });
      }
    }
  }

  private orderOf(step: { order?: string | undefined }): string {
    return step.order === undefined || step.order === 'a' ? this.id : `${this.id}-${step.order}`;
  }

  private async take(step: StoryStep): Promise<Omit<Told, 'step'>> {
    if ('say' in step) return this.say(step);
    if ('credit' in step) return this.credit(step);
    if ('wait' in step) return this.wait(step);
    if ('await' in step) return this.awaited(step);
    if ('suspense' in step) return this.decide(step);
    if ('withdraw' in step) return this.withdraw(step);
    if ('books' in step) return this.books(step);
    return this.member(step);
  }

  private async say(step: Extract<StoryStep, { say: unknown }>): Promise<Omit<Told, 'step'>> {
    const order = this.orderOf(step);
    this.sent += 1;
    const sender = { as: this.actor(step.as), id: `${String(this.sent).padStart(2, '0')}-${step.say}` };
    const data = await this.filled(step.data ?? {}, order);
    const sending =
      step.say === 'draft'
        ? this.stage.ta.start(order, this.draft(data as DraftChanges), sender)
        : this.stage.ta.send(step.say as Exclude<SendableName, 'draft'>, order, data as never, sender);
    if (step.refused === undefined) {
      await sending;
      return { order };
    }
    return { order, said: await refusalOf(sending, step.refused) };
  }

  /** The seeded draft that the step names, between the story's two, with the modules that the step changes. */
  private draft({ like, contract, ...changes }: DraftChanges): MessageData<'draft'> {
    const base = readDraft(`${like}.json`);
    const modules = Object.entries(contract ?? {}).map(([name, module]) => [
      name,
      { ...base.contract[name as keyof ContractDraft], ...module },
    ]);
    const { supplier, buyer } = this.script;
    const changed = Object.fromEntries(modules) as ContractDraft;
    return { ...base, supplier, buyer, ...changes, contract: { ...base.contract, ...changed } };
  }

  private async credit(step: Extract<StoryStep, { credit: unknown }>): Promise<Omit<Told, 'step'>> {
    const order = this.orderOf(step);
    const credit = (await this.filled(step.credit, order)) as BankCredit;
    const booked = await bookCredit(this.stage.ta, credit, this.actor('bank'));
    if (booked.to === 'order')
      return { order: booked.order, said: `the bank’s credit is for ${booked.order}, by ${booked.by}` };
    return { order, said: `nobody can tell the order: the money stands in suspense as ${booked.item}` };
  }

  private async wait(step: Extract<StoryStep, { wait: unknown }>): Promise<Omit<Told, 'step'>> {
    const order = this.orderOf(step);
    const now = await this.stage.now();
    const ms = 'days' in step.wait ? step.wait.days * 86_400_000 : (await this.deadline(order, step.wait.until)) - now;
    await this.stage.sleep(Math.max(1_000, ms + 1_000));
    return { order, said: `${(ms / 86_400_000).toFixed(1)} days go by` };
  }

  private async deadline(order: string, name: string): Promise<number> {
    const { deadlines } = await this.stage.ta.view(order);
    const found = deadlines.find(({ message }) => message === name);
    if (!found)
      throw new Error(`there is no deadline ${name}, but ${deadlines.map(({ message }) => message).join(', ')}`);
    return Date.parse(found.at);
  }

  private async awaited(step: Extract<StoryStep, { await: unknown }>): Promise<Omit<Told, 'step'>> {
    const order = this.orderOf(step);
    const giveUpAt = Date.now() + this.stage.patienceMs;
    for (;;) {
      const view = await this.stage.ta.view(order);
      const mismatch = mismatchOf(view, await this.filled(step.await, order));
      if (mismatch === undefined) return { order };
      if (Date.now() > giveUpAt) throw new Error(mismatch);
      await pause(50);
    }
  }

  private async decide(step: Extract<StoryStep, { suspense: unknown }>): Promise<Omit<Told, 'step'>> {
    const order = this.orderOf(step);
    const action = (await this.filled(step.suspense, order)) as SuspenseAction;
    const items = (await this.suspense.list(['open'])).filter(
      (item) => item.order === order || item.order === undefined,
    );
    const item = items.at(-1);
    if (!item) throw new Error('nothing is in suspense');
    const { proposal } = await this.suspense.propose(item.id, action, step.note ?? 'as agreed', this.actor('operator'));
    const done = await this.suspense.approve(item.id, proposal?.number ?? 0, this.actor('second-operator'));
    return { order, said: `two operators: ${item.id} is ${done.state}` };
  }

  private async withdraw(step: Extract<StoryStep, { withdraw: unknown }>): Promise<Omit<Told, 'step'>> {
    const request = (await this.filled(step.withdraw, this.id)) as Parameters<FundsClient['withdraw']>[0];
    const asking = this.stage.funds.withdraw(request, { as: this.actor('supplier') });
    if (step.refused !== undefined) return { said: await refusalOf(asking, step.refused) };
    await asking;
    const { state, fee, payout, reason } = await this.stage.funds.awaitWithdrawal(request.id, {
      timeoutMs: this.stage.patienceMs,
    });
    return {
      said: `withdrawal ${request.id} is ${state}: ${format(payout)}, fee ${format(fee)}${reason ? ` (${reason})` : ''}`,
    };
  }

  private async books({ books }: Extract<StoryStep, { books: unknown }>): Promise<Omit<Told, 'step'>> {
    const lines: string[] = [];
    for (const [name, expected] of Object.entries(books)) {
      const [account = '', currency = 'USD'] = String(await this.filled(name, this.id)).split(' ');
      const stands = (await balancesOf(this.stage.ta.options.store, this.named(account)))[currency] ?? 0;
      if (stands !== expected) throw new Error(`${account} stands at ${String(stands)}, not ${String(expected)}`);
      lines.push(`${this.named(account)} ${format(moneyOf(stands, currencyCode.parse(currency)))}`);
    }
    return { said: `the books: ${lines.join('; ')}` };
  }

  /** `supplier` → `supplier:<its id>`; `order:b` → that of the second order. */
  private named(account: string): string {
    if (account === 'supplier' || account === 'receivable') return `${account}:${this.script.supplier}`;
    const [kind = '', which] = account.split(':');
    return ['order', 'hold', 'refunds'].includes(kind) ? `${kind}:${this.orderOf({ order: which })}` : account;
  }

  private async member({ member }: Extract<StoryStep, { member: unknown }>): Promise<Omit<Told, 'step'>> {
    const found = await findMember(this.stage.ta.options.store, this.script.supplier);
    const mismatch = mismatchOf(found, member);
    if (mismatch !== undefined) throw new Error(mismatch);
    return {
      said: `${this.script.supplier}: ${Object.entries(member)
        .map(([k, v]) => `${k} ${String(v)}`)
        .join(', ')}`,
    };
  }

  private actor(name: StoryActor): Actor {
    switch (name) {
      case 'supplier':
      case 'buyer':
        return { role: name, member: this.script[name] };
      case 'operator':
        return { role: 'platform', member: 'operator-1' };
      case 'second-operator':
        return { role: 'platform', member: 'operator-2' };
      default:
        return {
          role: name,
          member: { bank: 'citibank-sg', customs: 'china-customs', carrier: 'dhl', inspector: 'sgs' }[name],
        };
    }
  }

  // --- what stands for something else

  private async filled(value: unknown, order: string): Promise<unknown> {
    const at = new Date(await this.stage.now()).toISOString();
    let view: OrderView | undefined;
    const look = async () => (view ??= await this.stage.ta.view(order));
    const fill = async (part: unknown): Promise<unknown> => {
      if (typeof part === 'string' && part.startsWith('$')) return this.stands(part, at, look);
      if (Array.isArray(part)) return Promise.all(part.map(fill));
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(
        await Promise.all(Object.entries(part).map(async ([k, v]) => [k, await fill(v)] as const)),
      );
    };
    return fill(value);
  }

  private async stands(text: string, at: string, look: () => Promise<OrderView>): Promise<unknown> {
    const [, name = '', days] = /^\$([\w.]+)(?:\+(\d+)d)?$/.exec(text) ?? [];
    const then = addDays(at, Number(days ?? 0));
    if (name === 'id') return this.id;
    if (name === 'idb') return this.orderOf({ order: 'b' });
    if (name === 'supplier' || name === 'buyer') return this.script[name];
    if (name === 'now') return then;
    if (name === 'today') return chinaDate(then);
    if (!name.startsWith('order.')) throw new Error(`${text} stands for nothing`);
    const path = name.split('.').slice(1);
    const found = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      await look(),
    );
    if (found === undefined) throw new Error(`${text}: the order has no such thing`);
    return found;
  }
}

async function refusalOf(sending: Promise<unknown>, code: string): Promise<string> {
  try {
    await sending;
  } catch (fault) {
    if (fault instanceof Refused && fault.code === code) return `refused: ${fault.code}`;
    throw fault;
  }
  throw new Error(`it should have been refused as ${code}`);
}

/** Plays the story with orders of this id. Throws at the first step that does not come out as told. */
export const playStory = (stage: Stage, script: StoryScript, id: string): AsyncGenerator<Told> =>
  new Play(stage, script, id).steps();
