/** What the workflows of a supplier's money and their callers agree on: names, ids, inputs. */
import type { Actor } from '../domain/messages';

/** Names of the workflow types. */
export const withdrawalWorkflow = 'withdrawal';
export const settlementWorkflow = 'settlement';

/** Ids of their workflows. */
export const withdrawalWorkflowId = (id: string): string => `ta-withdrawal-${id}`;
export const settlementWorkflowId = (id: string): string => `ta-settlement-${id}`;

/** Update: answers once the money is reserved, or with the refusal. Its argument is the request, as the workflow got it. */
export const reservedUpdate = 'reserved';
/** Signal: the bank has called back. The workflow asks the bank itself what it has to say. */
export const payoutSettledSignal = 'payoutSettled';
/** Update: answers with the bank's quote, or with the refusal. Its argument is the request, as the workflow got it. */
export const quotedUpdate = 'quoted';
/** Update: takes the quote; answers once both legs are booked, or with the refusal. */
export const settleUpdate = 'settle';

/** Who takes the quote. */
export interface SettleInput {
  by: Actor;
}
