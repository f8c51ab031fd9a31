/**
 * Ports of the local servers: free ones for tests, and for the fixed ones a check before the start, whose error says
 * what wants the port, who holds it, and which variable changes it. A server's own complaint would be a line in a log.
 */
import { execFile } from 'node:child_process';
import { createServer, connect } from 'node:net';
import type { Server } from 'node:net';
import { commandLine } from './processes';

const host = '127.0.0.1';

export interface PortWish {
  port: number;
  /** What wants it, for people. */
  what: string;
  /** The environment variable that changes it. */
  variable: string;
}

export function wishedPort(what: string, variable: string, usual: number, env: NodeJS.ProcessEnv): PortWish {
  const text = env[variable];
  const port = text ? Number(text) : usual;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${variable}: ${text} is not a port`);
  return { port, what, variable };
}

/** Throws with every busy port named, not only the first. */
export async function assertFree(wishes: PortWish[]): Promise<void> {
  const complaints = await Promise.all(
    wishes.map(async (wish) => ((await isFree(wish.port)) ? undefined : complaint(wish))),
  );
  const busy = complaints.filter((line) => line !== undefined);
  if (busy.length > 0) throw new Error(busy.join('\n'));
}

async function complaint({ port, what, variable }: PortWish): Promise<string> {
  const holder = await portHolder(port);
  const by = holder ? `by ${holder}` : 'by another process';
  return `Port ${port}, which the ${what} wants, is in use ${by}. End that, or set ${variable} to another port.`;
}

/** Several ports at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => close(server)));
  return ports;
}

/** Asks both ways: some systems let a second one listen beside a wildcard address. */
async function isFree(port: number): Promise<boolean> {
  if (await answers(port)) return false;
  try {
    await close(await listen(port));
    return true;
  } catch {
    return false;
  }
}

/** Does anybody accept connections there? */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** Who listens there, as far as the system's tools tell: "mongod (pid 123: mongod --port 27017)". */
async function portHolder(port: number): Promise<string | undefined> {
  const [sockets, files] = await Promise.all([
    quietOutput('ss', ['-Hltnp', `sport = :${port}`]),
    quietOutput('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']),
  ]);
  const pid = /pid=(\d+)/.exec(sockets)?.[1] ?? /^p(\d+)/m.exec(files)?.[1];
  if (!pid) return undefined;
  const command = commandLine(Number(pid));
  return command ? `pid ${pid} (${command.length > 120 ? `${command.slice(0, 120)}…` : command})` : `pid ${pid}`;
}

/** Output of a tool that may not exist. */
function quietOutput(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 3000 }, (_error, stdout) => resolve(stdout || ''));
  });
}
