/** What MongoDB is started with, beside what it must have. */

/**
 * After how many seconds it gives up a transaction that nobody ends (`transactionLifetimeLimitSeconds`; 60 unless said): a worker
 * that was killed in a commit leaves one behind, and until then nobody can store anything of its order.
 */
export const transactionSeconds = 10;
