/** R35: both reviews, hidden until both are in or the time is over. */
import { Card, Rating, SimpleGrid, Text } from '@mantine/core';
import type { OrderPageAnswer } from '../../clients/http/portal/answers';
import type { Side } from '../../domain/events';
import { roleWords } from '../../domain/vocabulary';
import { useReader } from '../language';
import { Deadline, Facts, Section } from '../parts';
import { words } from '../words';

export function Reviews({ page: { view } }: { page: OrderPageAnswer }) {
  const { say } = useReader();
  if (view.status !== 'awaiting-reviews' && view.status !== 'completed') return null;
  const { reviews } = view;
  return (
    <Section title={say(words.reviews.title)}>
      {!reviews.published && (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            {say(words.reviews.hidden)}
          </Text>
          <Facts of={[view.reviewBy !== undefined && [words.reviews.until, <Deadline at={view.reviewBy} />]]} />
        </>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs">
        {(['supplier', 'buyer'] as const).map((side) => (
          <One key={side} side={side} reviews={reviews} />
        ))}
      </SimpleGrid>
    </Section>
  );
}

function One({ side, reviews }: { side: Side; reviews: OrderPageAnswer['view']['reviews'] }) {
  const { say } = useReader();
  const given = reviews.published ? reviews[side] : undefined;
  const isGiven = given !== undefined || ('given' in reviews && reviews.given.includes(side));
  return (
    <Card withBorder padding="sm">
      <Text fw={600}>{say(roleWords[side])}</Text>
      {given ? (
        <>
          <div role="img" aria-label={say(words.reviews.stars(given.stars))}>
            <Rating value={given.stars} readOnly aria-hidden />
          </div>
          <Text size="sm">{given.text}</Text>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {say(isGiven ? words.reviews.given : words.reviews.notGiven)}
        </Text>
      )}
    </Card>
  );
}
