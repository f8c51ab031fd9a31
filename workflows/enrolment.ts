/**
 * The workflow of one application of a supplier for Trade Assurance (R13), from `apply` until it is approved, refused,
 * withdrawn or lapsed, and the orders that waited for it are told (R55). Each message is a Signal and an Update of its name.
 */
import {
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { enrolmentMessages, sentEnrolmentMessages } from '../domain/enrolment-messages';
import { refuse } from '../domain/refusal';
import { viewQuery } from './contract';
import type { EnrolmentInput, EnrolmentReply, EnrolmentResult, EnrolmentView } from './enrolment-contract';
import { EnrolmentShell } from './enrolment-shell';
import { failureOf } from './shell';

export async function enrolment(input: EnrolmentInput): Promise<EnrolmentResult> {
  const shell = new EnrolmentShell(input);
  listen(shell); // before the first await, so that no message comes too early
  return shell.run();
}

function listen(shell: EnrolmentShell): void {
  for (const name of sentEnrolmentMessages) {
    const { says, rule, from } = enrolmentMessages[name];
    const description = `${says} (${rule}; from ${from.join(', ')})`;
    setHandler(defineSignal<[unknown]>(name), (body) => shell.receive(name, body), { description });
    setHandler(defineUpdate<EnrolmentReply, [unknown]>(name), (body) => shell.answer(name, body), {
      description,
      validator: (body) => shell.check(name, body),
    });
  }
  const description = 'The application as the workflow has it';
  setHandler(defineQuery<EnrolmentView>(viewQuery), () => shell.view(), { description });
  // Every other name, the clock's too, is unknown from outside.
  setDefaultSignalHandler((name) => shell.keep(name, refuse('message.unknown', name)));
  setDefaultUpdateHandler((name) => {
    throw failureOf(refuse('message.unknown', name));
  });
}
