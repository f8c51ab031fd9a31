/** An order: where it stands, what the reader can do now, and everything that the two agreed on and that has happened. */
import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconFileTypePdf } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { roleWords, schemeWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Failed, Facts, Loading, Section, StatusBadge, usePageTitle } from '../parts';
import { Actions } from '../order/actions';
import { Awaited } from '../order/awaited';
import { Confirmations } from '../order/confirmations';
import { Contract } from '../order/contract';
import { Delivery } from '../order/delivery';
import { Disputes } from '../order/disputes';
import { Milestones } from '../order/milestones';
import { Payment } from '../order/payment';
import { orderQuery } from '../order/query';
import { Reviews } from '../order/reviews';
import { Revisions } from '../order/revisions';
import { Timeline } from '../order/timeline';
import { words } from '../words';

export default function Order({ id }: { id: string }) {
  const { say } = useReader();
  usePageTitle(id);
  const { data, error, refetch } = useQuery(orderQuery(id));
  return (
    <Stack gap="md">
      <Anchor component={Link} href="/orders" size="sm">
        <Group gap={4}>
          <IconArrowLeft size={16} aria-hidden />
          {say(words.order.back)}
        </Group>
      </Anchor>
      {error ? <Failed fault={error} again={() => void refetch()} /> : data ? <Body page={data} /> : <Loading />}
    </Stack>
  );
}

function Body({ page }: { page: OrderPageAnswer }) {
  const { view } = page;
  // While the two negotiate, the contract is what they look at.
  const isAgreed = view.confirmedAt !== undefined;
  return (
    <>
      <Head page={page} />
      <Milestones view={view} />
      <Cover page={page} />
      <div className="order-grid">
        <div className="actions">
          <Actions page={page} />
        </div>
        <Stack gap="md" miw={0} className="main">
          <Disputes page={page} />
          {isAgreed && <Road page={page} />}
          <Contract page={page} />
          <Confirmations page={page} />
          <Revisions page={page} />
          {!isAgreed && <Road page={page} />}
          <Reviews page={page} />
        </Stack>
        <Stack gap="md" miw={0} className="side">
          <Parties page={page} />
          <Timeline page={page} />
        </Stack>
      </div>
    </>
  );
}

const Road = ({ page }: { page: OrderPageAnswer }) => (
  <>
    <Payment page={page} />
    <Delivery page={page} />
  </>
);

function Head({ page: { view } }: { page: OrderPageAnswer }) {
  const { say, money, language } = useReader();
  return (
    <Group justify="space-between" gap="sm">
      <div>
        <Group gap="sm">
          <Title order={1} size="h2" className="breakable">
            {view.id}
          </Title>
          <StatusBadge status={view.status} />
        </Group>
        <Text c="dimmed">
          <Awaited view={view} />
        </Text>
      </div>
      <Group gap="sm">
        {view.total && (
          <Text size="xl" fw={700} className="figures">
            {money(view.total)}
          </Text>
        )}
        <Button
          component="a"
          href={`/portal/orders/${view.id}/proforma.pdf?language=${language}`}
          variant="default"
          leftSection={<IconFileTypePdf size={18} aria-hidden />}
        >
          {say(words.order.proforma)}
        </Button>
      </Group>
    </Group>
  );
}

/** R2: what the platform guarantees, or would, said before anybody is bound. */
function Cover({ page: { view } }: { page: OrderPageAnswer }) {
  const { say, money } = useReader();
  const reserved = view.cover?.reserved;
  // What is over holds nobody any more; the history tells what was guaranteed.
  if (view.status === 'completed' && reserved?.amount === 0) return null;
  if (reserved) {
    const isPart = view.total && reserved.amount < view.total.amount;
    return (
      <Alert color={isPart ? 'yellow' : 'green'} title={say(words.order.guaranteed(money(reserved)))}>
        {isPart && say(words.order.coverWasShort(money(view.total ?? reserved)))}
      </Alert>
    );
  }
  const estimate = view.coverEstimate;
  if (!estimate || view.confirmedAt) return null;
  const isShort = view.total && estimate.amount < view.total.amount;
  return (
    <Alert color={isShort ? 'yellow' : 'blue'} title={say(words.order.wouldGuarantee(money(estimate)))}>
      {isShort && say(words.order.coverShort)}
    </Alert>
  );
}

const Party = ({ name, place }: { name: string; place: string }) => (
  <>
    {name}
    <Text size="sm" c="dimmed">
      {place}
    </Text>
  </>
);

function Parties({ page: { view, supplier, buyer, labels } }: { page: OrderPageAnswer }) {
  const { say, nameOf, country, language, list } = useReader();
  const place = (party: typeof supplier) => list([party.city ?? '', country(party.country)].filter(Boolean));
  return (
    <Section title={`${say(roleWords.supplier)} & ${say(roleWords.buyer)}`}>
      <Facts
        of={[
          [roleWords.supplier, <Party name={nameOf(supplier)} place={place(supplier)} />],
          [roleWords.buyer, <Party name={nameOf(buyer)} place={place(buyer)} />],
          [words.order.scheme, say(schemeWords[view.scheme])],
          view.source.reference !== undefined && [words.order.source, view.source.reference],
          labels.length > 0 && [words.order.reputation, labels.map((label) => label[language]).join(' · ')],
        ]}
      />
    </Section>
  );
}
