/** A bank in memory: keeps its promise of once for each key, says what it is told to say, and counts what it has done. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Money } from '../../domain/money';
import type { Bank, ConvertAnswer, PayOutAnswer } from '../../partners/bank';

type Asked = Parameters<Bank['payOut']>[0];
type Quote = Awaited<ReturnType<Bank['quote']>>;

export class FakeBank implements Bank {
  /** Every payout by its key, as it stands. */
  readonly payouts = new Map<string, { asked: Asked; answer: PayOutAnswer }>();
  readonly conversions = new Map<string, ConvertAnswer>();
  readonly quotes = new Map<string, Quote>();
  /** What a new payout comes to. */
  next: PayOutAnswer = { status: 'paid', reference: 'bank-1' };
  /** What a new conversion comes to, instead of done. */
  refusesToConvert: string | undefined;
  /** CNY for a unit of foreign money, in ten-thousandths. */
  rate = 71_000;
  /** How long a quote holds. */
  quoteMs = 60_000;
  /** Called before each answer; throw to be away. */
  before: (what: 'payOut' | 'find' | 'quote' | 'convert', key: string) => void | Promise<void> = () => undefined;
  now = () => Date.now();

  async payOut(asked: Asked): Promise<PayOutAnswer> {
    await this.before('payOut', asked.key);
    const known = this.payouts.get(asked.key) ?? { asked, answer: this.next };
    this.payouts.set(asked.key, known);
    return known.answer;
  }

  async find(key: string): Promise<PayOutAnswer | undefined> {
    await this.before('find', key);
    return this.payouts.get(key)?.answer;
  }

  async quote({ sell }: { sell: Money }): Promise<Quote> {
    await this.before('quote', '');
    const quote = {
      quote: `q-${String(this.quotes.size + 1)}`,
      sell,
      buy: { amount: Math.floor((sell.amount * this.rate) / 10_000), currency: 'CNY' as const },
      expiresAt: new Date(this.now() + this.quoteMs).toISOString(),
    };
    this.quotes.set(quote.quote, quote);
    return quote;
  }

  async convert({ key, quote }: { key: string; quote: string }): Promise<ConvertAnswer> {
    await this.before('convert', key);
    const offer = this.quotes.get(quote);
    const done: ConvertAnswer = offer
      ? { status: 'done', reference: `fx-${key}`, sell: offer.sell, buy: offer.buy }
      : { status: 'refused', reason: 'unknown-quote' };
    const answer = this.refusesToConvert ? { status: 'refused' as const, reason: this.refusesToConvert } : done;
    const known = this.conversions.get(key) ?? answer;
    this.conversions.set(key, known);
    return known;
  }

  /** What a pending payout comes to. */
  settle(key: string, answer: PayOutAnswer): void {
    const known = this.payouts.get(key);
    if (!known) throw new Error(`the bank knows no payout ${key}`);
    this.payouts.set(key, { ...known, answer });
  }

  /** Waits until the bank has been asked for this payout. */
  async askedFor(key: string): Promise<Asked> {
    for (;;) {
      const known = this.payouts.get(key);
      if (known) return known.asked;
      await pause(20);
    }
  }
}
