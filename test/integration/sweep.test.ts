/** The schedule of the sweep on a real server: set up once, and what was left lying is taken up. */
import { Connection } from '@temporalio/client';
import type { Worked } from '../../activities/inbox';
import { setUpSchedules } from '../../ops/schedules';
import { reconcileWorkflow } from '../../workflows/contract';
import { openInbox } from '../support/inbox';
import { openWorld, required, type World } from '../support/world';

let world: World;
let connection: Connection;
beforeAll(async () => {
  world = await openWorld();
  connection = await Connection.connect({ address: required('TEST_TEMPORAL_ADDRESS') });
});
afterAll(async () => {
  await connection.close();
  await world.close();
});

test('the schedule is set up once, and its sweep reads and routes what nobody else has', async () => {
  const { temporal, taskQueue } = world;
  const [id, daily] = [`ta-sweep-${taskQueue}`, `ta-reconcile-${taskQueue}`];
  const settings = { namespace: 'default', taskQueue };
  expect(await setUpSchedules(connection, settings, `-${taskQueue}`)).toEqual([id, daily]);
  expect(await setUpSchedules(connection, settings, `-${taskQueue}`)).toEqual([]);
  const schedule = temporal.schedule.getHandle(id);
  await schedule.pause('the test triggers it');
  const feeds = openInbox(world);
  const fact = { fact: 'customsReleased', data: { declaration: 'D-1', releasedAt: '2026-11-20T04:00:00.000Z' } };
  const delivered = await feeds.deliver('customs', Buffer.from(JSON.stringify(fact)), { profile: 'json' });
  // It may have swept by itself between the set-up and the pause: this one comes after the delivery in any case.
  const before = (await schedule.describe()).info.recentActions.length;
  await schedule.trigger();
  let recent = (await schedule.describe()).info.recentActions;
  while (recent.length === before) recent = (await schedule.describe()).info.recentActions;
  const action = recent.at(-1)?.action;
  (await temporal.workflow.getHandle(action?.workflow.workflowId ?? '').result()) as Worked;
  expect(await feeds.rowsOf(delivered)).toMatchObject([{ state: 'parked', code: 'order.not-known' }]);
  expect((await schedule.describe()).policies).toMatchObject({ overlap: 'SKIP' });
  await schedule.delete();

  const reconciles = temporal.schedule.getHandle(daily);
  const [next] = (await reconciles.describe()).info.nextActionTimes;
  expect(next?.toISOString().slice(11)).toBe('01:00:00.000Z');
  await expect(temporal.workflow.execute(reconcileWorkflow, { workflowId: `${daily}-now`, taskQueue })).resolves.toBe(
    0,
  );
  await reconciles.delete();
});
