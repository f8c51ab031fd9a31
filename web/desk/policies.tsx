/** Every version of every policy: what is in force from when (R56). */
import { Accordion, Code, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api';
import { useReader } from '../language';
import { Failed, Loading } from '../parts';
import { words } from '../words';

interface Policy {
  id: string;
  effectiveFrom: string;
}

/** Rules are in force from a date in China on; `sv` writes it as ISO 8601 does. */
const dateInChina = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' });

export function Policies() {
  const { say, day } = useReader();
  const list = useQuery({ queryKey: ['policies'], queryFn: () => call<{ items: Policy[] }>('/v1/policies') });
  if (list.error) return <Failed fault={list.error} again={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  return (
    <Accordion variant="separated" order={2}>
      {list.data.items.map((policy) => (
        <Accordion.Item key={policy.id} value={policy.id}>
          <Accordion.Control>
            <Group gap="sm">
              <Text span fw={600}>
                {policy.id}
              </Text>
              <Text span size="sm" c="dimmed">
                {say(words.desk.inForce)} {day(dateInChina.format(new Date(policy.effectiveFrom)))}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Code block tabIndex={0}>
              {JSON.stringify(policy, null, 2)}
            </Code>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
