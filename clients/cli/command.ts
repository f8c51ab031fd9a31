/** What the files of commands have in common: how a command is added, and how its action answers. */
import type { Command } from 'commander';
import type { Io, Output } from './io';

/** A command: how it is called, what it does, and examples for its help. */
export interface Usage {
  /** `show <id>` */
  call: string;
  says: string;
  /** Without the `npm run -s ta --` before them. */
  examples: readonly string[];
}

/** Adds a command under `parent`. */
export type Add = (parent: Command, usage: Usage) => Command;

/** Adds a group of commands: `order`. */
export const group = (program: Command, name: string, says: string): Command =>
  program.command(name).description(says).helpCommand(false);

/** What a command's action answers with. */
export type Action = (perform: (io: Io) => Output | Promise<Output>) => Promise<void>;
