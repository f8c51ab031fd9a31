/** Which page is shown at which address, and to whom; each page is loaded when it is first wanted. */
import { lazy, Suspense } from 'react';
import { Notifications } from '@mantine/notifications';
import { Redirect, Route, Switch } from 'wouter';
import { LiveProvider } from './live';
import { Loading } from './parts';
import { SessionProvider, useSession, type Me } from './session';
import { Shell } from './shell';

const SignIn = lazy(() => import('./pages/sign-in'));
const Orders = lazy(() => import('./pages/orders'));
const Order = lazy(() => import('./pages/order'));
const Contract = lazy(() => import('./pages/contract'));
const Start = lazy(() => import('./pages/start'));
const Credit = lazy(() => import('./pages/credit'));
const Account = lazy(() => import('./pages/money'));
const Enrolment = lazy(() => import('./pages/enrolment'));
const Desk = lazy(() => import('./pages/desk'));
const NotFound = lazy(() => import('./pages/not-found'));

export function App() {
  return (
    <SessionProvider>
      <Notifications position="top-center" />
      <Suspense fallback={<Loading />}>
        <Doors />
      </Suspense>
    </SessionProvider>
  );
}

function Doors() {
  const { me } = useSession();
  return me ? (
    <LiveProvider>
      <Shell me={me}>
        <Suspense fallback={<Loading />}>
          <Pages me={me} />
        </Suspense>
      </Shell>
    </LiveProvider>
  ) : (
    <SignIn />
  );
}

function Pages({ me: { role } }: { me: Me }) {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/orders" replace />
      </Route>
      <Route path="/orders">
        <Orders />
      </Route>
      <Route path="/orders/:id">{({ id }) => <Order id={id} />}</Route>
      <Route path="/orders/:id/contract">{({ id }) => <Contract id={id} />}</Route>
      {role !== 'platform' && (
        <Route path="/start">
          <Start />
        </Route>
      )}
      {role === 'supplier' && (
        <Route path="/credit">
          <Credit />
        </Route>
      )}
      {role === 'supplier' && (
        <Route path="/money">
          <Account />
        </Route>
      )}
      {role === 'supplier' && (
        <Route path="/enrolment">
          <Enrolment />
        </Route>
      )}
      {role === 'platform' && (
        <Route path="/desk/*">
          <Desk />
        </Route>
      )}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
