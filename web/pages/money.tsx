/** A supplier's account: what can be collected of which order, withdrawals, and the statement (R9, R18, R27). */
import { useEffect, useRef, useState } from 'react';
import { Badge, Button, Checkbox, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Money as Amount } from '../../domain/money';
import type { Statement } from '../../domain/statement';
import type { Payee } from '../../domain/messages';
import { reasonWords, type Texts } from '../../domain/vocabulary';
import type { Withdrawal } from '../../domain/withdrawal';
import { call } from '../api';
import { useReader } from '../language';
import { Listing } from '../listing';
import { Empty, Failed, Facts, Instant, Loading, Money, OrderLink, Page, Section } from '../parts';
import { useMe } from '../session';
import { useTold } from '../told';
import { words } from '../words';

interface Collectable {
  order: string;
  amount: Amount;
}
type Currency = 'USD' | 'CNY';
interface Items<T> {
  items: T[];
}

export default function Account() {
  const { say } = useReader();
  const { member } = useMe();
  const [currency, setCurrency] = useState<Currency>('USD');
  return (
    <Page
      title={say(words.nav.money)}
      aside={
        <SegmentedControl
          aria-label={say(words.money.currency)}
          value={currency}
          onChange={(value) => setCurrency(value)}
          data={['USD', 'CNY']}
        />
      }
    >
      <Collect supplier={member} currency={currency} key={`collect ${currency}`} />
      <Withdrawals supplier={member} />
      <StatementOf supplier={member} currency={currency} />
    </Page>
  );
}

const withdrawalsOf = (supplier: string) => ({
  queryKey: ['withdrawals', supplier],
  queryFn: () => call<Items<Withdrawal>>(`/v1/withdrawals?supplier=${supplier}`),
});

function Collect({ supplier, currency }: { supplier: string; currency: Currency }) {
  const { say } = useReader();
  const list = useQuery({
    queryKey: ['collectables', supplier, currency],
    queryFn: () => call<Items<Collectable>>(`/v1/suppliers/${supplier}/collectables?currency=${currency}`),
  });
  const before = useQuery(withdrawalsOf(supplier));
  const fault = list.error ?? before.error;
  return (
    <Section title={say(words.money.collectable)}>
      {fault ? (
        <Failed fault={fault} again={() => void list.refetch()} />
      ) : !list.data || !before.data ? (
        <Loading />
      ) : list.data.items.length === 0 ? (
        <Empty>{say(words.money.nothingToCollect)}</Empty>
      ) : (
        <Withdraw
          supplier={supplier}
          currency={currency}
          there={list.data.items}
          payee={before.data.items.find(({ channel }) => channel === currency)?.payee}
        />
      )}
    </Section>
  );
}

interface WithdrawProps {
  supplier: string;
  currency: Currency;
  there: Collectable[];
  /** Whom the last one went to. */
  payee: Payee | undefined;
}

/** Asks for the money of the chosen orders, once however often the button is pressed. */
function useWithdrawing(done: () => void) {
  const told = useTold();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: (body: object) => call<Withdrawal>('/v1/withdrawals', { method: 'POST', key: key.current, body }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      done();
      told(words.money.asked);
      await queries.invalidateQueries();
    },
  });
}

