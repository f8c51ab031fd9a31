/** The policy of applications for Trade Assurance as data (R13): periods, and the score that a company must reach. */
import { z } from 'zod';
import { version } from './policy';

const days = z.int().positive().max(365);

/** One version of the enrolment's policy, e.g. `enrolment/v1`. An application keeps the version that it was made under (R56). */
export const enrolmentPolicy = z.strictObject({
  ...version('enrolment'),
  /** In which the platform verifies and decides; after that the application is overdue, and says so. */
  platformDays: days,
  /** In which the supplier hands in what it was asked for; after that the application lapses. */
  supplierDays: days,
  /** After which a refused supplier may apply again. */
  reapplyDays: days,
  /** The verification's score from which an application can be approved (R11). */
  minimumScore: z.int().min(0).max(100),
});
export type EnrolmentPolicy = z.infer<typeof enrolmentPolicy>;
