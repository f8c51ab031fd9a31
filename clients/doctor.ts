/**
 * What is wrong with an installation: every part of it is looked at, from the settings to the disk, and nothing is changed.
 * Each finding says what was seen and, where something is not as it should be, what to do about it.
 */
import { statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { transactionSeconds } from '../config/mongodb';
import type { Settings } from '../config/settings';
import { figuresOf } from '../store/figures';
import { databaseHealth, type DatabaseHealth } from '../store/health';
import { openStore } from '../store/store';
import { fail, ok, patienceMs, reason, setUpAgain, warn, type Finding } from './doctor-findings';
import { examineTemporal } from './doctor-temporal';

/** Examines the installation that the settings name; `now` tells the present instant, ISO 8601. @public: the CLI loads it when asked */
export async function examine(settings: Settings, now: () => string): Promise<Finding[]> {
  const parts = await Promise.all([
    examineTemporal(settings),
    examineBooks(settings, now),
    examineApi(settings),
    examineOutside(settings),
    examineDisk(settings),
  ]);
  return [ok('settings', `task queue ${settings.taskQueue}, namespace ${settings.namespace}`), ...parts.flat()];
}

// --- MongoDB, and what can be told from the books

async function examineBooks({ mongodbUri }: Settings, now: () => string): Promise<Finding[]> {
  const address = mongodbUri.replace(/\/\/[^@/]*@/, '//');
  try {
    const store = await openStore(mongodbUri, { timeoutMs: patienceMs });
    try {
      const asked = Date.parse(now());
      const health = await databaseHealth(store);
      const answered = Date.parse(now());
      const ofDatabase = [...aboutDatabase(address, health), aboutClock(health, (asked + answered) / 2)];
      if (health.missing.collections.length + health.missing.indexes.length > 0) return ofDatabase;
      const { queues, paymentsDue } = await figuresOf(store, now());
      return [
        ...ofDatabase,
        aboutRelay(queues.outbox.oldest, Date.parse(now())),
        aboutQueue('inbox', queues['inbox-dead'].size, 'rows wait for an operator', 'ta inbox list --state dead'),
        aboutQueue('payments', paymentsDue.overdue, 'orders are overdue and have not closed', 'ta doctor --views'),
      ];
    } finally {
      await store.close();
    }
  } catch (fault) {
    return [
      fail(
        'mongodb',
        `${address} does not answer: ${reason(fault)}`,
        'Start MongoDB, or set MONGODB_URI (name and password of the user, name of the replica set).',
      ),
    ];
  }
}

function aboutDatabase(
  address: string,
  { replicaSet, isWritable, missing, disk, transactionSeconds: seconds, policies }: DatabaseHealth,
): Finding[] {
  const findings = [
    replicaSet === undefined
      ? fail(
          'mongodb',
          `${address} is no replica set`,
          'Start mongod with --replSet, and rs.initiate(): transactions need it.',
        )
      : isWritable
        ? ok('mongodb', `${address}, replica set ${replicaSet}`)
        : fail('mongodb', `${address} has no primary`, 'Look at rs.status() in mongosh: too few members are up.'),
    ...(['collections', 'indexes', 'validators'] as const).map((kind) =>
      missing[kind].length === 0
        ? ok(kind, 'as they should be')
        : fail(kind, `missing or of another version: ${missing[kind].join('; ')}`, setUpAgain),
    ),
    ...(seconds === undefined ? [] : [aboutTransactions(seconds)]),
    policies > 0 ? ok('policies', `${policies} in the database`) : fail('policies', 'none in the database', setUpAgain),
  ];
  return disk ? [...findings, aboutSpace('mongodb disk', disk)] : findings;
}

function aboutTransactions(seconds: number): Finding {
  const says = `given up after ${seconds} s, when a worker was killed in one`;
  const todo = `Start mongod with --setParameter transactionLifetimeLimitSeconds=${transactionSeconds}: until then its order waits.`;
  return seconds <= transactionSeconds ? ok('transactions', says) : warn('transactions', says, todo);
}

/** Deadlines come from Temporal's clock, what is booked from ours: they must agree. */
function aboutClock({ clock }: DatabaseHealth, ours: number): Finding {
  const seconds = Math.abs(Date.parse(clock) - ours) / 1000;
  const says = `differs from MongoDB's by ${seconds.toFixed(1)} s`;
  return seconds <= 2 ? ok('clock', says) : (seconds > 30 ? fail : warn)('clock', says, 'Let all machines follow NTP.');
}

/** A relay takes up in seconds what happened. */
function aboutRelay(oldest: string | undefined, at: number): Finding {
  if (oldest === undefined) return ok('relay', 'nothing waits to be told');
  const seconds = Math.round((at - Date.parse(oldest)) / 1000);
  return seconds < 60
    ? ok('relay', `the oldest that waits came ${seconds} s ago`)
    : fail(
        'relay',
        `nobody has taken up what happened ${seconds} s ago`,
        'Start a relay: npm run relay (Compose: docker compose up --detach relay).',
      );
}

const aboutQueue = (part: string, size: number, what: string, todo: string): Finding =>
  size === 0 ? ok(part, `no ${what}`) : warn(part, `${size} ${what}`, `Look: ${todo}. See docs/how-to/runbooks.md.`);

// --- the API and the outside

async function examineApi({ api: { url, host, port } }: Settings): Promise<Finding[]> {
  const at = url ?? `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  try {
    const { status } = await fetch(`${at}/readyz`, { signal: AbortSignal.timeout(patienceMs) });
    if (status === 200) return [ok('api', `${at} is ready`)];
    return [
      fail(
        'api',
        `${at} answers, and is not ready (${status})`,
        'It reaches MongoDB or Temporal not: look at its settings.',
      ),
    ];
  } catch (fault) {
    const todo = 'Start it, or set TA_API_HOST and TA_API_PORT to where it listens. Orders go on without it.';
    return [(url === undefined ? warn : fail)('api', `${at} does not answer: ${causeOf(fault)}`, todo)];
  }
}

async function examineOutside({ card, bank, mail, api: { issuer } }: Settings): Promise<Finding[]> {
  const needed = (part: string, name: string, url: string | undefined, without: string) =>
    url === undefined ? Promise.resolve(warn(part, `not set: ${without}`, `Set ${name}.`)) : reached(part, url, name);
  return Promise.all([
    needed('card processor', 'TA_CARD_URL', card?.url, 'nothing can be charged or refunded by card'),
    needed('bank', 'TA_BANK_URL', bank?.url, 'nothing can be paid out or settled'),
    ...(mail ? [reached('mail server', mail.url, 'TA_SMTP_URL')] : []),
    ...(issuer ? [reached('issuer', issuer.jwksUrl, 'TA_AUTH_JWKS_URL')] : []),
  ]);
}

const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'smtp:': 25, 'smtps:': 465 };

/** Whether somebody listens there; nothing is said to them. */
async function reached(part: string, url: string, variable: string): Promise<Finding> {
  const { protocol, hostname, port, host } = new URL(url);
  try {
    await new Promise<void>((done, failed) => {
      const socket = connect({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port) || (usualPorts[protocol] ?? 443),
        timeout: patienceMs,
      });
      socket.once('connect', () => done());
      socket.once('error', failed);
      socket.once('timeout', () => failed(new Error('no answer')));
      const end = () => socket.destroy();
      socket.once('connect', end).once('timeout', end);
    });
    return ok(part, `${host} can be reached`);
  } catch (fault) {
    return fail(part, `${host} cannot be reached: ${reason(fault)}`, `Is ${variable} right, and the way there open?`);
  }
}

const causeOf = (fault: unknown): string => reason(fault instanceof Error ? (fault.cause ?? fault) : fault);

// --- this machine

async function examineDisk({ dataDir }: Settings): Promise<Finding[]> {
  const { bavail, blocks, bsize } = await statfs(existsSync(dataDir) ? dataDir : '.');
  return [aboutSpace('disk', { free: bavail * bsize, total: blocks * bsize })];
}

function aboutSpace(part: string, { free, total }: { free: number; total: number }): Finding {
  const share = free / total;
  const says = `${(free / 2 ** 30).toFixed(1)} GiB free (${Math.floor(share * 100)} %)`;
  if (share >= 0.1) return ok(part, says);
  return (share < 0.03 ? fail : warn)(part, says, 'Make room before it is full: MongoDB stops when it cannot write.');
}
