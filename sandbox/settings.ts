/** Settings of the sandbox: its own, and those that it shares with the product (addresses of MongoDB, secrets). */
import { z } from 'zod';
import { environment, loadSettings, readEnvironment, withDatabase } from '../config/settings';

const milliseconds = z.coerce.number().int().nonnegative().max(86_400_000);

/** The secrets that both sides know: bearer tokens (asked for only where they are set), and what call-backs are signed with. */
const shared = environment.pick({ TA_CARD_SECRET: true, TA_BANK_SECRET: true, TA_CALLBACK_SECRET: true });

/** The sandbox's environment variables, with their defaults. */
export const sandboxEnvironment = shared.extend({
  /** Port that the card processor (`/card`) and the bank (`/bank`) answer on. */
  TA_SANDBOX_PORT: z.coerce.number().int().min(1).max(65535).default(8090),
  /** Port that its mail server answers on; without it there is none. */
  TA_SANDBOX_SMTP_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  /** Address of the machine's network that they answer on. */
  TA_SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  /** MongoDB address with the sandbox's own database; the product's with `_sandbox` after the database's name. */
  TA_SANDBOX_MONGODB_URI: z.string().min(1).optional(),
  /** Where call-backs are sent; without it they wait. */
  TA_SANDBOX_CALLBACK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Until a call-back that was not taken is made again, in ms; doubled each time, up to a minute. */
  TA_SANDBOX_RETRY_MS: milliseconds.default(1000),
  /** From a pending answer to its outcome, in ms. */
  TA_SANDBOX_SETTLE_MS: milliseconds.default(3000),
  /** From a captured e-check to its return, in ms. */
  TA_SANDBOX_RETURN_MS: milliseconds.default(10_000),
  /** How long a late answer takes, in ms; more than the client's time-out. */
  TA_SANDBOX_LATE_MS: milliseconds.default(12_000),
  /** How long a quote is good for, in ms. */
  TA_SANDBOX_QUOTE_MS: milliseconds.default(60_000),
});

/** Reads the settings from `env`. Throws with the variable's name and what is wrong with it. */
export function loadSandboxSettings(env: NodeJS.ProcessEnv = process.env) {
  const own = readEnvironment(sandboxEnvironment, env);
  const { mongodbUri, logLevel } = loadSettings(env);
  const { TA_SANDBOX_CALLBACK_URL: url, TA_CALLBACK_SECRET: secret } = own;
  if (url !== undefined && secret === undefined)
    throw new Error('Settings are wrong. TA_SANDBOX_CALLBACK_URL needs TA_CALLBACK_SECRET, to sign with');
  return {
    host: own.TA_SANDBOX_HOST,
    port: own.TA_SANDBOX_PORT,
    smtpPort: own.TA_SANDBOX_SMTP_PORT,
    mongodbUri: own.TA_SANDBOX_MONGODB_URI ?? ownDatabase(mongodbUri),
    secrets: { card: own.TA_CARD_SECRET, bank: own.TA_BANK_SECRET },
    ...(url !== undefined && secret !== undefined && { callback: { url, secret } }),
    delays: {
      settleMs: own.TA_SANDBOX_SETTLE_MS,
      returnMs: own.TA_SANDBOX_RETURN_MS,
      lateMs: own.TA_SANDBOX_LATE_MS,
    },
    retryMs: own.TA_SANDBOX_RETRY_MS,
    quoteMs: own.TA_SANDBOX_QUOTE_MS,
    logLevel,
  };
}

/** The sandbox's database beside the product's of this name. */
export const sandboxDatabaseOf = (database: string): string => `${database}_sandbox`;

/** Beside the product's: a partner's books are none of ours. */
const ownDatabase = (uri: string): string =>
  withDatabase(uri, (database) => sandboxDatabaseOf(database || 'trade_assurance'));
