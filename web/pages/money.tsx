/** A supplier's account: what can be collected of which order, withdrawals, and the statement (R9, R18, R27). */
import { useEffect, useRef, useState } from 'react';
import {
  Badge,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Money as Amount } from '../../domain/money';
import type { Statement } from '../../domain/statement';
import type { Payee } from '../../domain/messages';
import type { RegisteredPayee } from '../../domain/payee';
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
      <Payees supplier={member} />
      <StatementOf supplier={member} currency={currency} />
    </Page>
  );
}

const payeesOf = (supplier: string) => ({
  queryKey: ['payees', supplier],
  queryFn: () => call<Items<RegisteredPayee>>(`/v1/suppliers/${supplier}/payees`),
});

const withdrawalsOf = (supplier: string) => ({
  queryKey: ['withdrawals', supplier],
  queryFn: () => call<Items<Withdrawal>>(`/v1/withdrawals?supplier=${supplier}`),
});

function Collect({ supplier, currency }: { supplier: string; currency: Currency }) {
  const { say, money } = useReader();
  const list = useQuery({
    queryKey: ['collectables', supplier, currency],
    queryFn: () =>
      call<Items<Collectable> & { owed: Amount[] }>(`/v1/suppliers/${supplier}/collectables?currency=${currency}`),
  });
  const payees = useQuery(payeesOf(supplier));
  const fault = list.error ?? payees.error;
  return (
    <Section title={say(words.money.collectable)}>
      {fault ? (
        <Failed fault={fault} again={() => void list.refetch()} />
      ) : !list.data || !payees.data ? (
        <Loading />
      ) : list.data.owed.length > 0 ? (
        <Text c="red">{say(words.money.owed(list.data.owed.map(money).join(', ')))}</Text>
      ) : list.data.items.length === 0 ? (
        <Empty>{say(words.money.nothingToCollect)}</Empty>
      ) : (
        <Withdraw
          supplier={supplier}
          currency={currency}
          there={list.data.items}
          payees={payees.data.items.map(({ payee }) => payee)}
        />
      )}
    </Section>
  );
}

interface WithdrawProps {
  supplier: string;
  currency: Currency;
  there: Collectable[];
  /** The accounts that money can be paid out to. */
  payees: Payee[];
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
    onSuccess: async ({ state }) => {
      done();
      told(state === 'awaiting-approval' ? words.money.approvalNote : words.money.asked);
      await queries.invalidateQueries();
    },
  });
}

const shownAccount = ({ name, account, bank }: Payee): string => [name, account, bank].filter(Boolean).join(' · ');

