/** “Go to Pay”: how to pay and what it costs on top, what has arrived, what is due and by when (R26, R29–R31, R47–R49). */
import {
  ActionIcon,
  Alert,
  Badge,
  Card,
  CopyButton,
  Group,
  Progress,
  SimpleGrid,
  Stack,
  Text,
  Title,
  Tooltip,
} from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Money as Amount } from '../../domain/money';
import { methodWords, reasonWords, refundWords, suspenseWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Listing } from '../listing';
import { Deadline, Empty, Facts, Instant, Money, Section } from '../parts';
import { useMe } from '../session';
import { words } from '../words';
import { OpenAction } from './actions';

type Props = { page: OrderPageAnswer };

export function Payment({ page }: Props) {
  const { say } = useReader();
  const { role } = useMe();
  const { view } = page;
  if (!view.confirmedAt && view.payments.length === 0)
    return (
      <Section id="payment" title={say(words.pay.titleSupplier)}>
        <Empty>{say(words.pay.afterConfirm)}</Empty>
      </Section>
    );
  return (
    <Section id="payment" title={say(role === 'buyer' && isPayable(view) ? words.pay.title : words.pay.titleSupplier)}>
      <Stack gap="lg">
        <Sums page={page} />
        {isPayable(view) && role !== 'platform' && <Ways page={page} />}
        <Arrived page={page} />
        <Refunds page={page} />
      </Stack>
    </Section>
  );
}

type View = OrderPageAnswer['view'];

const isPayable = ({ outstanding, payTo, endedAt, status }: View): boolean =>
  (outstanding?.amount ?? 0) > 0 &&
  payTo !== undefined &&
  endedAt === undefined &&
  !['cancelled', 'refunded', 'closed-unpaid'].includes(status);

/** What the buyer has to pay now: what is missing of the advance, else all that is outstanding. */
function dueNow({ outstanding, advance, paid, advanceIn }: View): Amount | undefined {
  if (!outstanding) return undefined;
  if (advanceIn || !advance) return outstanding;
  const amount = Math.max(0, advance.amount - (paid?.amount ?? 0));
  return { ...advance, amount: Math.min(amount, outstanding.amount) };
}

function Sums({ page: { view } }: Props) {
  const { say } = useReader();
  const { total, outstanding, purse } = view;
  if (!total || !outstanding) return null;
  const arrived = Math.max(0, total.amount - outstanding.amount);
  const amount = (minor: number) => ({ ...total, amount: minor });
  const due = dueNow(view);
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Sum label={say(words.order.total)} of={total} />
        <Sum label={say(words.pay.paid)} of={amount(arrived)} />
        <Sum label={say(words.pay.outstanding)} of={outstanding} strong={outstanding.amount > 0} />
      </SimpleGrid>
      <Progress value={(arrived * 100) / total.amount} aria-label={say(words.pay.paid)} color="green" />
      <Facts
        of={[
          isPayable(view) && due && [words.pay.dueNow, <Money of={due} />],
          view.status === 'awaiting-payment' &&
            view.payBy !== undefined && [words.pay.deadline, <Deadline at={view.payBy} />],
          purse.order > 0 && [words.pay.waiting, <Money of={amount(purse.order)} />],
          purse.hold > 0 && [words.pay.held, <Money of={amount(purse.hold)} />],
          purse.supplier > 0 && [words.pay.withSupplier, <Money of={amount(purse.supplier)} />],
        ]}
      />
      {view.paymentLapsed && view.status === 'awaiting-payment' && <Alert color="orange" title={say(words.pay.late)} />}
    </>
  );
}

function Sum({ label, of, strong }: { label: string; of: Amount; strong?: boolean }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="lg" fw={strong ? 700 : 500}>
        <Money of={of} />
      </Text>
    </div>
  );
}

