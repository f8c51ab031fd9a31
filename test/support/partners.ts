/** The sandbox as a process of its own, and a receiver of its call-backs, for the tests of one file. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { callbackListener } from '../../clients/callbacks';
import type { Child } from '../../ops/servers/child';
import { freePorts } from '../../ops/servers/ports';
import { startSandbox } from '../../ops/servers/sandbox';
import { bankAt } from '../../partners/bank';
import { cardProcessorAt } from '../../partners/card';
import type { PartnerEvent } from '../../partners/events';
import { usd } from './builders';
import { required } from './world';

/** Shorter than the sandbox's late answer, long enough for what it does before. */
export const hastyMs = 2000;

/** The id of an effect that no other test has. */
export const effect = () => `order-${randomUUID().slice(0, 8)}:7:0`;
export const charge = (key: string, token: string, method: 'card' | 'e-checking' = 'card') => ({
  key,
  amount: usd(1028),
  method,
  token,
});

interface Told {
  id: string;
  event: PartnerEvent;
}

/** Collects what partners call back with. */
export class Receiver {
  readonly secret = `whsec_${Buffer.from(randomUUID()).toString('base64')}`;
  readonly told: Told[] = [];
  /** What else happens with an event; may reject, or never answer. */
  onEvent: (event: PartnerEvent) => Promise<void> = () => Promise.resolve();
  #waiting: (() => void)[] = [];
  readonly #server = createServer(
    callbackListener({
      secret: this.secret,
      onEvent: async (event, id) => {
        await this.onEvent(event);
        this.told.push({ id, event });
        this.#waiting.splice(0).forEach((look) => look());
      },
    }),
  );

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/partners`;
  }

  /** The first `count` events of a key, in the order of their arrival. */
  async about(key: string, count = 1): Promise<PartnerEvent[]> {
    for (;;) {
      const found = this.told.filter(({ event }) => event.key === key).map(({ event }) => event);
      if (found.length >= count) return found;
      await new Promise<void>((look) => this.#waiting.push(look));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** Short enough to wait for; a late answer is later than the time-out of the `hasty` clients. */
const delays = {
  TA_SANDBOX_SETTLE_MS: '150',
  TA_SANDBOX_RETURN_MS: '150',
  TA_SANDBOX_LATE_MS: '60000',
  TA_SANDBOX_RETRY_MS: '20',
};

export class Sandbox {
  readonly receiver = new Receiver();
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'ta-sandbox-'));
  readonly #database = `ta_${randomUUID().slice(0, 8)}`;
  readonly #mongo = new mongo.MongoClient(required('TEST_MONGODB_URI'));
  readonly #env: NodeJS.ProcessEnv;
  #child: Child | undefined;
  #port = 0;
  #callbackUrl = '';

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = { ...delays, ...env };
  }

  async open(): Promise<void> {
    this.#callbackUrl = await this.receiver.open();
    [this.#port = 0] = await freePorts(1);
    await this.start();
  }

  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const uri = new URL(required('TEST_MONGODB_URI'));
    uri.pathname = `/${this.#database}`;
    await startSandbox({
      dataDir: this.#dataDir,
      port: this.#port,
      mongodbUri: uri.href,
      callback: { url: this.#callbackUrl, secret: this.receiver.secret },
      env: { ...this.#env, ...env },
      report: () => undefined,
      onStarted: (child) => (this.#child = child),
    });
  }

  /** As when the machine fails. */
  async kill(): Promise<void> {
    if (!this.#child) return;
    process.kill(this.#child.pid, 'SIGKILL');
    await this.#child.failure.catch(() => undefined);
  }

  card = (timeoutMs?: number, secret?: string) =>
    cardProcessorAt(`${this.url}/card`, { ...(timeoutMs !== undefined && { timeoutMs }), secret });
  bank = (timeoutMs?: number) => bankAt(`${this.url}/bank`, timeoutMs === undefined ? {} : { timeoutMs });

  /** A folder that goes when this sandbox is closed. */
  folder = (name: string): string => join(this.#dataDir, name);

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** The sandbox's own books. */
  get books(): mongo.Db {
    return this.#mongo.db(`${this.#database}_sandbox`);
  }

  async close(): Promise<void> {
    await this.#child?.stop().catch(() => undefined);
    await this.receiver.close();
    await this.books.dropDatabase();
    await this.#mongo.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
