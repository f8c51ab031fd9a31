/** For addresses that lead nowhere. */
import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { useReader } from '../language';
import { Page } from '../parts';
import { words } from '../words';

export default function NotFound() {
  const { say } = useReader();
  return (
    <Page title={say(words.states.notFound)}>
      <Anchor component={Link} href="/orders">
        {say(words.states.toOrders)}
      </Anchor>
    </Page>
  );
}
