/**
 * Plays one seeded order live, until it is completed and its supplier's credit accrued; it is then kept for complaints. The
 * newest demo order that has not come so far is played on: its messages are idempotent, so that after a `kill -9` of
 * everything the same order goes on where it stopped.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Refused, Unavailable, type OrderView, type TradeAssuranceClient } from '../../clients';
import { explainLines } from '../../domain/credit';
import { format, moneyOf, type CurrencyCode } from '../../domain/money';
import { isSettled } from '../../domain/order';
import { readDraft } from '../../seeds/load';
import { playMainRoad } from '../../seeds/main-road';
import { balancesOf, trialBalance } from '../../store/ledger';
import { good, quiet, rows, say, strong, warning, type Row } from './screen';
import { Story } from './story';
import { stars } from '../../domain/event-words';

/** After its last message an order settles at once, unless its worker has just died. */
const settleBoundMs = 120_000;

/** Plays the order until it has settled, with a pause of `paceMs` between two messages, and tells of it. Returns its id. */
export async function playDemo(ta: TradeAssuranceClient, paceMs: number): Promise<string> {
  const open = await newestOpen(ta);
  if (open !== undefined && (await playsOn(ta, open, paceMs))) return open;
  const id = `demo-${String((await numbers(ta)).reduce((most, { number }) => Math.max(most, number), 0) + 1)}`;
  say(`${strong(`Order ${id}`)}, played live\n`);
  await play(ta, new Story(ta, id), paceMs);
  return id;
}

async function numbers({ options: { store } }: TradeAssuranceClient) {
  const orders = await store.collections.orders.find({ _id: /^demo-\d+$/ }).toArray();
  return orders.map((order) => ({ number: Number(order._id.slice('demo-'.length)), isOpen: !isSettled(order) }));
}

async function newestOpen(ta: TradeAssuranceClient): Promise<string | undefined> {
  const open = (await numbers(ta)).filter(({ isOpen }) => isOpen).map(({ number }) => number);
  return open.length > 0 ? `demo-${String(Math.max(...open))}` : undefined;
}

/** False when the order refuses to go on, as one does that was left alone beyond its deadlines. */
async function playsOn(ta: TradeAssuranceClient, id: string, paceMs: number): Promise<boolean> {
  say(`${strong(`Order ${id}`)} is not completed: it goes on where it stopped\n`);
  try {
    const story = new Story(ta, id);
    await story.tell('past');
    say();
    await play(ta, story, paceMs);
    return true;
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    say(warning(`It refuses to go on (${fault.code}: ${fault.message}). A new one is begun.\n`));
    return false;
  }
}

async function play(ta: TradeAssuranceClient, story: Story, paceMs: number): Promise<void> {
  const draft = readDraft('lighting.json');
  while (!story.isPlayed) {
    try {
      for await (const { answer } of playMainRoad(ta, story.order, draft)) {
        // What was told as past is answered again without having happened again.
        if (answer.version > story.version && (await story.tell())) await pause(paceMs);
      }
    } catch (fault) {
      if (!(fault instanceof Unavailable)) throw fault;
      say(quiet('   … waiting for a worker; the message is sent again under the same id\n'));
    }
  }
  // The rest follows by itself: the credit limit.
  const { id, complainBy } = await ta.awaitSettled(story.order, { timeoutMs: settleBoundMs });
  await story.tell();
  if (complainBy !== undefined)
    say(
      quiet(`       The buyer may complain until ${complainBy.slice(0, 10)}; ${id} is kept so long, then it ends.\n`),
    );
}

/** What came of the order: the limit before and after and why, the reviews, the books. Throws when these do not balance. */
export async function tellOutcome(ta: TradeAssuranceClient, order: OrderView): Promise<void> {
  const supplier = await ta.options.store.collections.members.findOne({ _id: order.supplier });
  say(strong(`Credit limit of ${supplier?.name ?? order.supplier}`));
  say(rows(await limit(ta, order), 2, 10));
  say(`\n${strong('Reviews')}`);
  say(rows(reviews(order), 2, 10));
  say(`\n${strong('The books')}`);
  say(rows(await books(ta, order), 2, 10));
}

async function limit(ta: TradeAssuranceClient, { id, supplier, credit }: OrderView): Promise<Row[]> {
  const entry = await ta.options.store.collections.credit.findOne({ supplier, order: id });
  const explained = explainLines((await ta.explainCredit(supplier)).limit);
  if (!credit) return [['why', explained]];
  return [
    ['before', [format(credit.limitBefore)]],
    [
      'after',
      [`${good(format(credit.limitAfter))}  ${quiet(`grade ${String(credit.grade)}, policy ${credit.policy}`)}`],
    ],
    ['why', [...(entry ? [entry.reason] : []), ...explained]],
  ];
}

function reviews({ reviews: given }: OrderView): Row[] {
  if (!given.published) return [];
  return (['supplier', 'buyer'] as const).map((side): Row => {
    const review = given[side];
    return [side, review ? [`${stars(review.stars)}  ${review.text ?? ''}`] : []];
  });
}

async function books(ta: TradeAssuranceClient, { supplier }: OrderView): Promise<Row[]> {
  const { store } = ta.options;
  const balances = await balancesOf(store, `supplier:${supplier}`);
  const sums = await trialBalance(store);
  const wrong = sums.filter(({ sum }) => sum !== 0);
  if (wrong.length > 0) throw new Error(`The books do not balance: ${JSON.stringify(wrong)}`);
  return [
    [
      'supplier',
      Object.entries(balances).map(([code, amount]) => `${amountOf(amount, code)} to collect, of all orders`),
    ],
    [
      'balance',
      sums.map(({ sum, accounts, currency }) => `${good(amountOf(sum, currency))} over ${String(accounts)} accounts`),
    ],
  ];
}

const amountOf = (amount: number, code: string): string => format(moneyOf(amount, code as CurrencyCode));
