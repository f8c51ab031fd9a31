/** A supplier's account: what can be collected of which order, withdrawals, and the statement (R9, R18, R27). */
import { useRef, useState } from 'react';
import { Badge, Button, Checkbox, Group, SegmentedControl, Stack, Table, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Money as Amount } from '../../domain/money';
import type { Statement } from '../../domain/statement';
import type { Texts } from '../../domain/vocabulary';
import type { Withdrawal } from '../../domain/withdrawal';
import { call } from '../api';
import { useReader } from '../language';
import { Empty, Failed, Facts, Instant, Loading, Money, Page, Section } from '../parts';
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

function Collect({ supplier, currency }: { supplier: string; currency: Currency }) {
  const { say, money } = useReader();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string[]>([]);
  const list = useQuery({
    queryKey: ['collectables', supplier, currency],
    queryFn: () => call<Items<Collectable>>(`/v1/suppliers/${supplier}/collectables?currency=${currency}`),
  });
  const key = useRef(crypto.randomUUID());
  const orders = (list.data?.items ?? []).filter(({ order }) => chosen.includes(order));
  const sum = { amount: orders.reduce((total, { amount }) => total + amount.amount, 0), currency };
  const withdraw = useMutation({
    mutationFn: () =>
      call<Withdrawal>('/v1/withdrawals', {
        method: 'POST',
        key: key.current,
        body: { supplier, channel: currency, orders },
      }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async () => {
      setChosen([]);
      notifications.show({
        message: say(words.money.asked),
        color: 'green',
        closeButtonProps: { 'aria-label': say(words.action.cancel) },
      });
      await queries.invalidateQueries();
    },
  });
  return (
    <Section title={say(words.money.collectable)}>
      {list.error ? (
        <Failed fault={list.error} again={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading />
      ) : list.data.items.length === 0 ? (
        <Empty>{say(words.money.nothingToCollect)}</Empty>
      ) : (
        <Stack>
          <Checkbox.Group value={chosen} onChange={setChosen} label={say(words.money.choose)}>
            <Stack gap="xs" mt="xs">
              {list.data.items.map(({ order, amount }) => (
                <Checkbox key={order} value={order} label={`${order} · ${money(amount)}`} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Text size="sm" c="dimmed">
            {say(currency === 'USD' ? words.money.feeUsd : words.money.feeCny)}
          </Text>
          {withdraw.error && <Failed fault={withdraw.error} />}
          <Group>
            <Button disabled={orders.length === 0} loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
              {say(words.money.withdraw(money(sum)))}
            </Button>
          </Group>
        </Stack>
      )}
    </Section>
  );
}

function Withdrawals({ supplier }: { supplier: string }) {
  const { say } = useReader();
  const list = useQuery({
    queryKey: ['withdrawals', supplier],
    queryFn: () => call<Items<Withdrawal>>(`/v1/withdrawals?supplier=${supplier}`),
  });
  if (!list.data || list.data.items.length === 0) return null;
  return (
    <Section title={say(words.money.withdrawals)}>
      <Table>
        <Table.Tbody>
          {list.data.items.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Instant at={one.reservedAt} />
              </Table.Td>
              <Table.Td>{one.orders.map(({ order }) => order).join(', ')}</Table.Td>
              <Table.Td>
                <Badge variant="light" tt="none">
                  {say(words.money.states[one.state])}
                </Badge>
              </Table.Td>
              <Table.Td ta="right">
                <Money
                  of={{
                    amount: one.orders.reduce((total, { amount }) => total + amount.amount, 0),
                    currency: one.orders[0]?.amount.currency ?? 'USD',
                  }}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
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
        <div className="scroll-x" tabIndex={0} role="region" aria-label={say(words.money.statement)}>
          <Table mt="md">
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
          </Table>
        </div>
      )}
    </>
  );
}
