/**
 * Settings of every process of the product: our own variables through one zod schema, Temporal's own
 * (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`, `TEMPORAL_PROFILE`) through
 * `@temporalio/envconfig`. Each of ours may stand in a file that `<NAME>_FILE` names. Where neither says anything, the servers that `npm start` left running are used
 * (`.data/servers.json`), else the usual local ports.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { readKeys, type Keyring } from './keys';

/** What `npm start` writes once its servers answer, so that the CLI finds them. */
export const serversFile = z.object({
  temporalAddress: z.string(),
  temporalUi: z.string().optional(),
  mongodbUri: z.string(),
  cardUrl: z.string().optional(),
  bankUrl: z.string().optional(),
  /** Whoever develops a receiver has it on this machine. */
  webhooksToPrivate: z.boolean().optional(),
  apiUrl: z.string().optional(),
  /** Whether what is sent to Temporal is sealed with the data folder's own key. */
  payloads: z.enum(['plain', 'sealed']).optional(),
});

const port = z.coerce.number().int().min(1).max(65535);
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

/** Our own environment variables, with their defaults. */
export const environment = z.object({
  /** MongoDB connection string of a replica set, with the database's name. */
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must be a mongodb:// or mongodb+srv:// address')
    .optional(),
  /** Task queue that the order workers poll. */
  TA_TASK_QUEUE: z.string().min(1).default('trade-assurance'),
  /** Level of the log: trace, debug, info, warn, error or silent. */
  TA_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Folder of the local servers' state and of the downloaded servers. */
  TA_DATA_DIR: z.string().min(1).default('.data'),
  /** Port on which a worker answers `GET /healthz`; without it none is opened. */
  TA_HEALTH_PORT: port.optional(),
  /** Address (host:port) on which a worker gives its numbers to Prometheus, under `/metrics`; without it none is opened. */
  TA_METRICS_ADDRESS: z
    .string()
    .regex(/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/, 'must be host:port')
    .optional(),
  /** Address of the card processor; without it nothing can be charged. */
  TA_CARD_URL: webAddress.optional(),
  /** Where a payer's browser gets a token for its card from the processor; without it the portal asks for a token. */
  TA_CARD_TOKENS_URL: webAddress.optional(),
  /** Bearer token that the card processor knows us by. */
  TA_CARD_SECRET: z.string().min(1).optional(),
  /** Address of the bank; without it nothing can be paid out or converted. */
  TA_BANK_URL: webAddress.optional(),
  /** Bearer token that the bank knows us by. */
  TA_BANK_SECRET: z.string().min(1).optional(),
  /** Secret that partners sign their call-backs with: `whsec_` and 24 to 64 bytes in Base64 (Standard Webhooks). */
  TA_CALLBACK_SECRET: z
    .string()
    .regex(/^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be whsec_ and Base64')
    .optional(),
  /** Port on which partners' call-backs are received; without it none is opened. */
  TA_CALLBACK_PORT: port.optional(),
  /** Folder that files of feeds are put into; without it none is watched. */
  TA_FEED_DIR: z.string().min(1).optional(),
  /** Port of the HTTP API. */
  TA_API_PORT: port.default(8088),
  /** Address that the HTTP API listens on. */
  TA_API_HOST: z.string().min(1).default('127.0.0.1'),
  /** What the API signs cursors with: the same for every process of the API. */
  TA_API_SECRET: z.string().min(16, 'must have 16 characters or more').optional(),
  /** How long an API that is told to end goes on answering, and says that it is not ready, so that a balancer sends it nothing new; in ms. */
  TA_API_DRAIN_MS: z.coerce.number().int().min(0).max(60_000).default(5000),
  /** Proxies that are believed who calls (X-Forwarded-For): addresses or networks, by commas. Without it nobody is. */
  TA_API_TRUSTED_PROXIES: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be addresses or networks (CIDR), by commas')),
    )
    .default([]),
  /** Requests that the API takes from one credential in a minute. */
  TA_API_RATE: z.coerce.number().int().min(1).default(1200),
  /** Issuer and audience of the tokens (JWT) that the API takes, and where the issuer's keys are (JWKS). */
  TA_AUTH_ISSUER: z.string().min(1).optional(),
  TA_AUTH_AUDIENCE: z.string().min(1).default('trade-assurance'),
  TA_AUTH_JWKS_URL: webAddress.optional(),
  /** Longest life of a token that is taken, in hours, whatever its `exp` says. */
  TA_AUTH_MAX_TOKEN_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 366)
    .default(24),
  /** For development only: also takes tokens that `ta token` makes with the key in the data folder. */
  TA_DEV_ISSUER: z.stringbool().default(false),
  /** Whether webhooks may go over http and to addresses that are not public: for development. */
  TA_WEBHOOK_ALLOW_PRIVATE: z.stringbool().optional(),
  /** How long a receiver of webhooks may take to answer, in ms. */
  TA_WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(15_000),
  /** Mail server, `smtps://user:password@host`; without it no mail is sent. */
  TA_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
  /** Whom mail comes from: `Trade Assurance <orders@example.com>`. */
  TA_MAIL_FROM: z.string().regex(/@/, 'must hold a mail address').optional(),
  /** Where the platform's operators are written to, one or several with commas between. */
  TA_MAIL_PLATFORM: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .pipe(z.array(z.email()))
    .optional(),
  /** The keys that secrets and payloads are sealed with (`keys.ts`): the newest first; with commas or line breaks between. */
  TA_KEYS: z
    .string()
    .transform((text, context) => {
      try {
        return readKeys(text);
      } catch (fault) {
        context.addIssue({ code: 'custom', message: (fault as Error).message });
        return z.NEVER;
      }
    })
    .optional(),
  /** Whether what is sent to Temporal is sealed with these keys; it is, where TA_KEYS is set, unless this says `plain`. */
  TA_PAYLOADS: z.enum(['sealed', 'plain']).optional(),
  /** Where the Temporal UI is that may ask the API to open payloads: its origins, with commas between. */
  TA_TEMPORAL_UI_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim().replace(/\/$/, '')))
    .pipe(z.array(webAddress))
    .optional(),
});

