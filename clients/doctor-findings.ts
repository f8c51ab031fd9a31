/** What the doctor finds: each part of an installation is ok, wants a look, or does not work, and then what to do about it. */

/** `warn`: works, but somebody should look. `fail`: something does not work. */
export type FindingState = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** What was looked at: `mongodb`, `worker`, … */
  part: string;
  state: FindingState;
  says: string;
  /** What to do; of what is not ok. */
  todo?: string;
}

export const ok = (part: string, says: string): Finding => ({ part, state: 'ok', says });
export const warn = (part: string, says: string, todo: string): Finding => ({ part, state: 'warn', says, todo });
export const fail = (part: string, says: string, todo: string): Finding => ({ part, state: 'fail', says, todo });
export const reason = (fault: unknown): string =>
  (fault instanceof Error ? fault.message || fault.name : String(fault)).split('\n')[0] ?? '';

/** How long each part may take to answer, in milliseconds. */
export const patienceMs = 5000;
export const setUpAgain = 'Run the set-up again: node ops/run.cjs ops/setup.ts (Compose: docker compose up setup).';
