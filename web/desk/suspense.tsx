/** Money in suspense: one operator says what is to become of it, another approves (R29, R30). */
import { useState } from 'react';
import { Badge, Button, Card, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SuspenseItem } from '../../domain/suspense';
import { methodWords, suspenseStateWords, suspenseWords } from '../../domain/vocabulary';
import { call } from '../api';
import { useReader } from '../language';
import { Empty, Failed, Facts, Instant, Loading, Money, OrderLink } from '../parts';
import { useMe } from '../session';
import { words } from '../words';
import { useDoing } from './use-doing';

export function SuspenseDesk() {
  const { say } = useReader();
  const list = useQuery({ queryKey: ['suspense'], queryFn: () => call<{ items: SuspenseItem[] }>('/v1/suspense') });
  if (list.error) return <Failed fault={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  if (list.data.items.length === 0) return <Empty>{say(words.desk.noSuspense)}</Empty>;
  return (
    <Stack gap="sm">
      {list.data.items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </Stack>
  );
}

function Item({ item }: { item: SuspenseItem }) {
  const { say } = useReader();
  const me = useMe();
  const doing = useDoing();
  const { proposal } = item;
  const send = (what: 'approve' | 'disapprove') =>
    doing.mutate({ path: `/v1/suspense/${item.id}/${what}`, body: { proposal: proposal?.number } });
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb="xs">
        <Text fw={700} size="lg">
          <Money of={item.amount} />
        </Text>
        <Badge variant="light" color={item.state === 'open' ? 'orange' : 'blue'} tt="none" size="lg">
          {say(suspenseStateWords[item.state])}
        </Badge>
      </Group>
      <Facts
        of={[
          [words.desk.because, say(suspenseWords[item.reason])],
          [words.pay.account, item.account],
          [words.desk.received, <Instant at={item.at} />],
          item.method && [words.pay.method, say(methodWords[item.method])],
          item.payer && [words.desk.payer, `${item.payer.name}, ${item.payer.account}`],
          item.remittance !== undefined && [words.desk.remittance, item.remittance],
          item.order !== undefined && [words.list.order, <OrderLink id={item.order} size="sm" />],
          proposal && [
            words.desk.proposal,
            `${say(words.desk.proposedBy(proposal.by))} · ${say(proposal.action.kind === 'allocate' ? words.desk.allocate : words.desk.giveBack)}${proposal.action.kind === 'allocate' ? ` ${proposal.action.order}` : ` ${proposal.action.payee.name}, ${proposal.action.payee.account}`} · ${proposal.why}`,
          ],
        ]}
      />
      {doing.error && <Failed fault={doing.error} />}
      {proposal && item.state === 'proposed' && (
        <Group mt="sm">
          {proposal.by === me.member ? (
            <Text size="sm" c="dimmed">
              {say(words.desk.waitsForSecond)}
            </Text>
          ) : (
            <Button loading={doing.isPending} onClick={() => send('approve')}>
              {say(words.desk.approve)}
            </Button>
          )}
          <Button variant="default" onClick={() => send('disapprove')}>
            {say(words.desk.disapprove)}
          </Button>
        </Group>
      )}
      {item.state === 'open' && <Propose item={item} />}
    </Card>
  );
}

function Propose({ item }: { item: SuspenseItem }) {
  const { say } = useReader();
  const doing = useDoing();
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState('allocate');
  const [order, setOrder] = useState(item.order ?? '');
  const [name, setName] = useState(item.payer?.name ?? '');
  const [account, setAccount] = useState(item.payer?.account ?? '');
  const [why, setWhy] = useState('');
  if (!isOpen)
    return (
      <Group mt="sm">
        <Button variant="default" onClick={() => setOpen(true)}>
          {say(words.desk.decide)}
        </Button>
      </Group>
    );
  const action = kind === 'allocate' ? { kind, order } : { kind, payee: { name, account } };
  const isFilled = why !== '' && (kind === 'allocate' ? order !== '' : name !== '' && account !== '');
  return (
    <Stack mt="sm" gap="sm">
      <Radio.Group value={kind} onChange={setKind} label={say(words.desk.whatBecomes)}>
        <Group mt="xs">
          <Radio value="allocate" label={say(words.desk.allocate)} />
          <Radio value="return" label={say(words.desk.giveBack)} />
        </Group>
      </Radio.Group>
      {kind === 'allocate' ? (
        <TextInput
          label={say(words.desk.orderNumber)}
          value={order}
          onChange={(e) => setOrder(e.currentTarget.value)}
        />
      ) : (
        <Group grow>
          <TextInput label={say(words.desk.payer)} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <TextInput
            label={say(words.desk.payeeAccount)}
            value={account}
            onChange={(e) => setAccount(e.currentTarget.value)}
          />
        </Group>
      )}
      <Textarea
        label={say(words.desk.why)}
        value={why}
        onChange={(e) => setWhy(e.currentTarget.value)}
        maxLength={500}
      />
      {doing.error && <Failed fault={doing.error} />}
      <Group>
        <Button
          disabled={!isFilled}
          loading={doing.isPending}
          onClick={() => doing.mutate({ path: `/v1/suspense/${item.id}/propose`, body: { action, why } })}
        >
          {say(words.desk.propose)}
        </Button>
      </Group>
    </Stack>
  );
}