export interface Settings {
  temporal: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & { address: string };
  namespace: string;
  mongodbUri: string;
  taskQueue: string;
  logLevel: z.infer<typeof environment>['TA_LOG_LEVEL'];
  dataDir: string;
  healthPort?: number;
  /** `host:port` of a worker's numbers for Prometheus. */
  metricsAddress?: string;
  /** The watched folder of feeds. */
  feedDir?: string;
  /** Where Temporal's Web UI is, if known. */
  temporalUi?: string;
  /** The card processor and the bank, if known, with our bearer tokens. */
  card?: { url: string; secret?: string };
  /** Where the payer's browser gets a token for its card. */
  cardTokensUrl?: string;
  bank?: { url: string; secret?: string };
  /** Where partners call back, and what they sign with. */
  callbacks: { port?: number; secret?: string };
  api: ApiSettings;
  webhooks: { allowPrivate: boolean; timeoutMs: number };
  /** The mail server, whom mail comes from, and the operators' addresses. */
  mail?: MailSettings;
  /** What secrets and payloads are sealed with; there is none where neither TA_KEYS nor `npm start` gave one. */
  keys?: Keyring;
  payloads: 'sealed' | 'plain';
}

/** The HTTP API: where it listens, and whose tokens it takes. */
export interface ApiSettings {
  host: string;
  port: number;
  secret?: string;
  /** From being told to end to taking no request any more. */
  drainMs: number;
  /** Requests of one credential in a minute. */
  requestsPerMinute: number;
  audience: string;
  /** Proxies that are believed who calls; addresses or networks. */
  trustedProxies: string[];
  /** Longest life of a token, in hours. */
  maxTokenHours: number;
  /** The issuer of tokens, if one is named, and the address of its keys. */
  issuer?: { name: string; jwksUrl: string };
  /** Tokens of the local development key are taken, too. */
  devIssuer: boolean;
  /** Where the API that `npm start` left running is. */
  url?: string;
  /** Origins of the Temporal UI, whose pages may ask for payloads to be opened. */
  temporalUiOrigins: readonly string[];
}

