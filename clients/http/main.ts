/** The process of the HTTP API. Ends on SIGINT and SIGTERM once the requests in hand are answered; SIGTERM is a rolling restart's, too. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { keysOrStop } from '../../config/keys';
import { logOf } from '../../config/log';
import { loadSettings, type Settings } from '../../config/settings';
import { startTracing, stopTracing } from '../../config/tracing';
import { silentMs } from '../../store/store';
import { TradeAssuranceClient } from '../client';
import { buildApi } from './app';
import { depsOver } from './deps';
import { devTokens } from './dev-issuer';
import { bearerTokens, type Authenticator } from './identity';

/** So long the requests in hand have; a connection that was opened, and on which nothing came, is not waited for any longer. */
const closeMs = 20_000;

async function main(): Promise<void> {
  const settings = loadSettings();
  startTracing('api');
  keysOrStop(settings);
  const { host, port, secret, drainMs, requestsPerMinute } = settings.api;
  const log = logOf('api', settings.logLevel);
  const authenticators = await authenticatorsOf(settings);
  if (secret === undefined) log.warn('TA_API_SECRET is not set: cursors hold with this process only');
  const ta = await TradeAssuranceClient.connect(settings, { silentMs });
  const deps = depsOver(ta, {
    settings,
    authenticators,
    secret: secret ?? randomBytes(32).toString('hex'),
    log,
    limits: { requestsPerMinute },
  });
  deps.metrics.withProcess();
  const api = await buildApi(deps);
  await api.listen({ host, port });
  log.info({ host, port, pid: process.pid }, 'the HTTP API answers');
  process.send?.('ready');
  // `disconnect`: started by a process that is gone; nobody would ever end this one.
  const ends = process.channel ? ['SIGTERM', 'SIGINT', 'disconnect'] : ['SIGTERM', 'SIGINT'];
  const end = await Promise.race(ends.map((one) => once(process, one).then(() => one)));
  if (end === 'SIGTERM') {
    deps.isDraining = true;
    await Promise.race([pause(drainMs), ...ends.map((one) => once(process, one))]); // told twice, it ends now
  }
  const late = setTimeout(() => api.server.closeAllConnections(), closeMs);
  await api.close();
  clearTimeout(late);
  await ta.close();
  await stopTracing();
  process.exit(0);
}

/** Whose tokens are taken: of the issuer that is named, and in development of the local key. One there must be. */
async function authenticatorsOf({
  dataDir,
  api: { issuer, audience, devIssuer, maxTokenHours },
}: Settings): Promise<Authenticator[]> {
  const keys = issuer && bearerTokens({ issuer: issuer.name, audience, keys: new URL(issuer.jwksUrl), maxTokenHours });
  if (keys) return [keys];
  if (devIssuer) return [bearerTokens(await devTokens(dataDir, audience))];
  throw new Error(
    'The HTTP API has nobody to trust: set TA_AUTH_ISSUER and TA_AUTH_JWKS_URL (or, in development, TA_DEV_ISSUER=true).',
  );
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault);
  process.exit(1);
});
