/** What each revision changed, module by module, before and after (R52). */
import { Accordion, Badge, Group, Table, Text } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Change, Revision } from '../../domain/revisions';
import { balanceWords, methodWords, moduleWords, roleWords, transportWords, type Texts } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Section } from '../parts';
import { words } from '../words';
import { fieldName } from '../../domain/field-names';

export function Revisions({ page: { revisions } }: { page: OrderPageAnswer }) {
  const { say, at } = useReader();
  if (revisions.length < 2) return null;
  const newest = revisions.at(-1)?.revision ?? 0;
  return (
    <Section title={say(words.order.revisions)}>
      <Accordion variant="separated" order={3} defaultValue={String(newest)}>
        {revisions.toReversed().map((revision) => (
          <Accordion.Item key={revision.revision} value={String(revision.revision)}>
            <Accordion.Control>
              <Group gap="xs">
                <Text span fw={600}>
                  {say(words.order.revision(revision.revision))}
                </Text>
                <Text span size="sm" c="dimmed">
                  {say(words.order[revision.how])} · {say(roleWords[revision.by])} · {at(revision.at)}
                </Text>
                {revision.isCounterOffer && (
                  <Badge variant="light" color="violet" tt="none" component="span">
                    {say(words.order.counterOffer)}
                  </Badge>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Changes revision={revision} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}

function Changes({ revision: { modules, declined } }: { revision: Revision }) {
  const { say, pair } = useReader();
  return (
    <>
      {modules.map(({ module, changes }) => (
        <Table key={module} verticalSpacing={4} mb="sm" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say(moduleWords[module])}</Table.Th>
              <Table.Th>{say(words.order.before)}</Table.Th>
              <Table.Th>{say(words.order.after)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map((change) => (
              <Row key={change.path} change={change} />
            ))}
          </Table.Tbody>
        </Table>
      ))}
      {declined && <Text size="sm">{pair(say(words.order.declined), declined.reason)}</Text>}
    </>
  );
}

function Row({ change: { path, before, after } }: { change: Change }) {
  const { say } = useReader();
  return (
    <Table.Tr>
      <Table.Td>{say(fieldName(path))}</Table.Td>
      <Table.Td className="breakable">
        <Text size="sm" span c="dimmed" className={before === undefined ? '' : 'diff-before'}>
          <Value of={before} field={path} />
        </Text>
      </Table.Td>
      <Table.Td className="breakable">
        <Value of={after} field={path} />
      </Table.Td>
    </Table.Tr>
  );
}

const namedValues: Readonly<Record<string, Texts>> = { ...methodWords, ...transportWords, ...balanceWords };

function Value({ of, field }: { of: unknown; field: string }) {
  const { say, money, number, day, country, pair } = useReader();
  if (of === undefined || of === null) return '—';
  if (typeof of === 'number') return field.endsWith('Percent') ? `${number(of)} %` : number(of);
  if (typeof of === 'string' && field.endsWith('destination')) return country(of);
  if (typeof of === 'string')
    return /^\d{4}-\d\d-\d\d$/.test(of) ? day(of) : namedValues[of] ? say(namedValues[of]) : of;
  if (typeof of === 'object' && 'amount' in of && 'currency' in of) return money(of as Parameters<typeof money>[0]);
  if (Array.isArray(of))
    return (of as unknown[]).map((one, index) => (
      <div key={index}>
        <Value of={one} field={field} />
      </div>
    ));
  return Object.entries(of as Record<string, unknown>).map(([name, value]) => (
    <div key={name}>
      {pair(say(fieldName(name)), '')} <Value of={value} field={name} />
    </div>
  ));
}
