/** Tasks side by side, each with a line of its own that tells how far it is: drawn by listr2, or plain without a terminal. */
import { Listr, PRESET_TIMER } from 'listr2';
import { isTerminal, quiet, say, seconds, strong } from './screen';

export interface Task {
  title: string;
  /** Resolves to what is told of it once it is done. */
  run: (report: (line: string) => void) => Promise<string>;
}

/** Runs all at once, to the end of each. Rejects with the first failure, which is for the caller to tell. */
export async function runTasks(tasks: readonly Task[]): Promise<void> {
  await (isTerminal ? draw(tasks) : print(tasks));
}

const width = 10;
const titled = (title: string, text: string): string => `${strong(title.padEnd(width))} ${text}`;

async function draw(tasks: readonly Task[]): Promise<void> {
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title: titled(title, quiet('starting …')),
      task: async (_context, line) => {
        line.title = titled(title, await run((text) => (line.title = titled(title, quiet(text)))));
      },
    })),
    {
      concurrent: true,
      exitOnError: false, // it would leave the others drawing
      collectErrors: 'minimal',
      registerSignalListeners: false, // Ctrl-C is ours: listr2 would end the process under its servers
      rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false, collapseErrors: false },
    },
  );
  await list.run();
  const [failure] = list.errors;
  if (failure) throw failure.error;
}

async function print(tasks: readonly Task[]): Promise<void> {
  const began = performance.now();
  const results = await Promise.allSettled(
    tasks.map(async ({ title, run }) => {
      const done = await run((text) => say(titled(title, text)));
      say(titled(title, `${done} (${seconds(performance.now() - began)})`));
    }),
  );
  const failure = results.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
