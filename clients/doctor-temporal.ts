/** The doctor's look at Temporal: server, namespace, search attributes, schedules, workers, and orders that are stuck. */
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Settings } from '../config/settings';
import { scheduleIds } from '../workflows/contract';
import { fail, ok, patienceMs, reason, setUpAgain, warn, type Finding } from './doctor-findings';
import { searchAttributeTypes } from './search-attribute-types';
import { views } from './views';

const { TaskQueueType } = temporal.api.enums.v1;

export async function examineTemporal({ temporal: options, namespace, taskQueue }: Settings): Promise<Finding[]> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, connectTimeout: patienceMs });
  } catch (fault) {
    const todo =
      'Start Temporal, or set TEMPORAL_ADDRESS (and TEMPORAL_API_KEY or TEMPORAL_TLS…, where it asks for them).';
    return [fail('temporal', `${options.address} does not answer: ${reason(fault)}`, todo)];
  }
  try {
    return await connection.withDeadline(Date.now() + 2 * patienceMs, async () => {
      const { serverVersion } = await connection.workflowService.getSystemInfo({});
      const server = ok('temporal', `${options.address}, version ${serverVersion}`);
      const ofNamespace = await examineNamespace(connection, namespace);
      if (ofNamespace.state === 'fail') return [server, ofNamespace];
      const client = new Client({ connection, namespace });
      const found = await Promise.all([
        examineAttributes(connection, namespace),
        examineSchedules(client),
        examineWorkers(connection, namespace, taskQueue),
      ]);
      const areKnown = found[0].state === 'ok';
      return [server, ofNamespace, ...found.flat(), ...(areKnown ? await examineOrders(client) : [])];
    });
  } catch (fault) {
    return [
      fail('temporal', `${options.address} has not answered: ${reason(fault)}`, 'Look at the logs of the server.'),
    ];
  } finally {
    await connection.close();
  }
}

async function examineNamespace(connection: Connection, namespace: string): Promise<Finding> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
    return ok('namespace', `${namespace}, keeps closed workflows for ${days} days`);
  } catch (fault) {
    const todo = `Create it: temporal operator namespace create ${namespace}, or set TEMPORAL_NAMESPACE.`;
    return fail('namespace', `${namespace} cannot be used: ${reason(fault)}`, todo);
  }
}

async function examineAttributes(connection: Connection, namespace: string): Promise<Finding> {
  const part = 'search attributes';
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const wanted = Object.entries(searchAttributeTypes());
  const missing = wanted.filter(([name]) => customAttributes[name] === undefined).map(([name]) => name);
  const others = wanted.filter(
    ([name, type]) => customAttributes[name] !== undefined && customAttributes[name] !== type,
  );
  if (others.length > 0) {
    const names = others.map(([name]) => name).join(', ');
    return fail(part, `of another type: ${names}`, `Remove them on the server, then: ${setUpAgain}`);
  }
  return missing.length > 0
    ? fail(part, `missing: ${missing.join(', ')}`, setUpAgain)
    : ok(part, `${wanted.length} registered`);
}

const examineSchedules = ({ schedule }: Client): Promise<Finding[]> =>
  Promise.all(
    scheduleIds.map(async (id) => {
      try {
        const { state, info } = await schedule.getHandle(id).describe();
        const last = info.recentActions.at(-1)?.takenAt.toISOString();
        if (!state.paused) return ok('schedule', `${id}, last ${last ?? 'not yet'}`);
        return warn('schedule', `${id} is paused`, `temporal schedule toggle --schedule-id ${id} --unpause`);
      } catch (fault) {
        if (!(fault instanceof ScheduleNotFoundError)) throw fault;
        return fail('schedule', `${id} is missing`, setUpAgain);
      }
    }),
  );

/** Whether anybody polls the task queue, for both kinds of tasks. */
async function examineWorkers(connection: Connection, namespace: string, taskQueue: string): Promise<Finding> {
  const ask = (type: temporal.api.enums.v1.TaskQueueType) =>
    connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: type });
  const [workflows, activities] = await Promise.all([
    ask(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    ask(TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
  ]);
  const names = new Set(workflows.pollers.map(({ identity }) => identity));
  if (workflows.pollers.length === 0 || activities.pollers.length === 0) {
    const todo =
      'Start one: npm run worker (Compose: docker compose up --detach worker). One runs? Then compare its ' +
      'TEMPORAL_NAMESPACE and TA_TASK_QUEUE with those here.';
    return fail('worker', `nobody polls the task queue ${taskQueue}`, todo);
  }
  return ok('worker', `${names.size} polling ${taskQueue}: ${[...names].join(', ')}`);
}

/** Orders that do not go on by themselves. */
const examineOrders = ({ workflow }: Client): Promise<Finding[]> =>
  Promise.all(
    (['halted', 'stuck'] as const).map(async (name) => {
      const { count } = await workflow.count(views[name].query());
      if (count === 0) return ok(name, 'no orders');
      const todo = 'Their names: ta doctor --views. What to do: docs/how-to/runbooks.md.';
      return warn(name, `${count} orders. ${views[name].title}`, todo);
    }),
  );
