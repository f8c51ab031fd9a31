/** What a command sees of the world, and what it answers with: one value as JSON, the same as lines for people. */
import type { Paint } from './text';

export interface Io {
  out: (text: string) => void;
  err: (text: string) => void;
  /** All of standard input. */
  stdin: () => Promise<string>;
  /** The first bytes of standard input, at most so many. */
  bytes: (most: number) => Promise<Uint8Array>;
  color: boolean;
  /** The present instant, ISO 8601. */
  now: () => string;
  /** Whether a fault of ours shows its stack. */
  verbose: boolean;
}

export interface Output {
  /** The whole answer, for `--json`; undefined when the command has said it itself, in lines of JSON. */
  json: unknown;
  /** The same for people, line by line. */
  lines: (paint: Paint) => string[];
  /** 0 unless the command found something amiss. */
  exitCode?: number;
}
