/** The worker's ear for partners: receives their signed call-backs and brings each to whom it is for. */
import { createServer, type Server } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { callbackListener } from '../clients/callbacks';
import { TradeAssuranceClient } from '../clients';
import { FundsClient } from '../clients/funds';
import { payloadCodecsOf } from '../clients/payload-codec';
import { takePartnerEvent } from '../clients/partner-events';
import type { Settings } from '../config/settings';
import type { Store } from '../store/store';

/** Listens on the port of the settings; undefined when they name no port or no secret. */
export async function serveCallbacks(
  settings: Settings,
  store: Store,
  log: Logger,
): Promise<{ close: () => Promise<void> } | undefined> {
  const { callbacks, temporal: address, namespace, taskQueue } = settings;
  const { port, secret } = callbacks;
  if (port === undefined || secret === undefined) return undefined;
  const connection = await Connection.connect(address);
  const options = {
    temporal: new Client({ connection, namespace, dataConverter: { payloadCodecs: payloadCodecsOf(settings) } }),
    store,
    taskQueue,
  };
  const [orders, funds] = [new TradeAssuranceClient(options), new FundsClient(options)];
  const listener = callbackListener({
    secret,
    onEvent: (event) => takePartnerEvent(orders, funds, event),
    onFailure: (fault, { type, key }) =>
      log.warn({ err: fault, type, key }, 'a call-back was not taken; it will be made again'),
  });
  const server: Server = createServer(listener).listen(port);
  return {
    close: async () => {
      server.close();
      server.closeAllConnections();
      await connection.close();
    },
  };
}
