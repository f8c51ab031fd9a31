/** Side by side: which revision each has confirmed, and who has declined it (R53, R54, R57). */
import { Card, Group, SimpleGrid, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Side } from '../../domain/events';
import { roleWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Instant, Section } from '../parts';
import { words } from '../words';

export function Confirmations({ page }: { page: OrderPageAnswer }) {
  const { say } = useReader();
  return (
    <Section title={say(words.order.confirmations)}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <One page={page} side="supplier" />
        <One page={page} side="buyer" />
      </SimpleGrid>
    </Section>
  );
}

function One({ page, side }: { page: OrderPageAnswer; side: Side }) {
  const { say, nameOf, pair } = useReader();
  const { view } = page;
  const confirmed = view.confirmations[side];
  const declined = view.declined?.by === side && view.declined.revision === view.revision ? view.declined : undefined;
  const icon = confirmed ? (
    <IconCircleCheck color="var(--mantine-color-green-light-color)" aria-hidden />
  ) : declined ? (
    <IconCircleX color="var(--mantine-color-error)" aria-hidden />
  ) : (
    <IconCircleDashed color="var(--mantine-color-dimmed)" aria-hidden />
  );
  return (
    <Card withBorder padding="sm">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {icon}
        <div>
          <Text fw={600}>{say(roleWords[side])}</Text>
          <Text size="sm" c="dimmed">
            {nameOf(page[side])}
          </Text>
          <Text size="sm" mt={4}>
            {confirmed
              ? say(words.order.confirmed(confirmed.revision))
              : declined
                ? pair(say(words.order.declined), declined.reason)
                : say(words.order.notConfirmed)}
          </Text>
          {confirmed && (
            <Text size="sm">
              <Instant at={confirmed.at} />
            </Text>
          )}
        </div>
      </Group>
    </Card>
  );
}
