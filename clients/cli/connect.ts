/**
 * Connections, each made only when a command needs it and closed when it has ended: `withBooks` to MongoDB alone,
 * `withClient` to Temporal as well. The libraries behind them are loaded then, too: help and wrong usage need none.
 */
import type { Settings } from '../../config/settings';
import type { Store } from '../../store/store';
import type { TradeAssuranceClient } from '../client';
import type { FundsClient } from '../funds';
import type { MembershipClient } from '../membership';
import { Stop, unreachable, wrongUsage } from './faults';

/** How long a server may take to answer at first, in milliseconds. */
const connectMs = 5_000;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed; a dynamic import would not find TypeScript */
const load = {
  settings: () => require('../../config/settings') as typeof import('../../config/settings'),
  temporal: () => require('@temporalio/client') as typeof import('@temporalio/client'),
  codec: () => require('../payload-codec') as typeof import('../payload-codec'),
  client: () => require('../client') as typeof import('../client'),
  membership: () => require('../membership') as typeof import('../membership'),
  store: () => require('../../store/store') as typeof import('../../store/store'),
  read: () => require('../../store/read') as typeof import('../../store/read'),
  credit: () => require('../../store/credit') as typeof import('../../store/credit'),
  debts: () => require('../../store/debt-check') as typeof import('../../store/debt-check'),
  ledger: () => require('../../store/ledger') as typeof import('../../store/ledger'),
  statement: () => require('../../store/statement') as typeof import('../../store/statement'),
  withdrawals: () => require('../../store/withdrawals') as typeof import('../../store/withdrawals'),
  funds: () => require('../funds') as typeof import('../funds'),
  rewards: () => require('../../store/rewards') as typeof import('../../store/rewards'),
  replay: () => require('../../store/credit-replay') as typeof import('../../store/credit-replay'),
  members: () => require('../../store/members') as typeof import('../../store/members'),
  erasure: () => require('../../store/erasure') as typeof import('../../store/erasure'),
  enrolment: () => require('../../store/enrolment') as typeof import('../../store/enrolment'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** What can be read and checked in MongoDB: the functions of `store/`. */
export type Books = { store: Store } & ReturnType<typeof load.read> &
  ReturnType<typeof load.credit> &
  ReturnType<typeof load.ledger> &
  ReturnType<typeof load.debts> &
  ReturnType<typeof load.statement> &
  Pick<ReturnType<typeof load.withdrawals>, 'findWithdrawal'> &
  ReturnType<typeof load.rewards> &
  ReturnType<typeof load.replay> &
  ReturnType<typeof load.members> &
  ReturnType<typeof load.erasure> &
  ReturnType<typeof load.enrolment>;

/** The settings. @throws Stop, when they are wrong */
export function settingsOrStop(): Settings {
  try {
    return load.settings().loadSettings();
  } catch (fault) {
    throw wrongUsage('The settings of the environment are wrong.', (fault as Error).message);
  }
}

/** Runs `work` over a connection to MongoDB. */
export async function withBooks<T>(work: (books: Books) => Promise<T>): Promise<T> {
  const store = await storeAt(settingsOrStop());
  try {
    const { findWithdrawal } = load.withdrawals();
    return await work({
      store,
      ...load.read(),
      ...load.credit(),
      ...load.ledger(),
      ...load.debts(),
      ...load.statement(),
      ...load.rewards(),
      ...load.replay(),
      ...load.members(),
      ...load.erasure(),
      ...load.enrolment(),
      findWithdrawal,
    });
  } finally {
    await store.close();
  }
}

async function storeAt({ mongodbUri: uri, keys }: Settings): Promise<Store> {
  try {
    return await load.store().openStore(uri, { timeoutMs: connectMs, keys });
  } catch (fault) {
    throw unreachable('MongoDB', withoutPassword(uri), fault);
  }
}

export interface ClientNeeds {
  timeoutMs: number;
  /** A signal goes out while MongoDB is down; only an answer needs it. */
  withoutStore?: boolean;
}

/** Runs `work` with the client, over connections to Temporal and MongoDB. */
export async function withClient<T>(
  { timeoutMs, withoutStore = false }: ClientNeeds,
  work: (client: TradeAssuranceClient) => Promise<T>,
): Promise<T> {
  const settings = settingsOrStop();
  const { temporal: options, namespace, taskQueue } = settings;
  const { Client, Connection } = load.temporal();
  const [connected, opened] = await Promise.allSettled([
    Connection.connect({ ...options, connectTimeout: connectMs }).catch((fault: unknown) => {
      throw unreachable('Temporal', options.address, fault);
    }),
    storeAt(settings).catch((fault: unknown) => {
      if (withoutStore && fault instanceof Stop) return absent(fault);
      throw fault;
    }),
  ]);
  const connection = connected.status === 'fulfilled' ? connected.value : undefined;
  const store = opened.status === 'fulfilled' ? opened.value : undefined;
  try {
    if (connected.status === 'rejected') throw connected.reason;
    if (opened.status === 'rejected') throw opened.reason;
    const dataConverter = { payloadCodecs: load.codec().payloadCodecsOf(settings) };
    const temporal = new Client({ connection: connected.value, namespace, dataConverter });
    return await work(
      new (load.client().TradeAssuranceClient)({ temporal, store: opened.value, taskQueue, timeoutMs }),
    );
  } finally {
    await Promise.allSettled([connection?.close(), store?.close()]);
  }
}

/** Runs `work` with the client of suppliers' money. */
export const withFunds = <T>(needs: ClientNeeds, work: (funds: FundsClient) => Promise<T>): Promise<T> =>
  withClient(needs, (client) => work(new (load.funds().FundsClient)(client.options)));

/** Runs `work` with the client of members, over connections to Temporal and MongoDB. */
export const withMembership = <T>(timeoutMs: number, work: (client: MembershipClient) => Promise<T>): Promise<T> =>
  withClient({ timeoutMs }, (client) => work(new (load.membership().MembershipClient)(client.options)));

/** Stands for a store that is not there: whoever reads it learns why. */
const absent = (why: Stop): Store =>
  new Proxy({} as Store, {
    get: (_, name) => {
      if (name === 'then') return undefined;
      if (name === 'close') return () => Promise.resolve();
      throw why;
    },
  });

const withoutPassword = (uri: string): string => uri.replace(/\/\/[^@/]*@/, '//');
