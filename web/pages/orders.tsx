/** The list of orders: what one looks for stands in the address, so that it can be kept and sent on. */
import { useEffect, useState } from 'react';
import { Badge, Button, Card, Checkbox, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import type { OrderListAnswer, OrderRow } from '../../clients/http/portal/answers';
import { statusWords } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Empty, Failed, Loading, Money, OrderLink, Page, StatusBadge } from '../parts';
import { useMe } from '../session';
import { words } from '../words';

/** What of the address's query the list is narrowed by. */
const filters = ['q', 'status', 'disputed'] as const;

export default function Orders() {
  const { say } = useReader();
  const me = useMe();
  const [params] = useSearchParams();
  const query = new URLSearchParams(
    filters.flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? '']] : [])),
  );
  const list = useInfiniteQuery({
    queryKey: ['orders', query.toString()],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams(query);
      if (pageParam) asked.set('cursor', pageParam);
      return call<OrderListAnswer>(`/portal/orders?${asked.toString()}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Page
      title={say(words.list.title)}
      aside={
        me.role !== 'platform' && (
          <Button component={Link} href="/start">
            {say(words.nav.startOrder)}
          </Button>
        )
      }
    >
      <Filters />
      {list.error ? (
        <Failed fault={list.error} again={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty>{say(query.size > 0 ? words.list.emptySearch : words.list.empty)}</Empty>
      ) : (
        <Rows rows={rows} />
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {say(words.list.more)}
        </Button>
      )}
    </Page>
  );
}

function Filters() {
  const { say } = useReader();
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get('q') ?? '');
  const [settled] = useDebouncedValue(text.trim(), 250);
  const set = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  useEffect(() => {
    if ((params.get('q') ?? '') !== settled) set('q', settled);
    // Only what was typed moves the address.
  }, [settled]);
  return (
    <Group role="search" gap="sm">
      <TextInput
        flex={1}
        miw={220}
        aria-label={say(words.list.searchLabel)}
        placeholder={say(words.list.search)}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={say(words.list.status)}
        value={params.get('status') ?? ''}
        onChange={(event) => set('status', event.currentTarget.value)}
        data={[
          { value: '', label: say(words.list.all) },
          ...Object.entries(statusWords).map(([value, texts]) => ({ value, label: say(texts) })),
        ]}
      />
      <Checkbox
        label={say(words.list.onlyDisputed)}
        checked={params.has('disputed')}
        onChange={(event) => set('disputed', event.currentTarget.checked ? 'true' : '')}
      />
    </Group>
  );
}

function Rows({ rows }: { rows: OrderRow[] }) {
  const isNarrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  return isNarrow ? <Cards rows={rows} /> : <Wide rows={rows} />;
}

/** With whom, from where the reader sits. */
function Others({ row: { supplier, buyer } }: { row: OrderRow }) {
  const { nameOf } = useReader();
  const { role } = useMe();
  if (role === 'supplier') return nameOf(buyer);
  if (role === 'buyer') return nameOf(supplier);
  return (
    <>
      {nameOf(supplier)} → {nameOf(buyer)}
    </>
  );
}

function Goods({ row: { goods, moreGoods, reference } }: { row: OrderRow }) {
  const { say } = useReader();
  return (
    <>
      <Text size="sm" lineClamp={1}>
        {goods ?? '—'} {moreGoods > 0 && say(words.list.moreGoods(moreGoods))}
      </Text>
      {reference && (
        <Text size="xs" c="dimmed">
          {reference}
        </Text>
      )}
    </>
  );
}

function Due({ row }: { row: OrderRow }) {
  const { say, inBothZones, day } = useReader();
  if (row.status === 'awaiting-payment' && row.payBy) return `${say(words.list.payBy)} ${inBothZones(row.payBy)}`;
  if (row.status === 'awaiting-shipment' && row.shipBy) return `${say(words.list.shipBy)} ${day(row.shipBy)}`;
  return null;
}

function Signs({ row }: { row: OrderRow }) {
  const { say } = useReader();
  return (
    <Group gap={6}>
      <StatusBadge status={row.status} />
      {row.isDisputed && (
        <Badge color="red" variant="light" tt="none" radius="sm" size="lg">
          {say(words.list.disputed)}
        </Badge>
      )}
    </Group>
  );
}

function Wide({ rows }: { rows: OrderRow[] }) {
  const { say, fromNow } = useReader();
  const { role } = useMe();
  return (
    <Card withBorder padding={0}>
      <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say(words.list.order)}</Table.Th>
            <Table.Th>{say(words.list.goods)}</Table.Th>
            <Table.Th>{say(role === 'platform' ? words.list.parties : words.list.counterparty)}</Table.Th>
            <Table.Th>{say(words.list.status)}</Table.Th>
            <Table.Th ta="right">{say(words.list.total)}</Table.Th>
            <Table.Th>{say(words.list.changed)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                <OrderLink id={row.id} size="sm" className="figures" />
              </Table.Td>
              <Table.Td maw={320}>
                <Goods row={row} />
              </Table.Td>
              <Table.Td>
                <Others row={row} />
              </Table.Td>
              <Table.Td>
                <Signs row={row} />
                <Text size="xs" c="dimmed" mt={4}>
                  <Due row={row} />
                </Text>
              </Table.Td>
              <Table.Td ta="right">{row.total ? <Money of={row.total} /> : '—'}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed" className="figures">
                  {fromNow(row.updatedAt)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Cards({ rows }: { rows: OrderRow[] }) {
  const { fromNow } = useReader();
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {rows.map((row) => (
        <Card key={row.id} withBorder component="li" padding="sm">
          <Group justify="space-between" gap="xs">
            <OrderLink id={row.id} />
            <Signs row={row} />
          </Group>
          <Text size="sm">
            <Others row={row} />
          </Text>
          <Goods row={row} />
          <Group justify="space-between" mt={6}>
            <Text fw={600}>{row.total ? <Money of={row.total} /> : '—'}</Text>
            <Text size="xs" c="dimmed">
              {fromNow(row.updatedAt)}
            </Text>
          </Group>
          <Text size="xs" c="dimmed">
            <Due row={row} />
          </Text>
        </Card>
      ))}
    </Stack>
  );
}
