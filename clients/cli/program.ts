/** `run`: the commands of `ta` put together, one run of them, and how it ends (exit codes in docs/reference/cli.md). */
import { Command, CommanderError } from 'commander';
import { bookCommands } from './book-commands';
import { checkCommands } from './check-commands';
import { creditCommands } from './credit-commands';
import { doctorCommands } from './doctor-commands';
import { enrolCommands } from './enrol-commands';
import { exitCodes, stopOf, type Stop } from './faults';
import type { Action, Add } from './command';
import { feedCommands } from './feed-commands';
import type { Io, Output } from './io';
import { inboxCommands } from './inbox-commands';
import { memberCommands } from './member-commands';
import { messageCommands } from './message-commands';
import { moneyCommands } from './money-commands';
import { noticeCommands } from './notice-commands';
import { orderCommands } from './order-commands';
import { recoverCommands } from './recover-commands';
import { schemeCommands } from './scheme-commands';
import { supplierCommands } from './supplier-commands';
import { clean, painter } from './text';
import { tokenCommands } from './token-commands';
import { webhookCommands } from './webhook-commands';

/** Runs one command line; answers its exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const wantsJson = argv.includes('--json');
  let output: Output | undefined;
  const action: Action = async (perform) => {
    output = await perform(io);
  };
  try {
    await programOf(io, action).parseAsync(argv, { from: 'user' });
  } catch (fault) {
    if (fault instanceof CommanderError && fault.code === 'commander.helpDisplayed') return exitCodes.ok;
    // A group without a command: its help is told already, on stderr.
    if (fault instanceof CommanderError && fault.code === 'commander.help') return exitCodes.usage;
    const stop = stopOf(fault);
    tell(stop, io, wantsJson);
    return stop.exitCode;
  }
  if (!output) return exitCodes.ok;
  if (output.json === undefined) return output.exitCode ?? exitCodes.ok;
  io.out(wantsJson ? `${JSON.stringify(output.json, null, 2)}\n` : `${output.lines(painter(io.color)).join('\n')}\n`);
  return output.exitCode ?? exitCodes.ok;
}

function programOf(io: Io, action: Action): Command {
  const program = new Command('ta')
    .description(
      'Trade Assurance orders: start them, send them messages, look at them, pay suppliers, check the books.',
    )
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: () => undefined, // `tell` does
    })
    .addHelpText(
      'after',
      `
Run it as \`npm run -s ta -- order list\`, or as \`ta order list\` where the package is installed.
It finds the servers of \`npm start\` by itself; elsewhere set TEMPORAL_ADDRESS, MONGODB_URI, TA_TASK_QUEUE.

Exit codes: 0 done; 1 refused, or a check found differences; 2 wrong usage; 3 a server does not answer; 4 a fault of ours.`,
    );
  const add: Add = (parent, { call, says, examples }) =>
    parent
      .command(call)
      .description(says)
      .option('--json', 'one JSON document on stdout, nothing else; a refusal or fault, too')
      .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ta ${line}`).join('\n')}`);
  orderCommands(program, add, action);
  messageCommands(program, add, action);
  schemeCommands(program, add, action);
  feedCommands(program, add, action);
  enrolCommands(program, add, action);
  memberCommands(program, add, action);
  creditCommands(program, add, action);
  bookCommands(program, add, action);
  checkCommands(program, add, action);
  recoverCommands(program, add, action);
  moneyCommands(program, add, action);
  inboxCommands(program, add, action);
  noticeCommands(program, add, action);
  supplierCommands(program, add, action);
  webhookCommands(program, add, action);
  tokenCommands(program, add, action);
  doctorCommands(program, add, action);
  return program;
}

/** Why it did not succeed: for people on stderr; with `--json` as the one document on stdout. */
function tell({ exitCode, told, cause }: Stop, io: Io, wantsJson: boolean): void {
  if (wantsJson) {
    io.out(`${JSON.stringify({ error: told }, null, 2)}\n`);
  } else {
    const paint = painter(io.color);
    const name = exitCode === exitCodes.refused ? 'Refused' : 'Error';
    const rule = told.rule ? ` (${told.rule})` : '';
    const lines = [`${paint('red', name)}: ${paint('bold', told.code)}${rule}`, `  ${clean(told.text)}`];
    if (told.detail) lines.push(`  ${clean(told.detail)}`);
    io.err(`${lines.join('\n')}\n`);
  }
  if (io.verbose && cause instanceof Error) io.err(`${cause.stack ?? ''}\n`);
}
