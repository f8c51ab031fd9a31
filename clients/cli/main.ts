/** The command `ta`: this process's arguments, streams and environment given to `run`. */
import { text } from 'node:stream/consumers';
import { run } from './program';

// A reader that has seen enough (`ta order list | head`) is no fault of ours.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  process.exit(fault.code === 'EPIPE' ? 0 : 1);
});

async function firstBytes(most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

void run(process.argv.slice(2), {
  out: (line) => process.stdout.write(line),
  err: (line) => process.stderr.write(line),
  stdin: () => text(process.stdin),
  bytes: firstBytes,
  color: process.stdout.isTTY && !process.env.NO_COLOR,
  now: () => new Date().toISOString(),
  verbose: process.env.TA_LOG_LEVEL === 'debug' || process.env.TA_LOG_LEVEL === 'trace',
}).then((exitCode) => {
  process.exitCode = exitCode;
});
