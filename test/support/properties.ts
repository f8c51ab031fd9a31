/**
 * Every property plays the same sequences each time, so that CI is no game of chance. `PROPERTY_SEED=$RANDOM` looks for
 * others; `PROPERTY_SEED=<seed> PROPERTY_PATH=<path>` with `-t '<name of the test>'` plays what fast-check found again.
 */
import fc from 'fast-check';

const path = process.env['PROPERTY_PATH'];

fc.configureGlobal({
  seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_122),
  ...(path !== undefined && { path, endOnFailure: true }),
});
