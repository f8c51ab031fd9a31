/** The platform's desks: what stands where, complaints to rule on, money in suspense, the inbox, members, policies. */
import { useQuery } from '@tanstack/react-query';
import { Route, Switch } from 'wouter';
import type { FunnelAnswer } from '../../clients/http/portal/answers';
import { call } from '../api';
import { Funnel } from '../charts/funnel';
import { Arbitration } from '../desk/arbitration';
import { Inbox } from '../desk/inbox';
import { Members } from '../desk/members';
import { Policies } from '../desk/policies';
import { SuspenseDesk } from '../desk/suspense';
import { useReader } from '../language';
import { Failed, Loading, Page, Section } from '../parts';
import { words } from '../words';
import NotFound from './not-found';

export default function Desk() {
  const { say } = useReader();
  return (
    <Switch>
      <Route path="/desk/overview">
        <Page title={say(words.nav.overview)}>
          <Overview />
        </Page>
      </Route>
      <Route path="/desk/arbitration">
        <Page title={say(words.nav.arbitration)}>
          <Arbitration />
        </Page>
      </Route>
      <Route path="/desk/suspense">
        <Page title={say(words.nav.suspense)}>
          <SuspenseDesk />
        </Page>
      </Route>
      <Route path="/desk/inbox">
        <Page title={say(words.nav.inbox)}>
          <Inbox />
        </Page>
      </Route>
      <Route path="/desk/members">
        <Page title={say(words.nav.members)}>
          <Members />
        </Page>
      </Route>
      <Route path="/desk/policies">
        <Page title={say(words.nav.policies)}>
          <Policies />
        </Page>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function Overview() {
  const { say } = useReader();
  const funnel = useQuery({ queryKey: ['funnel'], queryFn: () => call<FunnelAnswer>('/portal/funnel') });
  return (
    <Section title={say(words.desk.funnel)}>
      {funnel.error ? (
        <Failed fault={funnel.error} again={() => void funnel.refetch()} />
      ) : funnel.data ? (
        <Funnel statuses={funnel.data.statuses} />
      ) : (
        <Loading />
      )}
    </Section>
  );
}
