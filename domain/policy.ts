/** Versioned policies: rules as data that take effect on a date (R56), one version a file in `seeds/policies`. */
import { z } from 'zod';
import { instant, newestInForce } from './time';

/** What every version has: an id such as `points/v1`, and the instant from which it is in force, until the next one's. */
export const version = (name: string) => ({
  id: z.string().regex(new RegExp(`^${name}/v[1-9]\\d*$`)),
  effectiveFrom: instant,
});

/** A text in both languages of the product. */
export const bilingual = z.strictObject({ en: z.string().min(1).max(200), zh: z.string().min(1).max(200) });
export type Bilingual = z.infer<typeof bilingual>;

interface Versioned {
  id: string;
  effectiveFrom: string;
}

/**
 * The policy in force at an instant: of the versions of one policy that have taken effect, the latest (R56).
 * @throws RangeError when none has taken effect yet.
 */
export function policyInForce<Policy extends Versioned>(policies: readonly Policy[], at: string): Policy {
  const latest = newestInForce(policies, at);
  if (!latest) throw new RangeError(`no policy is in force at ${at}: there is ${namesOf(policies)}`);
  return latest;
}

/**
 * The policy of this id.
 * @throws RangeError when it is not among them: what was done under it cannot be explained without it.
 */
export function policyOf<Policy extends Versioned>(policies: readonly Policy[], id: string): Policy {
  const policy = policies.find((candidate) => candidate.id === id);
  if (!policy) throw new RangeError(`the policy ${id} is not known: there is ${namesOf(policies)}`);
  return policy;
}

const namesOf = (policies: readonly Versioned[]): string => policies.map(({ id }) => id).join(', ') || 'none';

/** Whether numbers rise from one to the next. */
export const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((n, i) => i === 0 || n > (numbers[i - 1] as number));

/** Whether no number is below the one before it. */
export const neverFalling = (numbers: readonly number[]): boolean =>
  numbers.every((n, i) => i === 0 || n >= (numbers[i - 1] as number));