function Ways({ page }: Props) {
  const { say, pair } = useReader();
  const { view, policy } = page;
  const offered = policy.methods.filter(({ method }) => view.contract.payment?.methods?.includes(method));
  const online = offered.filter(({ channel }) => channel === 'processor');
  return (
    <SimpleGrid cols={{ base: 1, sm: online.length > 0 ? 2 : 1 }}>
      <Card withBorder padding="md">
        <Title order={3} size="h5" mb="xs">
          {say(words.pay.byTransfer)}
        </Title>
        <Group gap="xs">
          <Text size="xl" fw={700} className="figures">
            {view.payTo}
          </Text>
          <Copy value={view.payTo ?? ''} />
        </Group>
        <Text size="sm" c="dimmed">
          {say(words.pay.accountOf)}
        </Text>
        <Group gap="xs" mt="sm">
          <Text size="sm">
            {pair(say(words.pay.reference), '')} <b>{view.id}</b>
          </Text>
          <Copy value={view.id} />
        </Group>
      </Card>
      {online.length > 0 && (
        <Card withBorder padding="md">
          <Title order={3} size="h5" mb="xs">
            {say(words.pay.online)}
          </Title>
          <Stack gap={6}>
            {online.map(({ method, surchargeBasisPoints, cap }) => (
              <Group key={method} justify="space-between" gap="xs">
                <Text size="sm">{say(methodWords[method])}</Text>
                <Text size="sm" c="dimmed">
                  {surchargeBasisPoints > 0 ? `+ ${String(surchargeBasisPoints / 100)} %` : say(words.pay.noSurcharge)}
                  {cap && (
                    <>
                      {' '}
                      · {say(words.pay.upTo)} <Money of={cap} />
                    </>
                  )}
                </Text>
              </Group>
            ))}
            <OpenAction page={page} name="pay" />
          </Stack>
        </Card>
      )}
    </SimpleGrid>
  );
}

function Copy({ value }: { value: string }) {
  const { say, pair } = useReader();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={say(copied ? words.pay.copied : words.pay.copy)}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={pair(say(words.pay.copy), value)}
          >
            {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

function Arrived({ page: { view } }: Props) {
  const { say } = useReader();
  const open = view.charges.filter(({ state }) => state !== 'captured');
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {say(words.pay.payments)}
      </Title>
      {view.payments.length + open.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say(words.pay.nothing)}
        </Text>
      ) : (
        <Listing
          label={say(words.pay.payments)}
          rows={[...view.payments, ...open]}
          keyOf={(_, place) => String(place)}
          columns={[
            { head: words.money.when, cell: (one) => ('at' in one ? <Instant at={one.at} /> : say(words.pay.charge)) },
            { head: words.pay.method, cell: ({ method }) => say(methodWords[method]) },
            { head: words.money.state, cell: (one) => <Standing of={one} /> },
            { head: words.action.amount, cell: ({ amount }) => <Money of={amount} />, isFigure: true },
          ]}
        />
      )}
    </div>
  );
}

type Arrival = OrderPageAnswer['view']['payments'][number] | OrderPageAnswer['view']['charges'][number];

/** What became of a payment, or of a charge that has not brought one yet. */
function Standing({ of }: { of: Arrival }) {
  const { say, pair } = useReader();
  if ('state' in of)
    return (
      <>
        <Badge color={of.state === 'declined' ? 'red' : 'blue'} variant="light" tt="none">
          {say(words.pay.chargeState[of.state])}
        </Badge>
        {of.reason !== undefined && (
          <Text size="xs" c="dimmed" mt={2}>
            {say(reasonWords(of.reason))}
          </Text>
        )}
      </>
    );
  const badge =
    of.reversed !== undefined
      ? ({ color: 'red', text: say(words.pay.takenBack) } as const)
      : of.suspended
        ? ({ color: 'orange', text: pair(say(words.pay.suspended), say(suspenseWords[of.suspended])) } as const)
        : ({ color: 'green', text: say(words.pay.credited) } as const);
  return (
    <Badge color={badge.color} variant="light" tt="none">
      {badge.text}
    </Badge>
  );
}

function Refunds({ page: { view } }: Props) {
  const { say } = useReader();
  if (view.refunds.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {say(words.pay.refunds)}
      </Title>
      <Listing
        label={say(words.pay.refunds)}
        rows={view.refunds}
        keyOf={({ id }) => String(id)}
        columns={[
          { head: words.action.reason, cell: ({ why }) => <span className="sentence">{say(refundWords[why])}</span> },
          {
            head: words.money.state,
            cell: ({ state }) => (
              <Badge variant="light" color={state === 'paid' ? 'green' : 'orange'} tt="none">
                {say(words.pay.refundState[state])}
              </Badge>
            ),
          },
          { head: words.action.amount, cell: ({ amount }) => <Money of={amount} />, isFigure: true },
        ]}
      />
    </div>
  );
}
