/** What happened to the order, newest first, in words. */
import { useState } from 'react';
import { Button, Text } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import { eventWords, type Teller } from '../../domain/event-words';
import { roleWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Section } from '../parts';
import { words } from '../words';

/** How events of this order are told to this reader. */
export function useTeller({ view }: Pick<OrderPageAnswer, 'view'>): Teller {
  const { money, inBothZones: at, day } = useReader();
  return { money, at, day, currency: view.total?.currency ?? 'USD' };
}

const shownAtFirst = 8;

export function Timeline({ page }: { page: OrderPageAnswer }) {
  const { say, at, nameOf } = useReader();
  const tell = useTeller(page);
  const [isWhole, setWhole] = useState(false);
  const entries = page.journal.toReversed();
  const shown = isWhole ? entries : entries.slice(0, shownAtFirst);
  const who = ({ role, member }: (typeof entries)[number]['actor']) =>
    role === 'supplier' || role === 'buyer'
      ? nameOf(page[role])
      : `${say(roleWords[role])}${role === 'platform' ? ` (${member})` : ''}`;
  return (
    <Section title={say(words.order.timeline)}>
      <ol className="timeline">
        {shown.map((entry) => (
          <li key={entry.version}>
            <Text size="xs" c="dimmed">
              {at(entry.at)} · {who(entry.actor)}
            </Text>
            {entry.events.map((event, index) => (
              <Text key={index} size="sm" className="breakable">
                {say(eventWords(event, tell))}
              </Text>
            ))}
          </li>
        ))}
      </ol>
      {!isWhole && entries.length > shownAtFirst && (
        <Button variant="subtle" size="compact-sm" onClick={() => setWhole(true)}>
          {say(words.list.more)}
        </Button>
      )}
    </Section>
  );
}
