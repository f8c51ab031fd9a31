/** CPU clocks of other processes: /proc where there is one (to 10 ms), else `ps`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, on every architecture that Node runs on. */
const msPerTick = 10;

/** CPU time that the process has used so far, in ms. */
export function cpuMsOf(pid: number): number {
  const stat = `/proc/${String(pid)}/stat`;
  if (existsSync(stat)) return cpuMsOfStat(readFileSync(stat, 'utf8'));
  return cpuMsOfPs(execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }));
}

/** User and system time of a line of /proc/<pid>/stat; the process's name in it may hold spaces and brackets. */
export function cpuMsOfStat(line: string): number {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`, as `ps` prints it. */
export function cpuMsOfPs(text: string): number {
  const [clock = '', days = '0'] = text.trim().split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}
