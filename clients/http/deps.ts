/** What the routes of the HTTP API are given: the clients, the books, who may call, and the limits. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config/settings';
import { figuresOf } from '../../store/figures';
import type { Store } from '../../store/store';
import { TradeAssuranceClient } from '../client';
import { FundsClient } from '../funds';
import { MembershipClient } from '../membership';
import { SuspenseClient } from '../suspense';
import type { Authenticator } from './identity';
import { countHalted } from '../views';
import { Metrics } from './metrics';

/** What one request, and one credential, may take. */
export interface Limits {
  /** Bytes of a body. */
  bodyBytes: number;
  /** Levels of arrays and objects in a JSON body. */
  depth: number;
  /** Requests of one credential in a minute. */
  requestsPerMinute: number;
  /** For a request to arrive whole, and for a connection without one, in milliseconds. */
  requestTimeoutMs: number;
  connectionTimeoutMs: number;
  /** Event loop delay above which new requests are told to come later, in milliseconds. */
  eventLoopDelayMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 256 * 1024,
  depth: 24,
  requestsPerMinute: 1200,
  requestTimeoutMs: 15_000,
  connectionTimeoutMs: 60_000,
  eventLoopDelayMs: 2000,
};

export interface ApiDeps {
  settings: Settings;
  store: Store;
  ta: TradeAssuranceClient;
  funds: FundsClient;
  membership: MembershipClient;
  suspense: SuspenseClient;
  /** Now, as an ISO instant. */
  now: () => string;
  /** Asked in turn who calls; the first that knows the caller answers. */
  authenticators: readonly Authenticator[];
  limits: Limits;
  /** Signs what is handed out and comes back: cursors. */
  secret: string;
  log: FastifyBaseLogger;
  /** Holds every answer to its form, and fails where it is another. For tests: it costs more than most answers. */
  checkAnswers?: boolean;
  metrics: Metrics;
  /** Set once the process is told to end: it answers still, and says that it is not ready. */
  isDraining: boolean;
}

/** The application, and a scope of it: routes whose schemas are zod forms. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** An area of the API: adds its routes, hooks and parsers to a scope of its own. */
export type Area = (api: Api, deps: ApiDeps) => void | Promise<void>;

/** The dependencies over a client's connections. */
export function depsOver(
  ta: TradeAssuranceClient,
  rest: Pick<ApiDeps, 'settings' | 'authenticators' | 'secret' | 'log' | 'checkAnswers'> & { limits?: Partial<Limits> },
): ApiDeps {
  const now = () => new Date().toISOString();
  return {
    ...rest,
    ta,
    store: ta.options.store,
    funds: new FundsClient(ta.options),
    membership: new MembershipClient(ta.options),
    suspense: new SuspenseClient(ta),
    metrics: new Metrics().withGauges({
      books: () => figuresOf(ta.options.store, now()),
      halted: () => countHalted(ta.options.temporal),
    }),
    now,
    isDraining: false,
    limits: { ...defaultLimits, ...rest.limits },
  };
}
