/** The inbox: what feeds have delivered, and what became of each thing in it; what waits can be tried again, or closed. */
import { Badge, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { InboxRow } from '../../domain/inbox';
import { factWords, rowOutcomeWords, rowReason, rowStateWords } from '../../domain/inbox-words';
import { roleWords, type Texts } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Listing, type Column } from '../listing';
import { Empty, Failed, Instant, Loading, OrderLink, Section } from '../parts';
import { words } from '../words';
import { CloseRow } from './close-row';
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
      title={say(words.desk.delivered)}
      aside={
        <Group gap="xs">
          <NativeSelect
            aria-label={say(words.desk.state)}
            value={state}
            onChange={(event) => setParams(event.currentTarget.value ? { state: event.currentTarget.value } : {})}
            data={[
              { value: '', label: say(words.list.all) },
              ...states.map((value) => ({ value, label: say(rowStateWords[value]) })),
            ]}
          />
          <Button
            variant="default"
            loading={doing.isPending}
            onClick={() => doing.mutate({ path: '/v1/inbox/replay', body: {} })}
          >
            {say(words.desk.replayAll)}
          </Button>
        </Group>
      }
    >
      {(list.error ?? doing.error) ? (
        <Failed fault={list.error ?? doing.error} again={() => void list.refetch()} />
      ) : !list.data ? (
        <Loading />
      ) : list.data.rows.length === 0 ? (
        <Empty>{say(words.desk.inboxEmpty)}</Empty>
      ) : (
        <Listing label={say(words.nav.inbox)} rows={list.data.rows} keyOf={({ id }) => id} columns={columns} />
      )}
    </Section>
  );
}

const columns: Column<InboxRow>[] = [
  { head: words.desk.received, cell: ({ receivedAt }) => <Instant at={receivedAt} /> },
  { head: words.desk.source, cell: (row) => <Source of={row} /> },
  { head: words.desk.fact, cell: ({ fact }) => fact && <Said of={factWords[fact]} /> },
  {
    head: words.list.order,
    cell: ({ order }) => order !== undefined && <OrderLink id={order} size="sm" className="figures" />,
  },
  { head: words.desk.state, cell: (row) => <State of={row} /> },
];

const Said = ({ of }: { of: Texts }) => useReader().say(of);

/** Who sent it, in what form, and in which file it stands. */
function Source({ of: { kind, profile, at } }: { of: InboxRow }) {
  const { say } = useReader();
  return (
    <>
      {say(roleWords[kind])} · {profile}
      {at && (
        <Text size="xs" c="dimmed" className="breakable">
          {at.file}
        </Text>
      )}
    </>
  );
}

const colours: Record<InboxRow['state'], string> = {
  pending: 'blue',
  parked: 'orange',
  routed: 'green',
  dead: 'red',
  ignored: 'gray',
};

/** What became of it, and why; the feed's own words, which are English, below. */
function State({ of: row }: { of: InboxRow }) {
  const { say } = useReader();
  const { state, outcome, why, closed } = row;
  const reason = rowReason(row);
  return (
    <>
      <Badge variant="light" tt="none" color={outcome === 'refused' ? 'red' : colours[state]}>
        {say(outcome ? rowOutcomeWords[outcome] : rowStateWords[state])}
      </Badge>
      {reason && (
        <Text size="sm" mt={2}>
          {say(reason)}
        </Text>
      )}
      {why !== undefined && state !== 'parked' && (
        <Text size="xs" c="dimmed" lang="en" className="breakable">
          {why}
        </Text>
      )}
      {closed && (
        <Text size="xs" c="dimmed" className="breakable">
          {say(words.desk.closedBy(closed.by, closed.why))}
        </Text>
      )}
      {state === 'dead' && <CloseRow row={row} />}
    </>
  );
}
