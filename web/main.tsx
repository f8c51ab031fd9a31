/** The portal's entry: providers, then the pages. */
import { createRoot } from 'react-dom/client';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { App } from './app';
import { isForNow, Problem } from './api';
import { LanguageProvider } from './language';
import { orderQuery } from './order/query';
import { cssVariables, theme } from './theme';

/** Styles that are made while the page runs carry the nonce of the page's own policy (CSP). */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;

// The library that keeps the page behind a dialog still asks for the nonce by this name.
if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });

// A newer portal was put in place while this page was open: its parts have other names now. Once, not for ever.
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('ta-reloaded') ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem('ta-reloaded', String(Date.now()));
  location.reload();
});

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refuses it refuses again; what did not arrive, or came when it was busy, is asked for again.
      retry: (tries, fault) => tries < 3 && isForNow(fault),
      staleTime: 10_000,
    },
    // What the service was too busy for is sent again, under the same id.
    mutations: {
      retry: (tries, fault) => tries < 3 && fault instanceof Problem && fault.details.status === 503,
      retryDelay: (tries) => 1000 * 2 ** tries,
    },
  },
});

// Whoever opens an order need not wait for its page, and for what is on it, until the server has said who is signed in.
const order = /^\/orders\/([^/]+)$/.exec(location.pathname)?.[1];
if (order !== undefined) {
  void import('./pages/order');
  void queries.query(orderQuery(decodeURIComponent(order))).catch(() => undefined);
}

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    {...(nonce && { getStyleNonce: () => nonce })}
  >
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <App />
      </LanguageProvider>
    </QueryClientProvider>
  </MantineProvider>,
);
