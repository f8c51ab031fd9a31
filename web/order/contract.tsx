/** The contract by its four modules, with how far it is filled in (R52, R53). */
import { Badge, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { balanceWords, fieldWords, methodWords, moduleWords, transportWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Listing } from '../listing';
import { Facts, Money, Section } from '../parts';
import { words } from '../words';
import { fieldName } from '../../domain/field-names';

const modules = ['product', 'shipping', 'payment', 'contacts'] as const;

export function Contract({ page: { view } }: { page: OrderPageAnswer }) {
  const { say, pair } = useReader();
  const { percent, missing } = view.completeness;
  return (
    <Section
      title={say(words.order.contract)}
      aside={
        <Badge variant="light" color={percent === 100 ? 'green' : 'orange'} tt="none" size="lg">
          {say(words.order.complete(percent))}
        </Badge>
      }
    >
      <Stack gap="lg">
        {percent < 100 && (
          <div>
            <Progress value={percent} aria-label={say(words.order.complete(percent))} color="orange" />
            <Text size="sm" c="dimmed" mt={6}>
              {pair(say(words.order.missing), '')} <Missing paths={missing} />
            </Text>
          </div>
        )}
        <Module name="product">
          <Goods view={view} />
        </Module>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          {modules.slice(1).map((name) => (
            <Module key={name} name={name}>
              <ModuleFacts name={name} view={view} />
            </Module>
          ))}
        </SimpleGrid>
      </Stack>
    </Section>
  );
}

function Missing({ paths }: { paths: string[] }) {
  const { say, list } = useReader();
  return <>{list(paths.map((path) => say(fieldName(path))))}</>;
}

function Module({ name, children }: { name: (typeof modules)[number]; children: React.ReactNode }) {
  const { say } = useReader();
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {say(moduleWords[name])}
      </Title>
      {children}
    </div>
  );
}

type View = OrderPageAnswer['view'];

function Goods({ view }: { view: View }) {
  const { say, quantity, pair } = useReader();
  const { lines = [], inspectionStandard } = view.contract.product ?? {};
  const dash = '—';
  return (
    <>
      <Listing
        label={say(fieldWords.lines)}
        rows={lines}
        keyOf={(_, place) => String(place)}
        columns={[
          { head: fieldWords.lines, cell: ({ name }) => name ?? dash },
          { head: fieldWords.hsCode, cell: ({ hsCode }) => <span className="figures">{hsCode ?? dash}</span> },
          {
            head: fieldWords.quantity,
            cell: (line) => (
              <span className="figures">
                {line.quantity === undefined ? `${dash} ${line.unit ?? ''}` : quantity(line.quantity, line.unit)}
              </span>
            ),
            isFigure: true,
          },
          {
            head: fieldWords.unitPrice,
            cell: ({ unitPrice }) => (unitPrice ? <Money of={unitPrice} /> : dash),
            isFigure: true,
          },
          {
            head: words.order.goodsTotal,
            cell: ({ unitPrice, quantity }) =>
              unitPrice && quantity !== undefined ? (
                <Money of={{ ...unitPrice, amount: unitPrice.amount * quantity }} />
              ) : (
                dash
              ),
            isFigure: true,
          },
        ]}
      />
      <Group justify="flex-end" gap="lg" mt="xs">
        {view.contract.shipping?.freight && (
          <Text size="sm">
            {say(fieldWords.freight)} <Money of={view.contract.shipping.freight} />
          </Text>
        )}
        {view.total && (
          <Text fw={700}>
            {say(words.order.total)} <Money of={view.total} />
          </Text>
        )}
      </Group>
      {inspectionStandard !== undefined && (
        <Text size="sm" mt="xs">
          {pair(say(fieldWords.inspectionStandard), inspectionStandard)}
        </Text>
      )}
    </>
  );
}

function ModuleFacts({ name, view }: { name: (typeof modules)[number]; view: View }) {
  const { say, day, country, list } = useReader();
  const { shipping, payment, contacts } = view.contract;
  if (name === 'shipping')
    return (
      <Facts
        of={[
          shipping?.incoterm && [fieldWords.incoterm, shipping.incoterm],
          shipping?.method && [fieldWords.method, say(transportWords[shipping.method])],
          shipping?.destination !== undefined && [fieldWords.destination, country(shipping.destination)],
          shipping?.consignee !== undefined && [fieldWords.consignee, shipping.consignee],
          shipping?.shipBy !== undefined && [fieldWords.shipBy, day(shipping.shipBy)],
        ]}
      />
    );
  if (name === 'payment')
    return (
      <Facts
        of={[
          payment?.advancePercent !== undefined && [
            fieldWords.advancePercent,
            <>
              {payment.advancePercent} %{' '}
              {view.advance && (
                <>
                  · <Money of={view.advance} />
                </>
              )}
            </>,
          ],
          payment?.methods && [fieldWords.methods, list(payment.methods.map((method) => say(methodWords[method])))],
          [fieldWords.balance, say(balanceWords[payment?.balance ?? 'after-shipment'])],
        ]}
      />
    );
  const person = (of: { name?: string; email?: string; phone?: string } | undefined) =>
    of && [of.name, of.email, of.phone].filter(Boolean).join(' · ');
  return (
    <Facts
      of={[
        [fieldWords.supplier, person(contacts?.supplier) || '—'],
        [fieldWords.buyer, person(contacts?.buyer) || '—'],
      ]}
    />
  );
}