export interface MailSettings {
  url: string;
  from: string;
  platform: readonly string[];
}

const localMongodb = 'mongodb://127.0.0.1:27017/trade_assurance?replicaSet=rs0&directConnection=true';

/**
 * Reads variables of `env` by their form; an empty one is as good as none (Compose passes on what is not set as empty).
 * Throws with the variable's name and what is wrong with it.
 */
export function readEnvironment<Form extends z.ZodObject>(form: Form, env: NodeJS.ProcessEnv): z.infer<Form> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const name of Object.keys(form.shape)) {
    const file = given[`${name}_FILE`];
    if (file !== undefined) given[name] = fileOf(name, file, given[name]);
  }
  const { data, error } = form.safeParse(given);
  if (!error) return data;
  const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Settings are wrong. ${problems.join('; ')}`);
}

/** What a variable's file holds, without the line break at its end. */
function fileOf(name: string, file: string, given: string | undefined): string {
  if (given !== undefined) throw new Error(`Settings are wrong. ${name} and ${name}_FILE: set one of them`);
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (fault) {
    throw new Error(`Settings are wrong. ${name}_FILE cannot be read: ${(fault as Error).message}`, { cause: fault });
  }
}

/** The same MongoDB, one node or several, and another database: what `rename` makes of its name ('' where there is none). */
export function withDatabase(uri: string, rename: (database: string) => string): string {
  const [, servers = uri, database = '', options = ''] = /^([^/]+\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(uri) ?? [];
  return `${servers}/${rename(database)}${options}`;
}

/** Where an installation that `npm start` made keeps its own key. */
export const keysFileOf = (dataDir: string): string => join(dataDir, 'keys');

/** Reads the settings from `env`. Throws with the variable's name and what is wrong with it. */
export function loadSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const {
    TA_DATA_DIR: dataDir,
    TA_TASK_QUEUE: taskQueue,
    TA_LOG_LEVEL: logLevel,
    TA_HEALTH_PORT: healthPort,
    TA_METRICS_ADDRESS: metricsAddress,
    TA_FEED_DIR: feedDir,
    MONGODB_URI,
    ...partners
  } = readEnvironment(environment, env);
  const temporal = loadClientConnectConfig();
  const file = join(dataDir, 'servers.json');
  const running = existsSync(file) ? serversFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return {
    temporal: {
      ...temporal.connectionOptions,
      address: temporal.connectionOptions.address || running?.temporalAddress || '127.0.0.1:7233',
    },
    namespace: temporal.namespace ?? 'default',
    mongodbUri: MONGODB_URI ?? running?.mongodbUri ?? localMongodb,
    taskQueue,
    logLevel,
    dataDir,
    ...(healthPort !== undefined && { healthPort }),
    ...(metricsAddress !== undefined && { metricsAddress }),
    ...(feedDir !== undefined && { feedDir }),
    ...(running?.temporalUi && { temporalUi: running.temporalUi }),
    ...partnersOf(partners, running),
    api: apiOf(partners, running),
    ...outwardOf(partners, running),
    ...sealingOf(partners, dataDir, running),
  };
}

/** The keys of the environment, else those of what `npm start` left running. */
function sealingOf(
  { TA_KEYS, TA_PAYLOADS }: Pick<z.infer<typeof environment>, 'TA_KEYS' | 'TA_PAYLOADS'>,
  dataDir: string,
  running?: z.infer<typeof serversFile>,
): Pick<Settings, 'keys' | 'payloads'> {
  const file = keysFileOf(dataDir);
  const keys = TA_KEYS ?? (running && existsSync(file) ? readKeys(readFileSync(file, 'utf8')) : undefined);
  const payloads = TA_PAYLOADS ?? (TA_KEYS ? 'sealed' : running?.payloads) ?? 'plain';
  if (payloads === 'sealed' && !keys) throw new Error('Settings are wrong. TA_PAYLOADS: sealed needs TA_KEYS');
  return { payloads, ...(keys && { keys }) };
}

/** The API; an issuer without an address of its keys, or the other way round, is refused. */
function apiOf(
  env: Omit<z.infer<typeof environment>, 'TA_DATA_DIR' | 'TA_TASK_QUEUE' | 'TA_LOG_LEVEL'>,
  running?: z.infer<typeof serversFile>,
): ApiSettings {
  const { TA_AUTH_ISSUER: name, TA_AUTH_JWKS_URL: jwksUrl, TA_API_SECRET: secret } = env;
  if ((name === undefined) !== (jwksUrl === undefined))
    throw new Error('Settings are wrong. TA_AUTH_ISSUER and TA_AUTH_JWKS_URL: set both, or none');
  return {
    host: env.TA_API_HOST,
    port: env.TA_API_PORT,
    drainMs: env.TA_API_DRAIN_MS,
    requestsPerMinute: env.TA_API_RATE,
    trustedProxies: env.TA_API_TRUSTED_PROXIES,
    audience: env.TA_AUTH_AUDIENCE,
    maxTokenHours: env.TA_AUTH_MAX_TOKEN_HOURS,
    devIssuer: env.TA_DEV_ISSUER,
    temporalUiOrigins: env.TA_TEMPORAL_UI_ORIGINS ?? originsOf(running?.temporalUi),
    ...(secret !== undefined && { secret }),
    ...(name !== undefined && jwksUrl !== undefined && { issuer: { name, jwksUrl } }),
    ...(running?.apiUrl !== undefined && { url: running.apiUrl }),
  };
}

/** A page of this machine, by either of its names. */
const originsOf = (url?: string): string[] =>
  url === undefined ? [] : [url, url.replace('//127.0.0.1:', '//localhost:')];

type Outward = Pick<
  z.infer<typeof environment>,
  'TA_WEBHOOK_ALLOW_PRIVATE' | 'TA_WEBHOOK_TIMEOUT_MS' | 'TA_SMTP_URL' | 'TA_MAIL_FROM' | 'TA_MAIL_PLATFORM'
>;

/** What goes out without being asked for. */
function outwardOf(env: Outward, running?: z.infer<typeof serversFile>): Pick<Settings, 'webhooks' | 'mail'> {
  const { TA_WEBHOOK_ALLOW_PRIVATE: isAllowed, TA_WEBHOOK_TIMEOUT_MS: timeoutMs } = env;
  const allowPrivate = isAllowed ?? running?.webhooksToPrivate ?? false;
  const { TA_SMTP_URL: url, TA_MAIL_FROM: from, TA_MAIL_PLATFORM } = env;
  if ((url === undefined) !== (from === undefined))
    throw new Error('Settings are wrong. TA_SMTP_URL and TA_MAIL_FROM go together');
  return {
    webhooks: { allowPrivate, timeoutMs },
    ...(url !== undefined && from !== undefined && { mail: { url, from, platform: TA_MAIL_PLATFORM ?? [] } }),
  };
}

/** The partners, of the environment or those that `npm start` left running. */
function partnersOf(
  env: Partial<z.infer<typeof environment>>,
  running?: z.infer<typeof serversFile>,
): Pick<Settings, 'card' | 'cardTokensUrl' | 'bank' | 'callbacks'> {
  const {
    TA_CARD_TOKENS_URL: cardTokensUrl,
    TA_CARD_SECRET,
    TA_BANK_SECRET,
    TA_CALLBACK_PORT,
    TA_CALLBACK_SECRET,
  } = env;
  const cardUrl = env.TA_CARD_URL ?? running?.cardUrl;
  const bankUrl = env.TA_BANK_URL ?? running?.bankUrl;
  return {
    ...(cardUrl !== undefined && { card: { url: cardUrl, ...(TA_CARD_SECRET && { secret: TA_CARD_SECRET }) } }),
    ...(cardTokensUrl !== undefined && { cardTokensUrl }),
    ...(bankUrl !== undefined && { bank: { url: bankUrl, ...(TA_BANK_SECRET && { secret: TA_BANK_SECRET }) } }),
    callbacks: {
      ...(TA_CALLBACK_PORT !== undefined && { port: TA_CALLBACK_PORT }),
      ...(TA_CALLBACK_SECRET && { secret: TA_CALLBACK_SECRET }),
    },
  };
}
