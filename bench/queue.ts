/** The side of the queue: Redis, its worker (`queue-worker.ts`), and a client that adds a job for each message and waits for its end. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { freePorts } from '../ops/servers/ports';
import { openStore } from '../store/store';
import type { Answer } from '../workflows/contract';
import { FollowingClient } from './following-client';
import { playerOf, type Player } from './main-road';
import type { OrderJob } from './queue-worker';
import { Side } from './side';
import { root, type Stage } from './stage';

export async function openQueue({ servers, temporal, dataDir, atEnd }: Stage, name: string): Promise<Player> {
  const redis = await startRedis(join(dataDir, 'redis'));
  atEnd(redis.stop);
  const side = await Side.open({ name, kind: 'queue', servers, root, redis });
  atEnd(() => side.close());
  const connection = { host: '127.0.0.1', port: redis.port };
  const queue = new Queue<OrderJob, Answer>(side.taskQueue, { connection });
  const events = new QueueEvents(side.taskQueue, { connection });
  atEnd(() => Promise.all([events.close(), queue.close()]));
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  const store = await openStore(side.mongodbUri);
  const ta = new FollowingClient(
    { temporal, store, taskQueue: side.taskQueue },
    false,
    async (order, message, sent) => {
      const job = await queue.add(
        message,
        { order, message: { name: message, ...sent } as never },
        { jobId: `${order}-${sent.id}` },
      );
      return job.waitUntilFinished(events);
    },
  );
  return playerOf(ta, store, side);
}

/** Redis as its manual recommends it for what must last: an append-only file, to disk every second. */
async function startRedis(dir: string) {
  const [port = 0] = await freePorts(1);
  mkdirSync(dir, { recursive: true });
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
  const child = spawn('redis-server', [...args, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'], {
    stdio: 'ignore',
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () => {
      reject(
        new Error('There is no redis-server in the path: install it (Debian: redis-server), or leave out --queue.'),
      );
    });
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = (): Promise<unknown> => {
    child.kill();
    return ended;
  };
  return { port, pid: child.pid ?? 0, stop };
}
