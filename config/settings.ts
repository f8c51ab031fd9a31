/**
 * Settings of every process of the product: our own variables through one zod schema, Temporal's own
 * (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`, `TEMPORAL_PROFILE`) through
 * `@temporalio/envconfig`. Where neither says anything, the servers that `npm start` left running are used
 * (`.data/servers.json`), else the usual local ports.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

/** What `npm start` writes once its servers answer, so that the CLI finds them. */
export const serversFile = z.object({
  temporalAddress: z.string(),
  temporalUi: z.string().optional(),
  mongodbUri: z.string(),
});

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
  TA_HEALTH_PORT: z.coerce.number().int().min(1).max(65535).optional(),
});

export interface Settings {
  temporal: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & { address: string };
  namespace: string;
  mongodbUri: string;
  taskQueue: string;
  logLevel: z.infer<typeof environment>['TA_LOG_LEVEL'];
  dataDir: string;
  healthPort?: number;
  /** Where Temporal's Web UI is, if known. */
  temporalUi?: string;
}

const localMongodb = 'mongodb://127.0.0.1:27017/trade_assurance?replicaSet=rs0&directConnection=true';

/** Reads the settings from `env`. Throws with the variable's name and what is wrong with it. */
export function loadSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const own = environment.safeParse(env);
  if (!own.success) {
    const problems = own.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Settings are wrong. ${problems.join('; ')}`);
  }
  const {
    TA_DATA_DIR: dataDir,
    TA_TASK_QUEUE: taskQueue,
    TA_LOG_LEVEL: logLevel,
    TA_HEALTH_PORT: healthPort,
    MONGODB_URI,
  } = own.data;
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
    ...(running?.temporalUi && { temporalUi: running.temporalUi }),
  };
}