function Withdraw({ supplier, currency, there, payees }: WithdrawProps) {
  const { say, money } = useReader();
  const [chosen, setChosen] = useState<string[]>([]);
  const [to, setTo] = useState('0');
  const payee = payees[Number(to)] ?? payees[0];
  const orders = there.filter(({ order }) => chosen.includes(order));
  const sum = { amount: orders.reduce((total, { amount }) => total + amount.amount, 0), currency };
  const withdraw = useWithdrawing(() => setChosen([]));
  const isFilled = orders.length > 0 && payee !== undefined;
  const send = () => withdraw.mutate({ supplier, channel: currency, orders, payee });
  return (
    <Stack>
      <Checkbox.Group value={chosen} onChange={setChosen} label={say(words.money.choose)}>
        <Stack gap="xs" mt="xs">
          {there.map(({ order, amount }) => (
            <Checkbox key={order} value={order} label={`${order} · ${money(amount)}`} />
          ))}
        </Stack>
      </Checkbox.Group>
      {payees.length === 0 ? (
        <Text>{say(words.money.noPayee)}</Text>
      ) : (
        <NativeSelect
          label={say(words.money.payTo)}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          data={payees.map((one, index) => ({ value: String(index), label: shownAccount(one) }))}
        />
      )}
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

/** The accounts that money can be paid out to: register, confirm as a second person, remove. */
function Payees({ supplier }: { supplier: string }) {
  const { say } = useReader();
  const list = useQuery(payeesOf(supplier));
  const act = useAct(supplier);
  return (
    <Section title={say(words.money.payees)}>
      <Stack>
        <Text size="sm" c="dimmed">
          {say(words.money.payeesNote)}
        </Text>
        {list.data && list.data.items.length > 0 && (
          <Listing
            label={say(words.money.payees)}
            rows={list.data.items}
            keyOf={({ id }) => id}
            columns={[
              { head: words.money.payeeName, cell: ({ payee }) => payee.name },
              {
                head: words.money.payeeAccount,
                cell: ({ payee }) => [payee.account, payee.bank].filter(Boolean).join(' · '),
              },
              { head: words.money.usable, cell: (one) => <Usable of={one} /> },
              {
                head: words.money.removePayee,
                cell: ({ id, confirmedAt }) => (
                  <Group gap="xs">
                    {confirmedAt === undefined && (
                      <Button
                        size="compact-sm"
                        variant="light"
                        onClick={() =>
                          act.mutate({ path: `/${id}/confirm`, body: {}, done: words.money.payeeConfirmed })
                        }
                      >
                        {say(words.money.confirmPayee)}
                      </Button>
                    )}
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      onClick={() => act.mutate({ path: `/${id}/remove`, body: {}, done: words.money.payeeRemoved })}
                    >
                      {say(words.money.removePayee)}
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        )}
        {act.error && <Failed fault={act.error} />}
        <NewPayee
          isPending={act.isPending}
          register={(payee) => act.mutate({ path: '', body: { payee }, done: words.money.payeeRegistered })}
        />
      </Stack>
    </Section>
  );
}

function Usable({ of: { confirmedAt, usableFrom } }: { of: RegisteredPayee }) {
  const { say } = useReader();
  if (confirmedAt !== undefined || Date.parse(usableFrom) <= Date.now()) return say(words.money.usableNow);
  return (
    <>
      {say(words.money.usableFrom)} <Instant at={usableFrom} />
    </>
  );
}

/** Changes the payees; what is registered twice by a double click is registered once. */
function useAct(supplier: string) {
  const told = useTold();
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: ({ path, body }: { path: string; body: object; done: Texts }) =>
      call<RegisteredPayee>(`/v1/suppliers/${supplier}/payees${path}`, { method: 'POST', key: key.current, body }),
    onSettled: () => {
      key.current = crypto.randomUUID();
    },
    onSuccess: async (_, { done }) => {
      told(done);
      await queries.invalidateQueries({ queryKey: ['payees'] });
    },
  });
}

function NewPayee({ register, isPending }: { register: (payee: Payee) => void; isPending: boolean }) {
  const { say, nameOf } = useReader();
  const me = useMe();
  const [to, setTo] = useState({ name: nameOf(me), account: '', bank: '' });
  const isFilled = to.name.trim() !== '' && to.account.trim() !== '';
  const send = () => {
    const { name, account, bank } = to;
    register({ name: name.trim(), account: account.replaceAll(' ', ''), ...(bank.trim() && { bank: bank.trim() }) });
  };
  const field = (name: keyof typeof to) => ({
    value: to[name],
    onChange: (event: { currentTarget: { value: string } }) => setTo({ ...to, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput label={say(words.money.payeeName)} required {...field('name')} />
        <TextInput label={say(words.money.payeeAccount)} required {...field('account')} />
        <TextInput label={say(words.money.payeeBank)} {...field('bank')} />
      </SimpleGrid>
      <Group>
        <Button variant="light" disabled={!isFilled} loading={isPending} onClick={send}>
          {say(words.money.registerPayee)}
        </Button>
      </Group>
    </>
  );
}

const stateColours: Record<Withdrawal['state'], string> = {
  'awaiting-approval': 'yellow',
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

function State({ of: { id, state, reason } }: { of: Withdrawal }) {
  const { say } = useReader();
  return (
    <>
      {state === 'awaiting-approval' && <Approve withdrawal={id} />}
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

function Approve({ withdrawal }: { withdrawal: string }) {
  const { say } = useReader();
  const told = useTold();
  const queries = useQueryClient();
  const approve = useMutation({
    mutationFn: () => call<Withdrawal>(`/v1/withdrawals/${withdrawal}/approve`, { method: 'POST', body: {} }),
    onSuccess: async () => {
      told(words.money.approved);
      await queries.invalidateQueries();
    },
  });
  return (
    <>
      <Text size="xs">{say(words.money.approvalNote)}</Text>
      {approve.error && <Failed fault={approve.error} />}
      <Button size="compact-sm" variant="light" loading={approve.isPending} onClick={() => approve.mutate()}>
        {say(words.money.approve)}
      </Button>
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
