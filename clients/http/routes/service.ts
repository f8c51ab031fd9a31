/** What operators and their tools ask of the process itself: whether it lives, whether it is ready, and its numbers. */
import type { Api, ApiDeps } from '../deps';

/** How long MongoDB and Temporal have to answer `/readyz`, in milliseconds. */
const readyMs = 2000;

export function serviceRoutes(api: Api, deps: ApiDeps): void {
  api.get('/healthz', () => ({ status: 'ok' }));
  api.get('/readyz', async (_request, reply) => {
    const [mongodb, temporal] = await Promise.all([isUp(() => askMongodb(deps)), isUp(() => askTemporal(deps))]);
    const status = deps.isDraining ? 'draining' : mongodb && temporal ? 'ready' : 'not-ready';
    return reply.code(status === 'ready' ? 200 : 503).send({ status, mongodb, temporal });
  });
  api.get('/metrics', async (_request, reply) => {
    const { registry } = deps.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function isUp(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch {
    return false;
  }
}

const askMongodb = ({ store }: ApiDeps): Promise<unknown> =>
  store.connection.getClient().db().command({ ping: 1 }, { timeoutMS: readyMs });

function askTemporal({ ta }: ApiDeps): Promise<unknown> {
  const { connection } = ta.options.temporal;
  return connection.withDeadline(Date.now() + readyMs, () => connection.workflowService.getSystemInfo({}));
}