function Withdraw({ supplier, currency, there, payee }: WithdrawProps) {
  const { say, money, nameOf } = useReader();
  const me = useMe();
  const [chosen, setChosen] = useState<string[]>([]);
  const [to, setTo] = useState({
    name: payee?.name ?? nameOf(me),
    account: payee?.account ?? '',
    bank: payee?.bank ?? '',
  });
  const orders = there.filter(({ order }) => chosen.includes(order));
  const sum = { amount: orders.reduce((total, { amount }) => total + amount.amount, 0), currency };
  const withdraw = useWithdrawing(() => setChosen([]));
  const isFilled = orders.length > 0 && to.name.trim() !== '' && to.account.trim() !== '';
  const send = () => {
    const { name, account, bank } = to;
    const payee = {
      name: name.trim(),
      account: account.replaceAll(' ', ''),
      ...(bank.trim() && { bank: bank.trim() }),
    };
    withdraw.mutate({ supplier, channel: currency, orders, payee });
  };
  return (
    <Stack>
      <Checkbox.Group value={chosen} onChange={setChosen} label={say(words.money.choose)}>
        <Stack gap="xs" mt="xs">
          {there.map(({ order, amount }) => (
            <Checkbox key={order} value={order} label={`${order} · ${money(amount)}`} />
          ))}
        </Stack>
      </Checkbox.Group>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput
          label={say(words.money.payeeName)}
          required
          value={to.name}
          onChange={(event) => setTo({ ...to, name: event.currentTarget.value })}
        />
        <TextInput
          label={say(words.money.payeeAccount)}
          required
          value={to.account}
          onChange={(event) => setTo({ ...to, account: event.currentTarget.value })}
        />
        <TextInput
          label={say(words.money.payeeBank)}
          value={to.bank}
          onChange={(event) => setTo({ ...to, bank: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        {say(currency === 'USD' ? words.money.feeUsd : words.money.feeCny)}
      </Text>
      {withdraw.error && <Failed fault={withdraw.error} />}
      <Group>
        <Button disabled={!isFilled} loading={withdraw.isPending} onClick={send}>
          {say(words.money.withdraw(money(sum)))}
        </Button>
      </Group>
    </Stack>
  );
}

const stateColours: Record<Withdrawal['state'], string> = {
  reserved: 'blue',
  'with-bank': 'blue',
  paid: 'green',
  'put-back': 'orange',
};

function Withdrawals({ supplier }: { supplier: string }) {
  const { say, list: listed } = useReader();
  const list = useQuery({
    ...withdrawalsOf(supplier),
    // The bank decides on its own; nobody tells this page.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ state }) => state === 'reserved' || state === 'with-bank') ? 2000 : false,
  });
  const queries = useQueryClient();
  const ended = list.data?.items.filter(({ endedAt }) => endedAt !== undefined).length ?? 0;
  useEffect(() => {
    // What the bank did not pay is the supplier's again.
    void queries.invalidateQueries({ queryKey: ['collectables'] });
    void queries.invalidateQueries({ queryKey: ['statement'] });
  }, [queries, ended]);
  if (!list.data || list.data.items.length === 0) return null;
  return (
    <Section title={say(words.money.withdrawals)}>
      <Listing
        label={say(words.money.withdrawals)}
        rows={list.data.items}
        keyOf={({ id }) => id}
        columns={[
          { head: words.money.when, cell: ({ reservedAt }) => <Instant at={reservedAt} /> },
          { head: words.list.order, cell: ({ orders }) => listed(orders.map(({ order }) => order)) },
          { head: words.money.payeeName, cell: (one) => <PaidTo of={one} /> },
          { head: words.money.state, cell: (one) => <State of={one} /> },
          { head: words.money.fee, cell: ({ fee }) => <Money of={fee} />, isFigure: true },
          { head: words.money.payout, cell: ({ payout }) => <Money of={payout} />, isFigure: true },
        ]}
      />
    </Section>
  );
}

const PaidTo = ({ of: { payee } }: { of: Withdrawal }) => (
  <>
    {payee.name}
    <Text size="xs" c="dimmed">
      {payee.account}
    </Text>
  </>
);

function State({ of: { state, reason } }: { of: Withdrawal }) {
  const { say } = useReader();
  return (
    <>
      <Badge variant="light" tt="none" color={stateColours[state]}>
        {say(words.money.states[state])}
      </Badge>
      {reason !== undefined && (
        <Text size="xs" c="dimmed">
          {say(reasonWords(reason))}
        </Text>
      )}
    </>
  );
}

const dayMs = 86_400_000;
/** China is ahead of UTC by so much; dates of a statement are China's. */
const chinaMs = 8 * 3_600_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** What is asked for ends before this one: a date is meant whole. */
const dayAfter = (date: string): string => day(Date.parse(date) + dayMs);

function StatementOf({ supplier, currency }: { supplier: string; currency: Currency }) {
  const { say } = useReader();
  const [from, setFrom] = useState(() => day(Date.now() + chinaMs - 30 * dayMs));
  const [to, setTo] = useState(() => day(Date.now() + chinaMs));
  const statement = useQuery({
    queryKey: ['statement', supplier, currency, from, to],
    queryFn: () =>
      call<Statement>(`/v1/suppliers/${supplier}/statement?currency=${currency}&from=${from}&to=${dayAfter(to)}`),
  });
  return (
    <Section title={say(words.money.statement)}>
      <Group mb="md">
        <TextInput
          type="date"
          label={say(words.money.from)}
          value={from}
          onChange={(e) => setFrom(e.currentTarget.value)}
        />
        <TextInput type="date" label={say(words.money.to)} value={to} onChange={(e) => setTo(e.currentTarget.value)} />
      </Group>
      {statement.error ? (
        <Failed fault={statement.error} again={() => void statement.refetch()} />
      ) : statement.data ? (
        <Lines of={statement.data} />
      ) : (
        <Loading />
      )}
    </Section>
  );
}

/** What a line is about; kinds that a supplier's account hardly knows are told by the books' own words. */
const kindOf = ({ kind, what }: Statement['lines'][number]): Texts =>
  kind in words.money.kinds ? words.money.kinds[kind as keyof typeof words.money.kinds] : { en: what, zh: what };

function Lines({ of }: { of: Statement }) {
  const { say } = useReader();
  return (
    <>
      <Facts
        of={[
          [words.money.opening, <Money of={of.opening} />],
          [words.money.closing, <Money of={of.closing} />],
        ]}
      />
      {of.lines.length === 0 ? (
        <Empty>{say(words.money.noLines)}</Empty>
      ) : (
        <Listing
          label={say(words.money.statement)}
          rows={of.lines}
          keyOf={({ id }) => id}
          columns={[
            { head: words.money.when, cell: ({ at }) => <Instant at={at} /> },
            { head: words.money.what, cell: (line) => say(kindOf(line)) },
            {
              head: words.list.order,
              cell: ({ order }) => order !== undefined && <OrderLink id={order} size="sm" className="figures" />,
            },
            { head: words.action.amount, cell: ({ amount }) => <Money of={amount} />, isFigure: true },
            { head: words.money.balance, cell: ({ balance }) => <Money of={balance} />, isFigure: true },
          ]}
        />
      )}
    </>
  );
}
