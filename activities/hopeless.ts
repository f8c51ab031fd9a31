/** Which faults of an activity are for good: trying again helps against a database that is away, not against wrong data. */
import { ApplicationFailure } from '@temporalio/common';
import { ZodError } from 'zod';
import { CommitError } from '../store/commit';
import { Overdrawn } from '../store/ledger';

/** Trying again helps against a database that is away, not against a document that it will never take. */
export async function forGoodIfHopeless<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (!isHopeless(fault)) throw fault;
    throw ApplicationFailure.create({
      type: 'commit.failed',
      message: String(fault),
      nonRetryable: true,
      cause: fault as Error,
    });
  }
}

/** MongoDB's codes for a document that fails validation, and for one that is too large. */
const hopelessCodes: readonly unknown[] = [121, 10334, 17419, 17420];

const isHopeless = (fault: unknown): boolean =>
  fault instanceof CommitError ||
  fault instanceof Overdrawn ||
  fault instanceof ZodError ||
  fault instanceof RangeError ||
  hopelessCodes.includes((fault as { code?: unknown }).code);
