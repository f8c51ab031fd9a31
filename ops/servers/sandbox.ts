/**
 * The sandbox of card processor and bank (sandbox/) as a child process, like the servers: it needs a MongoDB that runs, and
 * is stopped before it.
 */
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endOrphan, launch, type Child } from './child';
import { answers } from './ports';

export interface SandboxPlan {
  dataDir: string;
  port: number;
  /** Of its mail server; without it there is none. */
  smtpPort?: number;
  /** The product's MongoDB; the sandbox has a database of its own there. */
  mongodbUri: string;
  /** Where it calls back, and what it signs with; without it call-backs wait. */
  callback?: { url: string; secret: string };
  /** Further settings of sandbox/settings.ts, above all delays. */
  env?: NodeJS.ProcessEnv;
  report: (line: string) => void;
  onStarted: (child: Child) => void;
}

/** Where the partners are, as TA_CARD_URL and TA_BANK_URL. */
export interface SandboxServer {
  cardUrl: string;
  bankUrl: string;
  /** Where the mails that it took are shown. */
  mailUrl: string;
  pid: number;
}

const root = resolve(__dirname, '../..');
/** Compiling it takes a slow machine some seconds. */
const startBoundMs = 60_000;

/** Resolves once it answers; rejects when it ends before, with the end of its log. */
export async function startSandbox(plan: SandboxPlan): Promise<SandboxServer> {
  const { dataDir, port, callback, report } = plan;
  const mark = `--data-dir=${resolve(dataDir)}`;
  await endOrphan(dataDir, 'sandbox', mark, report);
  const child = launch({
    name: 'sandbox',
    executable: process.execPath,
    args: [join(root, 'ops', 'run.cjs'), 'sandbox/main.ts', mark],
    dataDir,
    env: {
      ...process.env,
      MONGODB_URI: plan.mongodbUri,
      TA_SANDBOX_PORT: String(port),
      ...(plan.smtpPort !== undefined && { TA_SANDBOX_SMTP_PORT: String(plan.smtpPort) }),
      ...(callback && { TA_SANDBOX_CALLBACK_URL: callback.url, TA_CALLBACK_SECRET: callback.secret }),
      ...plan.env,
    },
    hasChannel: true,
    onUnexpectedEnd: report,
  });
  plan.onStarted(child);
  await Promise.race([ready(child, port), child.failure]);
  const at = `http://127.0.0.1:${port}`;
  report(`ready at ${at}`);
  return { cardUrl: `${at}/card`, bankUrl: `${at}/bank`, mailUrl: `${at}/mail/messages/all`, pid: child.pid };
}

async function ready(child: Child, port: number): Promise<void> {
  const deadline = Date.now() + startBoundMs;
  while (!(await answers(port))) {
    if (child.hasEnded()) return;
    if (Date.now() > deadline)
      throw new Error(`the sandbox does not answer at port ${port} after ${startBoundMs / 1000} s`);
    await pause(25);
  }
}
