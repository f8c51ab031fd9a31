/** What a worker tells Prometheus: the numbers of Temporal's SDK, on an address of the settings. */
import type { TelemetryOptions } from '@temporalio/worker';
import type { Settings } from '../config/settings';

/** The SDK's telemetry; without an address nothing is opened. Durations are in seconds, counters end with `_total`. */
export const telemetryOf = ({ metricsAddress }: Pick<Settings, 'metricsAddress'>): TelemetryOptions =>
  metricsAddress === undefined
    ? {}
    : {
        metrics: {
          prometheus: {
            bindAddress: metricsAddress,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      };
