/**
 * Processes of others: is one alive, is it still the same one, what was it started with. Pids are used again, so a pid
 * alone proves nothing. /proc where there is one (slim containers lack `ps`), else `ps`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './text';

const hasProc = existsSync('/proc/self/stat');

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return !isZombie(pid);
}

/** A dead process whose parent has not asked for its end still has a pid, but holds nothing. */
function isZombie(pid: number): boolean {
  return hasProc && statFields(pid)?.[0] === 'Z';
}

/** The command with its arguments; empty when the process is gone. */
export function commandLine(pid: number): string {
  if (!hasProc) return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** When the process began, in whatever unit: only for telling it from a later one with the same pid. */
export function beginning(pid: number): string {
  return hasProc ? (statFields(pid)?.[19] ?? '') : ps(pid, 'lstart=');
}

/** Fields of /proc/<pid>/stat from the third on (the second, the name, may hold spaces). */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already, which is what was wanted
  }
}

/** SIGTERM, then SIGKILL after `graceMs`, for a process that is not a child (a child tells its end by itself). */
export async function endStranger(pid: number, graceMs: number): Promise<void> {
  signalProcess(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) signalProcess(pid, 'SIGKILL');
    await pause(20);
  }
}
