/** What withdrawals and settlements have in common: how input is read, activities are called, and repetitions answered. */
import { condition, proxyActivities } from '@temporalio/workflow';
import type { z } from 'zod';
import type { FundsActivities } from '../activities/funds';
import { problemsOf } from '../domain/parse';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { failureOf } from './shell';

/** The input as its form has it; what has another form fails the workflow with `message.invalid`. */
export function inputOf<Form extends z.ZodType>(form: Form, input: unknown): z.infer<Form> {
  const parsed = form.safeParse(input);
  if (!parsed.success) throw failureOf(refuse('message.invalid', problemsOf(parsed.error)));
  return parsed.data;
}

/** The activities, under a line that says on the timeline what is done. Tried until they succeed: money is under way. */
export const step = (summary: string): FundsActivities =>
  proxyActivities<FundsActivities>({
    startToCloseTimeout: '30s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
    summary,
  });

/** An Update's validator: the same id with another body is refused. */
export const sameAs =
  <Request>(form: z.ZodType<Request>, own: Request) =>
  (body: unknown): void => {
    if (JSON.stringify(inputOf(form, body)) !== JSON.stringify(own)) throw failureOf(refuse('message.id-reused'));
  };

/** The value once it is there; a refusal is thrown, as the failure of an Update. */
export async function answerOf<T extends object>(value: () => T | Refusal | undefined): Promise<T> {
  await condition(() => value() !== undefined);
  const answer = value();
  if (answer === undefined || isRefusal(answer)) throw failureOf(answer ?? refuse('message.failed'));
  return answer;
}

export const now = (): string => new Date().toISOString();
