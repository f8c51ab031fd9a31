/** The command `ta`: this process's arguments, streams and environment given to `run`. */
import { text } from 'node:stream/consumers';
import { run } from './program';

// A reader that has seen enough (`ta order list | head`) is no fault of ours.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  process.exit(fault.code === 'EPIPE' ? 0 : 1);
});

void run(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  err: (line) => process.stderr.write(line),
  stdin: () => text(process.stdin),
  color: process.stdout.isTTY && !process.env.NO_COLOR,
  now: () => new Date().toISOString(),
  verbose: process.env.TA_LOG_LEVEL === 'debug' || process.env.TA_LOG_LEVEL === 'trace',
}).then((exitCode) => {
  process.exitCode = exitCode;
});
