/**
 * The failure converter of workers whose payloads are sealed: what a failure says, and its stack, become a payload, which is
 * sealed like any other.
 */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
