/**
 * One server as a child process: in a group of its own, so that the terminal's Ctrl-C does not end it before its turn;
 * its output in a log file; its pid in a file, so that the next start finds it should this process be killed.
 */
import { spawn, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, endStranger, isAlive } from './processes';

/** mongod's checkpoint and Temporal's drain take about a second each; longer than this is a hang. */
const graceMs = 15_000;

export interface ChildPlan {
  name: string;
  executable: string;
  args: string[];
  dataDir: string;
  env?: NodeJS.ProcessEnv;
  /** A Node process of ours: it is given a channel, and ends when that breaks, however its owner ended. */
  hasChannel?: boolean;
  /** Said when it ends without having been told to. */
  onUnexpectedEnd: (line: string) => void;
}

export interface Child {
  pid: number;
  /** Rejects when the process ends before it was told to; never resolves. */
  failure: Promise<never>;
  /** For whoever polls the server: there is nothing to wait for once it has ended. */
  hasEnded(): boolean;
  stop(): Promise<void>;
}

export function pidFile(dataDir: string, name: string): string {
  return join(dataDir, `${name}.pid`);
}

function logFile(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}

export function launch(plan: ChildPlan): Child {
  const { name, dataDir } = plan;
  const log = openLog(dataDir, name);
  const stdio: StdioOptions = ['ignore', log, log, ...(plan.hasChannel ? ['ipc' as const] : [])];
  const child = spawn(plan.executable, plan.args, { detached: true, stdio, env: plan.env });
  child.channel?.unref();
  closeSync(log);
  let stopping = false;
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `by ${signal}` : `with code ${code}`));
    child.once('error', (error) => resolve(`before it began: ${error.message}`));
  });
  try {
    if (child.pid) writeFileSync(pidFile(dataDir, name), String(child.pid));
  } catch (fault) {
    child.kill('SIGKILL'); // the disk is full, say: nobody would find it again
    throw fault;
  }
  // The last resort, when the owner's process ends without `stop`: told to end, the servers do so by themselves.
  const onExit = () => child.kill('SIGTERM');
  process.once('exit', onExit);
  const failure = ended.then((how) => {
    over = true;
    process.removeListener('exit', onExit);
    rmSync(pidFile(dataDir, name), { force: true });
    const line = `${name} ended ${how}; ${logFile(dataDir, name)} says:\n${logTail(dataDir, name)}`;
    if (!stopping) plan.onUnexpectedEnd(line);
    throw new Error(line);
  });
  failure.catch(() => undefined); // not everybody waits for it
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended.finally(() => clearTimeout(kill));
  };
  return { pid: child.pid ?? 0, failure, hasEnded: () => over, stop };
}

/** A log for each start, and the one before it: enough to look at, and it never fills the disk over months. */
function openLog(dataDir: string, name: string): number {
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const file = logFile(dataDir, name);
  if (existsSync(file)) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

function logTail(dataDir: string, name: string): string {
  const lines = readFileSync(logFile(dataDir, name), 'utf8').trim().split('\n');
  return lines.slice(-5).join('\n');
}

/**
 * Ends the server which an owner that was killed left behind. Only one that is ours: `mark`, its place in our data
 * folder, must stand in its command line, since the pid may be another process's by now.
 */
export async function endOrphan(dataDir: string, name: string, mark: string, report: (line: string) => void) {
  const file = pidFile(dataDir, name);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  if (pid > 0 && isAlive(pid) && commandLine(pid).includes(mark)) {
    report(`ending the ${name} that an earlier start left behind (pid ${pid})`);
    await endStranger(pid, graceMs);
  }
  rmSync(file, { force: true });
}
