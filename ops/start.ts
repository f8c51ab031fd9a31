/**
 * `npm start`: brings up the servers and a worker, plays one seeded order live, says where to look, and stays up.
 * `npm run demo` (`--demo`) ends after the order with exit code 0. However it ends, what it started is stopped in order:
 * the worker, then Temporal, then MongoDB.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TradeAssuranceClient, type OrderView } from '../clients';
import { loadSettings, type Settings } from '../config/settings';
import { provideKeys } from './start/own-keys';
import { workflowIdOf } from '../workflows/contract';
import { startServers, type RunningServers } from './servers';
import type { Child } from './servers/child';
import { assertFree, freePorts } from './servers/ports';
import { startSandbox, type SandboxServer } from './servers/sandbox';
import { failureText } from './servers/text';
import { setUp } from './setup';
import { provideWeb } from './web';
import { playDemo, tellOutcome } from './start/demo';
import { playScript, tellStories } from './start/play-script';
import { BrokenOff, Ending } from './start/ending';
import { runTasks } from './start/progress';
import { complain, isTerminal, quiet, rows, say, seconds, strong, warning, type Row } from './start/screen';
import { removeServersFile, writeServersFile } from './start/servers-file';
import { WatchedProcess, type WatchedOptions } from './start/watched';

/** Between two messages, so that one can read along; nobody reads along without a terminal. */
const defaultPaceMs = isTerminal ? 400 : 0;

/** What is asked for on the command line. */
interface Wish {
  isDemo: boolean;
  paceMs: number;
  /** Name of a scripted story, to be played in place of the demo order. */
  story?: string | undefined;
  /** What is sent to Temporal is sealed with the data folder's own key. */
  isSealed: boolean;
}

class Start {
  readonly #ending = new Ending((exitCode) => process.exit(exitCode));
  readonly #settings = loadSettings();
  #sandbox: SandboxServer | undefined;
  /** Only what stays up is called over HTTP. */
  #hasApi = false;
  #isSealed = false;
  /** What stops each thing that was started, in the order of the starts. */
  readonly #stops: (() => Promise<void> | void)[] = [];

