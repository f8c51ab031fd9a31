/** A supplier's account: what can be collected of which order, withdrawals, and the statement (R9, R18, R27). */
import { useEffect, useRef, useState } from 'react';
import {
  Badge,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Money as Amount } from '../../domain/money';
import type { Statement } from '../../domain/statement';
import type { Payee } from '../../domain/messages';
import { reasonWords, type Texts } from '../../domain/vocabulary';
import type { Withdrawal } from '../../domain/withdrawal';
import { call } from '../api';
import { useReader } from '../language';
import { Empty, Failed, Facts, Instant, Loading, Money, Page, Section, WideTable } from '../parts';
import { useMe } from '../session';
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
  const { say } = useReader();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: (body: object) => call<Withdrawal>('/v1/withdrawals', { method: 'POST', key: key.current, body }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      done();
      notifications.show({
        message: say(words.money.asked),
        color: 'green',
        closeButtonProps: { 'aria-label': say(words.action.cancel) },
      });
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
      <WideTable label={say(words.money.withdrawals)}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say(words.money.when)}</Table.Th>
            <Table.Th>{say(words.list.order)}</Table.Th>
            <Table.Th>{say(words.money.payeeName)}</Table.Th>
            <Table.Th>{say(words.money.state)}</Table.Th>
            <Table.Th ta="right">{say(words.money.fee)}</Table.Th>
            <Table.Th ta="right">{say(words.money.payout)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.data.items.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Instant at={one.reservedAt} />
              </Table.Td>
              <Table.Td>{listed(one.orders.map(({ order }) => order))}</Table.Td>
              <Table.Td>
                {one.payee.name}
                <Text size="xs" c="dimmed">
                  {one.payee.account}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" tt="none" color={stateColours[one.state]}>
                  {say(words.money.states[one.state])}
                </Badge>
                {one.reason !== undefined && (
                  <Text size="xs" c="dimmed">
                    {say(reasonWords(one.reason))}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">
                <Money of={one.fee} />
              </Table.Td>
              <Table.Td ta="right">
                <Money of={one.payout} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Section>
  );
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function StatementOf({ supplier, currency }: { supplier: string; currency: Currency }) {
  const { say } = useReader();
  const [from, setFrom] = useState(() => day(Date.now() - 30 * 86_400_000));
  const [to, setTo] = useState(() => day(Date.now() + 2 * 86_400_000));
  const statement = useQuery({
    queryKey: ['statement', supplier, currency, from, to],
    queryFn: () => call<Statement>(`/v1/suppliers/${supplier}/statement?currency=${currency}&from=${from}&to=${to}`),
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
        <Failed fault={statement.error} />
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
        <WideTable label={say(words.money.statement)} mt="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say(words.money.when)}</Table.Th>
              <Table.Th>{say(words.money.what)}</Table.Th>
              <Table.Th>{say(words.list.order)}</Table.Th>
              <Table.Th ta="right">{say(words.action.amount)}</Table.Th>
              <Table.Th ta="right">{say(words.money.balance)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.lines.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td>
                  <Instant at={line.at} />
                </Table.Td>
                <Table.Td>{say(kindOf(line))}</Table.Td>
                <Table.Td>
                  {line.order !== undefined && <Link href={`/orders/${line.order}`}>{line.order}</Link>}
                </Table.Td>
                <Table.Td ta="right">
                  <Money of={line.amount} />
                </Table.Td>
                <Table.Td ta="right">
                  <Money of={line.balance} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </>
  );
}
