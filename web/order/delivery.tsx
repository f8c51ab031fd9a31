/** “Delivery details”: the agreed date, each export service order and what customs says, and what was declared (R32–R34, R49). */
import { Alert, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { customsWords, fieldWords } from '../../domain/vocabulary';
import { wording } from '../../domain/wording';
import { useReader } from '../language';
import { Listing } from '../listing';
import { Deadline, Empty, Facts, Instant, Money, Section } from '../parts';
import { words } from '../words';
import { OpenAction } from './actions';

type Props = { page: OrderPageAnswer };

export function Delivery({ page }: Props) {
  const { say, day } = useReader();
  const { view, policy } = page;
  const { shipBy } = view.contract.shipping ?? {};
  return (
    <Section id="delivery" title={say(wording.delivery)}>
      <Stack gap="md">
        <Facts
          of={[
            shipBy !== undefined && [words.delivery.agreed, day(shipBy)],
            view.shippingDate !== undefined && [
              words.delivery.shipped,
              <Group gap="xs" component="span">
                {day(view.shippingDate)}
                <Badge variant="light" color={view.shippedOnTime ? 'green' : 'red'} tt="none">
                  {say(view.shippedOnTime ? words.delivery.onTime : words.delivery.late)}
                </Badge>
              </Group>,
            ],
            view.answerBy !== undefined && !view.answer && [words.delivery.answerBy, <Deadline at={view.answerBy} />],
            view.answer && [
              words.delivery.answered,
              say(view.answer.asAgreed ? words.delivery.asAgreed : words.delivery.notAsAgreed),
            ],
          ]}
        />
        {policy.export === 'onetouch' ? <Exports page={page} /> : <Carriage page={page} />}
        <Compare page={page} />
        <Inspections page={page} />
        {page.actions.some(({ name }) => name === 'answerShipment') && (
          <Alert color="blue" title={say(words.delivery.question)}>
            <OpenAction page={page} name="answerShipment" />
          </Alert>
        )}
      </Stack>
    </Section>
  );
}

function Exports({ page: { view } }: Props) {
  const { say } = useReader();
  if (!view.advanceIn && view.exports.length === 0) return <Empty>{say(words.delivery.afterAdvance)}</Empty>;
  return (
    <div>
      <Group gap="xs" mb={6}>
        <Title order={3} size="h5">
          {say(words.delivery.exports)}
        </Title>
        {view.exports.length > 0 && (
          <Badge variant="light" color={view.exportSetComplete ? 'green' : 'gray'} tt="none">
            {say(view.exportSetComplete ? words.delivery.setComplete : words.delivery.setOpen)}
          </Badge>
        )}
      </Group>
      {view.exports.length === 0 && <Empty>{say(words.delivery.noExports)}</Empty>}
      <Stack gap="sm">
        {view.exports.map((one) => (
          <Export key={one.exportOrder} of={one} />
        ))}
      </Stack>
    </div>
  );
}

const customsColours = { released: 'green', held: 'orange', returned: 'orange', revoked: 'red', cancelled: 'gray' };

function Export({ of }: { of: OrderPageAnswer['view']['exports'][number] }) {
  const { say, quantity, pair } = useReader();
  const { customs, cancelled } = of;
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>
          {of.exportOrder}
          <Text span c="dimmed" fw={400}>
            {' '}
            · {say(words.delivery.declaration)} {of.declaration}
          </Text>
        </Text>
        <Badge variant="light" color={cancelled ? 'gray' : customs ? customsColours[customs.word] : 'blue'} tt="none">
          {say(cancelled ? words.delivery.cancelled : customs ? customsWords[customs.word] : words.delivery.waiting)}
        </Badge>
      </Group>
      {customs && (
        <Text size="sm">
          {pair(say(words.delivery.customs), '')} <Instant at={customs.at} /> {customs.note}
        </Text>
      )}
      {of.forwarder && <Text size="sm">{pair(say(words.delivery.forwarder), of.forwarder.name)}</Text>}
      <Listing
        label={`${say(fieldWords.lines)} ${of.exportOrder}`}
        rows={of.goods}
        keyOf={(_, place) => String(place)}
        columns={[
          { head: fieldWords.lines, cell: ({ name }) => name },
          { head: fieldWords.hsCode, cell: ({ hsCode }) => <span className="figures">{hsCode}</span> },
          {
            head: fieldWords.quantity,
            cell: (line) => <span className="figures">{quantity(line.quantity, line.unit)}</span>,
            isFigure: true,
          },
          { head: words.delivery.declaredValue, cell: ({ value }) => <Money of={value} />, isFigure: true },
        ]}
      />
    </Card>
  );
}

function Carriage({ page: { view } }: Props) {
  const { say } = useReader();
  const { shipment } = view;
  if (!shipment) return <Empty>{say(words.delivery.afterAdvance)}</Empty>;
  return (
    <Facts
      of={[
        [words.delivery.carrier, shipment.carrier],
        [words.delivery.tracking, shipment.tracking],
        shipment.shippedAt !== undefined && [words.delivery.taken, <Instant at={shipment.shippedAt} />],
        shipment.deliveredAt !== undefined && [words.delivery.delivered, <Instant at={shipment.deliveredAt} />],
      ]}
    />
  );
}

/** R34: what was declared beside what was agreed. */
function Compare({ page: { view } }: Props) {
  const { say } = useReader();
  if (view.exports.every(({ cancelled }) => cancelled)) return null;
  if (view.differences.length === 0) return <Alert color="green" title={say(words.delivery.agree)} variant="light" />;
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {say(words.delivery.compare)}
      </Title>
      <Listing
        label={say(words.delivery.compare)}
        rows={view.differences}
        keyOf={({ hsCode, unit }) => `${hsCode} ${unit}`}
        columns={[
          { head: fieldWords.hsCode, cell: ({ hsCode }) => <span className="figures">{hsCode}</span> },
          { head: words.delivery.agreedGoods, cell: (line) => <Lot of={line.agreed} line={line} />, isFigure: true },
          {
            head: words.delivery.declaredGoods,
            cell: (line) => <Lot of={line.declared} line={line} />,
            isFigure: true,
          },
        ]}
      />
    </div>
  );
}

type Difference = OrderPageAnswer['view']['differences'][number];

/** So many, worth so much. */
function Lot({ of, line: { unit, currency } }: { of: Difference['agreed']; line: Difference }) {
  const { quantity } = useReader();
  return (
    <>
      {quantity(of.quantity, unit)}
      <br />
      <Money of={{ amount: of.value, currency }} />
    </>
  );
}

function Inspections({ page: { view } }: Props) {
  const { say } = useReader();
  if (view.inspections.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {say(words.delivery.inspections)}
      </Title>
      {view.inspections.map(({ inspection, inspector, report }) => (
        <Group key={inspection} gap="xs">
          <Text size="sm">{inspector}</Text>
          {report ? (
            <>
              <Badge variant="light" color={report.passed ? 'green' : 'red'} tt="none">
                {say(report.passed ? words.delivery.passed : words.delivery.failed)}
              </Badge>
              <a href={report.report} rel="noreferrer noopener" target="_blank">
                {say(words.delivery.report)}
              </a>
            </>
          ) : (
            <Text size="sm" c="dimmed">
              {say(words.delivery.noReport)}
            </Text>
          )}
        </Group>
      ))}
    </div>
  );
}
