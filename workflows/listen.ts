/** Registers the handlers of an order, from the message table: each message is a Signal and an Update of the same name. */
import {
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { messages, publicMessageNames } from '../domain/messages';
import { refuse } from '../domain/refusal';
import {
  catchUpSignal,
  entriesQuery,
  resumeSignal,
  viewQuery,
  type Answer,
  type AppliedEntry,
  type LiveView,
} from './contract';
import { failureOf, type OrderShell } from './shell';

export function listen(shell: OrderShell): void {
  for (const name of publicMessageNames) {
    const { says, rule, from } = messages[name];
    const description = `${says} (${rule}; from ${from.join(', ')})`;
    setHandler(defineSignal<[unknown]>(name), (body) => shell.receive(name, body), { description });
    setHandler(defineUpdate<Answer, [unknown]>(name), (body) => shell.answer(name, body), {
      description,
      validator: (body) => shell.check(name, body),
    });
  }
  setHandler(defineSignal<[unknown]>(resumeSignal), (how) => shell.resume(isSkip(how)), {
    description:
      'Go on, after an operator has mended the cause of a halt; {"skip": true} gives up the message that it halted on',
  });
  setHandler(defineSignal(catchUpSignal), () => shell.catchUp(), {
    description:
      'Read on in the journal: it may hold what this workflow has not seen (sent by the sweep and by `ta recover`)',
  });
  setHandler(defineQuery<LiveView>(viewQuery), () => shell.view(), { description: 'The order as the workflow has it' });
  setHandler(defineQuery<AppliedEntry[], [number]>(entriesQuery), (after) => shell.entries(after), {
    description: 'What this run has applied after a version, to restate a journal from (`ta recover`)',
  });
  // Every other name, those of the order's own clock and effects too, is unknown from outside.
  setDefaultSignalHandler((name) => shell.keep(name, refuse('message.unknown', name)));
  setDefaultUpdateHandler((name) => {
    throw failureOf(refuse('message.unknown', name));
  });
}

const isSkip = (how: unknown): boolean => typeof how === 'object' && how !== null && 'skip' in how && how.skip === true;
