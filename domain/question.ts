/**
 * Which question an answer of a local activity is to. After an eviction the engine hands a workflow the answer of the local
 * activity that was under way under the same number, whatever the workflow, told anew, has asked under it: another message
 * may have had its turn. So an answer says what it was asked.
 */

/** An answer, and the question that it is to; answers of before this was told have none. */
export type To<Answer> = Answer & { to?: string };

/** The question whether a message, by its key, is stored as this version. */
export const commitOf = (key: string, version: number): string => `commit:${String(version)}:${key}`;

/** The question what is known of a message, by its key. */
export const recallOf = (key: string): string => `recall:${key}`;

/** Whether what came is an answer to this question, and not to another. */
export const isTo = (question: string, came: unknown): boolean =>
  typeof came === 'object' &&
  came !== null &&
  !Array.isArray(came) &&
  ((came as To<object>).to ?? question) === question;
