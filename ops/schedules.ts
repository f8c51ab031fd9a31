/** The schedules of a deployment, set up with its servers: what must happen every so often, whoever else is running. */
import {
  Client,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Connection,
  type ScheduleClient,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Settings } from '../config/settings';
import { reconcileWorkflow, sweepWorkflow, type scheduleIds } from '../workflows/contract';
import type { sweep } from '../workflows/sweep';

/** Each schedule: the workflow that it starts, and when. */
const schedules = {
  'ta-sweep': { workflowType: sweepWorkflow, spec: { intervals: [{ every: '1m' }] } },
  /** At 9 in the morning in China, when the banks' statements of the day before are there. */
  'ta-reconcile': { workflowType: reconcileWorkflow, spec: { calendars: [{ hour: 1 }] } },
} satisfies Record<(typeof scheduleIds)[number], { workflowType: string; spec: ScheduleSpec }>;

/**
 * Creates what is missing and brings the rest up to date; answers the names of those that are new. `suffix` tells the
 * schedules of tests apart.
 */
export async function setUpSchedules(
  connection: Connection,
  { namespace, taskQueue }: Pick<Settings, 'namespace' | 'taskQueue'>,
  suffix = '',
): Promise<string[]> {
  const { schedule } = new Client({ connection, namespace });
  const added: string[] = [];
  for (const [name, { workflowType, spec }] of Object.entries(schedules)) {
    const scheduleId = `${name}${suffix}`;
    const wanted: Wanted = {
      spec,
      action: { type: 'startWorkflow', workflowType, workflowId: scheduleId, taskQueue },
      // One at a time; those that were missed while the server was away need not be made up for.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    };
    if (await created(schedule, scheduleId, wanted)) added.push(scheduleId);
    else await schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
  }
  return added;
}

type Wanted = Omit<ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof sweep>>, 'scheduleId'>;

async function created(schedule: ScheduleClient, scheduleId: string, wanted: Wanted): Promise<boolean> {
  try {
    await schedule.create({ scheduleId, ...wanted });
    return true;
  } catch (fault) {
    if (fault instanceof ScheduleAlreadyRunning) return false;
    throw fault;
  }
}
