/** Stories of suppliers' money whose histories are recorded: each answers with the id of its workflow. */
import { FundsClient } from '../../clients';
import { moneyOf } from '../../domain/money';
import { payoutKey } from '../../domain/withdrawal';
import { settlementWorkflowId, withdrawalWorkflowId } from '../../workflows/funds-contract';
import { FakeBank } from './fake-bank';
import { toOwnAccount } from './funds-builders';
import { paidOrder } from './paid-order';
import { as, lighting, type World } from './world';

export const bank = new FakeBank();
const { supplier } = lighting;

type Story = (world: World, funds: FundsClient, id: string) => Promise<string>;

const partsOf = async (world: World, name: string) => [
  { order: await paidOrder(world, name), amount: moneyOf(100_000, 'USD') },
];

/** A withdrawal that the bank has not decided, until `word` is given. */
const undecided =
  (word: Parameters<FakeBank['settle']>[1]): Story =>
  async (world, funds, id) => {
    bank.next = { status: 'pending' };
    const orders = await partsOf(world, id);
    await funds.withdraw({ id, supplier, channel: 'USD', orders, payee: toOwnAccount }, as.supplier);
    await bank.askedFor(payoutKey(id));
    bank.settle(payoutKey(id), word);
    await funds.payoutSettled(payoutKey(id));
    return withdrawalWorkflowId(id);
  };

/** A quote of so many milliseconds; `act` does with it what it likes. */
const quoted =
  (quoteMs: number, act: (funds: FundsClient, id: string) => Promise<unknown>): Story =>
  async (world, funds, id) => {
    Object.assign(bank, { quoteMs });
    await funds.quote({ id, supplier, orders: await partsOf(world, id) }, as.supplier);
    await act(funds, id);
    return settlementWorkflowId(id);
  };

export const fundsStories: Record<string, Story> = {
  'withdrawal-paid-later': undecided({ status: 'paid', reference: 'bank-1' }),
  'withdrawal-put-back': undecided({ status: 'refused', reason: 'account-closed' }),
  'withdrawal-refused': async (_, funds, id) => {
    const orders = [{ order: 'nobodys', amount: moneyOf(100, 'USD') }];
    await funds
      .withdraw({ id, supplier, channel: 'USD', orders, payee: toOwnAccount }, as.supplier)
      .catch(() => undefined);
    return withdrawalWorkflowId(id);
  },
  'settlement-settled': quoted(60_000, (funds, id) => funds.settle(id, as.supplier)),
  'settlement-lapsed': quoted(300, () => Promise.resolve()),
};
