/**
 * The side of temporalio/reference-app-orders-go: its worker and its API, as its checkout has built them, on the same servers. An
 * order of two shipments comes to twelve stored steps, as many as the main road: received, reserved, processing, and for each
 * shipment charged, booked, dispatched, delivered; completed. Nothing of its code is here.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporal as proto } from '@temporalio/proto';
import { freePorts } from '../ops/servers/ports';
import { openStore } from '../store/store';
import { cpuMsOf } from './cpu';
import { historyOf, together } from './history';
import type { Player } from './main-road';
import type { Cpu } from './side';
import type { Stage } from './stage';

const { TaskQueueType } = proto.api.enums.v1;

const lookAgainMs = 20;
const fulfilments = [1, 2];

export async function openReference(stage: Stage, name: string, folder: string): Promise<Player> {
  const { servers, temporal, atEnd } = stage;
  const binary = join(folder, 'bin', 'oms');
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build it by \`go build -o bin/oms ./cmd/oms\`.`);
  const processes = await startAll(binary, stage);
  atEnd(() => Promise.all(processes.map(end)));
  const store = await openStore(servers.mongodb.uri);
  const shipments = store.connection.getClient().db('orders').collection<{ id: string; status: string }>('shipments');
  const reached = async (order: string, status: string) => {
    const ids = fulfilments.map((n) => shipmentOf(order, n));
    while ((await shipments.countDocuments({ id: { $in: ids }, status })) < ids.length) await pause(lookAgainMs);
  };
  const cpu = (): Promise<Cpu> =>
    Promise.resolve({
      server: cpuMsOf(servers.temporal.pid ?? 0),
      worker: processes.reduce((ms, { pid = 0 }) => ms + cpuMsOf(pid), 0),
      mongod: cpuMsOf(servers.mongodb.pid ?? 0),
    });
  return {
    side: { name, cpu },
    // Its signals are not answered.
    takeTimes: () => [],
    close: () => store.close(),
    rest: (workflow) => temporal.workflow.getHandle(workflow).result(),
    play: async () => {
      const order = randomUUID();
      const items = fulfilments.map((n) => ({ sku: `lamp-${String(n)}`, quantity: n }));
      const workflowId = `Order:${order}`;
      const input = { id: order, customerId: 'bench', items };
      await temporal.workflow.start('Order', { workflowId, taskQueue: 'orders', args: [input] });
      await reached(order, 'booked');
      for (const status of ['dispatched', 'delivered']) {
        for (const n of fulfilments)
          await temporal.workflow
            .getHandle(`Shipment:${shipmentOf(order, n)}`)
            .signal('ShipmentCarrierUpdate', { status });
        await reached(order, status);
      }
      return workflowId;
    },
    history: async (workflow) => {
      const order = workflow.slice('Order:'.length);
      const ofOrder = [workflow, ...fulfilments.map((n) => `Shipment:${shipmentOf(order, n)}`)];
      // A charge has an id of its own; they are all alike.
      for await (const { workflowId } of temporal.workflow.list({ query: "WorkflowType = 'Charge'" })) {
        if (ofOrder.length >= 1 + 2 * fulfilments.length) break;
        ofOrder.push(workflowId);
      }
      return together(await Promise.all(ofOrder.map((id) => historyOf(temporal, id))));
    },
  };
}

const shipmentOf = (order: string, n: number): string => `${order}:${String(n)}`;

/** Its API on ports of its own, then its worker; resolves when orders can be played. */
async function startAll(binary: string, { servers, temporal, dataDir }: Stage): Promise<ChildProcess[]> {
  const names = ['BILLING', 'ORDER', 'SHIPMENT', 'FRAUD'];
  const ports = await freePorts(names.length);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TEMPORAL_ADDRESS: servers.temporal.address,
    MONGO_URL: servers.mongodb.uri,
    ...Object.fromEntries(
      names.flatMap((name, n) => [
        [`${name}_API_PORT`, String(ports[n])],
        [`${name}_API_URL`, `http://127.0.0.1:${String(ports[n])}`],
      ]),
    ),
  };
  const start = (command: string) => spawn(binary, [command], { env, cwd: dataDir, stdio: 'ignore' });
  const processes = [start('api'), start('worker')];
  for (const queue of ['orders', 'shipments', 'billing']) await polled(temporal, queue, processes);
  return processes;
}

async function polled(temporal: Stage['temporal'], name: string, processes: readonly ChildProcess[]): Promise<void> {
  for (;;) {
    if (processes.some(({ exitCode }) => exitCode !== null)) throw new Error('The reference application has ended.');
    const { pollers } = await temporal.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name },
      taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    });
    if (pollers.length > 0) return;
    await pause(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
