/** What the enrolment workflow and its callers agree on: names, inputs, answers. */
import type { Enrolment, EnrolmentStatus } from '../domain/enrolment';
import type { Refusals } from './contract';

/** Name of the workflow type. */
export const enrolmentWorkflow = 'enrolment';
/** Id of a supplier's enrolment workflow. */
export const enrolmentIdOf = (supplier: string): string => `ta-enrolment-${supplier}`;

export interface EnrolmentInput {
  supplier: string;
  /** What an earlier run hands over; the state itself is read from MongoDB. */
  carried?: { refusals: Refusals };
}

/** Answer to an Update: what stands in the journal by it. */
export interface EnrolmentReply {
  supplier: string;
  version: number;
  round: number;
  status: EnrolmentStatus;
}

export interface EnrolmentView {
  enrolment?: Enrolment;
  refusals: Refusals;
}

export interface EnrolmentResult {
  supplier: string;
  status: EnrolmentStatus;
  version: number;
  /** Orders that waited for the activation and were told. */
  told: number;
}