  async run({ isDemo, paceMs, story, isSealed }: Wish): Promise<void> {
    try {
      say(`\n${strong('Trade Assurance orders on Temporal')}\n`);
      this.#isSealed = isSealed || this.#settings.payloads === 'sealed';
      this.#hasApi = !isDemo && story === undefined;
      if (this.#hasApi)
        await assertFree([{ port: this.#settings.api.port, what: 'HTTP API', variable: 'TA_API_PORT' }]);
      await this.#servers();
      if (story !== undefined) {
        const { mongodbUri, dataDir } = loadSettings();
        await this.#ending.during(() => playScript(story, mongodbUri, dataDir));
        return;
      }
      const settings = loadSettings(); // now with the addresses of servers.json
      await this.#processes(settings);
      const ta = await this.#ending.during(() => TradeAssuranceClient.connect(settings));
      this.#stops.push(() => ta.close());
      say(quiet(`\nReady in ${seconds(performance.now())}.\n`));
      const order = await this.#ending.during(() => this.#play(ta, paceMs));
      if (!isDemo) await this.#stay(settings, order);
    } finally {
      await this.#stop();
    }
  }

  async #servers(): Promise<void> {
    const { dataDir } = this.#settings;
    const tells: Partial<Record<'temporal' | 'mongodb', (line: string) => void>> = {};
    let isUp = false;
    const report = (server: 'temporal' | 'mongodb', line: string) => {
      if (isUp) this.#ending.break(new Error(`A server has failed: ${line}`));
      else if (!line.startsWith('ready')) tells[server]?.(line);
    };
    const { signal } = this.#ending;
    const started = startServers({ dataDir, ports: 'fixed', report, signal, codecUrl: this.#codecUrl() });
    await runTasks([
      {
        title: 'Temporal',
        run: async (tell) => {
          tells.temporal = tell;
          const { address, uiUrl, ...where } = (await started).temporal;
          return `${address}${uiUrl ? `, Web UI ${uiUrl}` : ''} ${quiet(cameFrom(where))}`;
        },
      },
      {
        title: 'MongoDB',
        run: async (tell) => {
          tells.mongodb = tell;
          const { uri, ...where } = (await started).mongodb;
          return `${hostOf(uri)} ${quiet(cameFrom(where))}`;
        },
      },
    ]).catch((fault: unknown) => {
      signal.throwIfAborted(); // then that is why, and `startServers` has stopped what it had started
      throw fault;
    });
    const running = await started;
    isUp = true;
    this.#stops.push(() => running.stop());
    this.#announce(running, await this.#partners(running.mongodb.uri));
  }

  /** Where Temporal's Web UI has payloads opened. */
  #codecUrl(): string | undefined {
    const { host, port } = this.#settings.api;
    return this.#isSealed && this.#hasApi ? `http://${host}:${String(port)}/codec` : undefined;
  }

  /** The sandbox of card processor and bank, unless the environment names real ones. */
  async #partners(mongodbUri: string): Promise<SandboxServer | undefined> {
    const { dataDir, card, bank } = this.#settings;
    if (card && bank) return undefined;
    let tell: (line: string) => void = () => undefined;
    const start = async () => {
      const [port = 0, callbackPort = 0, smtpPort = 0] = await freePorts(3);
      // The worker, a child of this process, listens there for what the sandbox signs.
      process.env.TA_CALLBACK_PORT ??= String(callbackPort);
      process.env.TA_CALLBACK_SECRET ??= `whsec_${randomBytes(32).toString('base64')}`;
      // The API, another one, tells the payer's page where a card's number is changed for a token.
      process.env.TA_CARD_TOKENS_URL ??= `http://127.0.0.1:${String(port)}/card/tokens`;
      // The relay, another child, sends its mails there.
      process.env.TA_SMTP_URL ??= `smtp://127.0.0.1:${String(smtpPort)}`;
      process.env.TA_MAIL_FROM ??= 'Trade Assurance <orders@ta.example>';
      process.env.TA_MAIL_PLATFORM ??= 'operators@ta.example';
      const callback = {
        url: `http://127.0.0.1:${process.env.TA_CALLBACK_PORT}/partners`,
        secret: process.env.TA_CALLBACK_SECRET,
      };
      const onStarted = (child: Child) => this.#stops.push(() => child.stop());
      const report = (line: string) => tell(line);
      return startSandbox({ dataDir, port, smtpPort, mongodbUri, callback, report, onStarted });
    };
    await runTasks([
      {
        title: 'Sandbox',
        run: async (report) => {
          tell = report;
          const sandbox = await this.#ending.during(start);
          this.#sandbox = sandbox;
          return `card processor, bank and mail server ${quiet(`(nothing real; pid ${String(sandbox.pid)})`)}`;
        },
      },
    ]);
    return this.#sandbox;
  }

  /** Tells other processes where the servers are, for as long as they run. */
  #announce(running: RunningServers, partners: SandboxServer | undefined): void {
    const { dataDir } = this.#settings;
    const remove = () => removeServersFile(dataDir);
    const { host, port } = this.#settings.api;
    if (!this.#settings.keys) provideKeys(dataDir);
    writeServersFile(dataDir, running, {
      ...{ partners, payloads: this.#isSealed ? 'sealed' : 'plain' },
      ...(this.#hasApi && { apiUrl: `http://${host}:${String(port)}` }),
    });
    process.once('exit', remove); // for when the end is forced
    this.#stops.push(() => {
      process.removeListener('exit', remove);
      remove();
    });
  }

  /** The database, then the worker and the API at the same time. */
  async #processes(settings: Settings): Promise<void> {
    const setUpDatabase = async () => {
      const { documents, searchAttributes } = await setUp(settings, 'all');
      if (documents + searchAttributes.length === 0) return 'as before: seeds, search attributes';
      return `${String(documents)} seeds, ${String(searchAttributes.length)} search attributes added`;
    };
    await runTasks([{ title: 'Database', run: () => this.#ending.during(setUpDatabase) }]);
    await this.#watch('Worker', settings, { name: 'worker', script: 'workers/main.ts' });
    await this.#watch('Relay', settings, { name: 'relay', script: 'relay/main.ts' });
    if (!this.#hasApi) return;
    const portal = async () => ((await provideWeb()) ? 'built' : 'as built before');
    await runTasks([{ title: 'Portal', run: () => this.#ending.during(portal) }]);
    // Tokens of the local key are taken where the environment names no issuer.
    const env = {
      TA_FEED_DIR: feedDirOf(settings),
      TA_API_DRAIN_MS: '0', // before it is no balancer
      ...(!settings.api.issuer && { TA_DEV_ISSUER: 'true' }),
    };
    await this.#watch('HTTP API', settings, { name: 'api', script: 'clients/http/main.ts', env });
  }

  async #watch(
    title: string,
    { dataDir }: Settings,
    what: Pick<WatchedOptions, 'name' | 'script' | 'env'>,
  ): Promise<void> {
    const afterwards = (line: string) => say(warning(`   ${line}\n`));
    let tell = afterwards;
    const watched = new WatchedProcess({
      ...what,
      dataDir,
      report: (line) => tell(line),
      onGivenUp: (failure) => this.#ending.break(failure),
    });
    this.#stops.push(() => watched.stop());
    await runTasks([
      {
        title,
        run: (report) => {
          tell = report;
          return this.#ending.during(async () => {
            await watched.start();
            return `pid ${String(watched.pid)}, log ${watched.logFile}`;
          });
        },
      },
    ]);
    tell = afterwards;
  }

  async #play(ta: TradeAssuranceClient, paceMs: number): Promise<OrderView> {
    const order = await ta.view(await playDemo(ta, paceMs));
    await tellOutcome(ta, order);
    return order;
  }

  async #stay(settings: Settings, { id, supplier, buyer }: OrderView): Promise<void> {
    const { temporalUi, namespace, api } = settings;
    const mailUrl = this.#sandbox?.mailUrl;
    const where: Row[] = [
      ['Temporal', temporalUi ? [`${temporalUi}/namespaces/${namespace}/workflows/${workflowIdOf(id)}`] : []],
      ['order', [`npm run -s ta -- order show ${id}`]],
      ['orders', ['npm run -s ta -- order list']],
      ['credit', [`npm run -s ta -- credit explain ${supplier}`]],
      ['books', ['npm run -s ta -- ledger check']],
      ['messages', ['npm run -s ta -- message list']],
      ['health', ['npm run -s ta -- doctor']],
      ['views', ['npm run -s ta -- doctor --views']],
      ['Portal', api.url === undefined ? [] : [api.url]],
      ['mails', mailUrl === undefined ? [] : [mailUrl]],
      ['HTTP API', api.url === undefined ? [] : [`${api.url}/docs`]],
      ['a token', [`npm run -s ta -- token --as buyer:${buyer}`]],
      ['feeds', [`${feedDirOf(settings)}/camt.054, /cusres, …: put a bank’s or customs’ file there`]],
    ];
    if (this.#isSealed)
      where.push([
        'sealed',
        ['What Temporal keeps; its UI opens it for whoever is signed in to the portal as the platform'],
      ]);
    say(`\n${strong('Where to look')}\n${rows(where, 2, 10)}\n`);
    say('The servers, the worker and the API stay up. Ctrl-C ends them.');
    await this.#ending.broken().catch((reason: unknown) => {
      if (!(reason instanceof BrokenOff)) throw reason;
    });
  }

  async #stop(): Promise<void> {
    if (this.#stops.length === 0) return;
    say(quiet('\nStopping the API, the worker, Temporal and MongoDB …'));
    for (const stop of this.#stops.reverse()) {
      await Promise.resolve(stop()).catch((fault: unknown) => complain(failureText(fault)));
    }
    say(quiet('Stopped. The data stays where it is; the next start goes on with it.'));
  }
}

/** The folder in which files of banks and customs are looked for. */
const feedDirOf = ({ dataDir, feedDir }: Settings): string => feedDir ?? resolve(dataDir, 'feeds');

/** How a server came about, for people. */
function cameFrom({ source, pid }: { source: string; pid?: number }): string {
  if (pid === undefined) return '(runs already, named by the environment)';
  const ways: Record<string, string> = {
    environment: 'the executable that the environment names',
    path: 'found on PATH',
    cache: 'from the cache',
    download: 'downloaded',
    registry: 'from the package registry',
  };
  return `(${ways[source] ?? source}, pid ${String(pid)})`;
}

const hostOf = (uri: string): string => /\/\/(?:[^@/]*@)?([^/]+)/.exec(uri)?.[1] ?? '';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      pace: { type: 'string' },
      story: { type: 'string' },
      sealed: { type: 'boolean', default: false },
    },
  });
  if (values.story === 'list') {
    tellStories();
    return 0;
  }
  const paceMs = Number(values.pace ?? defaultPaceMs);
  if (!Number.isInteger(paceMs) || paceMs < 0) throw new Error('--pace wants milliseconds');
  await new Start().run({ isDemo: values.demo, paceMs, story: values.story, isSealed: values.sealed });
  return 0;
}

void main()
  .catch((fault: unknown) => {
    if (fault instanceof BrokenOff) return fault.exitCode;
    complain(failureText(fault));
    return 1;
  })
  // What was broken off may still hold connections.
  .then((exitCode) => process.exit(exitCode));
