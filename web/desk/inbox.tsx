/** The inbox: what feeds have delivered, and what became of each thing in it; what is parked or refused can be tried again. */
import { Badge, Button, Group, NativeSelect, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import type { InboxRow } from '../../domain/inbox';
import { call } from '../api';
import { useReader } from '../language';
import { Empty, Failed, Instant, Loading, Section, WideTable } from '../parts';
import { words } from '../words';
import { useDoing } from './use-doing';

const states = ['pending', 'parked', 'routed', 'dead', 'ignored'] as const satisfies InboxRow['state'][];

export function Inbox() {
  const { say } = useReader();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') ?? '';
  const list = useQuery({
    queryKey: ['inbox', state],
    queryFn: () => call<{ rows: InboxRow[] }>(`/v1/inbox${state && `?state=${state}`}`),
  });
  const doing = useDoing();
  return (
    <Section
      title={say(words.nav.inbox)}
      aside={
        <Group gap="xs">
          <NativeSelect
            aria-label={say(words.desk.state)}
            value={state}
            onChange={(event) => setParams(event.currentTarget.value ? { state: event.currentTarget.value } : {})}
            data={[
              { value: '', label: say(words.list.all) },
              ...states.map((value) => ({ value, label: say(words.desk.rowStates[value]) })),
            ]}
          />
          <Button
            variant="default"
            loading={doing.isPending}
            onClick={() => doing.mutate({ path: '/v1/inbox/replay', body: {} })}
          >
            {say(words.desk.replay)}
          </Button>
        </Group>
      }
    >
      {(list.error ?? doing.error) ? (
        <Failed fault={list.error ?? doing.error} />
      ) : !list.data ? (
        <Loading />
      ) : list.data.rows.length === 0 ? (
        <Empty>{say(words.desk.inboxEmpty)}</Empty>
      ) : (
        <WideTable label={say(words.nav.inbox)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say(words.desk.received)}</Table.Th>
              <Table.Th>{say(words.desk.source)}</Table.Th>
              <Table.Th>{say(words.desk.fact)}</Table.Th>
              <Table.Th>{say(words.list.order)}</Table.Th>
              <Table.Th>{say(words.desk.state)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data.rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Section>
  );
}

function Row({ row }: { row: InboxRow }) {
  const { say } = useReader();
  return (
    <Table.Tr>
      <Table.Td>
        <Instant at={row.receivedAt} />
      </Table.Td>
      <Table.Td>{row.profile}</Table.Td>
      <Table.Td>{row.fact && say(words.desk.facts[row.fact])}</Table.Td>
      <Table.Td>{row.order !== undefined && <Link href={`/orders/${row.order}`}>{row.order}</Link>}</Table.Td>
      <Table.Td>
        <Badge
          variant="light"
          tt="none"
          color={row.state === 'routed' ? 'green' : row.state === 'parked' ? 'orange' : 'blue'}
        >
          {say(words.desk.rowStates[row.state])}
        </Badge>
        {row.why !== undefined && (
          <Text size="xs" c="dimmed">
            {row.why}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
