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
const NotFound = lazy(() => import('./pages/not-found'));

export function App() {
  return (
    <SessionProvider>
      <Notifications position="top-right" />
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

function Pages({ me: _me }: { me: Me }) {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/orders" replace />
      </Route>
      <Route path="/orders">
        <Orders />
      </Route>
      <Route path="/orders/:id">{({ id }) => <Order id={id} />}</Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
