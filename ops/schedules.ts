/** The schedules of a deployment, set up with its servers: what must happen every so often, whoever else is running. */
import {
  Client,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Connection,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Settings } from '../config/settings';
import { sweepWorkflow } from '../workflows/contract';
import type { sweep } from '../workflows/sweep';

const sweepSchedule = 'ta-sweep';

/** Creates what is missing and brings the rest up to date; answers the names of those that are new. */
export async function setUpSchedules(
  connection: Connection,
  { namespace, taskQueue }: Pick<Settings, 'namespace' | 'taskQueue'>,
  scheduleId = sweepSchedule,
): Promise<string[]> {
  const { schedule } = new Client({ connection, namespace });
  const wanted: Omit<ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof sweep>>, 'scheduleId'> = {
    spec: { intervals: [{ every: '1m' }] },
    action: { type: 'startWorkflow', workflowType: sweepWorkflow, workflowId: scheduleId, taskQueue },
    // One sweep at a time; those that were missed need not be made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
  };
  try {
    await schedule.create({ scheduleId, ...wanted });
    return [scheduleId];
  } catch (fault) {
    if (!(fault instanceof ScheduleAlreadyRunning)) throw fault;
  }
  await schedule.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
  return [];
}
