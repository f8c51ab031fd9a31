/**
 * Registers the search attributes of orders and waits until the server can use them. Compared by list first, because
 * registering one again under another type succeeds and changes nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { searchAttributeTypes } from '../clients/search-attribute-types';

const { IndexedValueType } = temporal.api.enums.v1;

/** Adds those that are missing. Throws when one exists under another type, or is not usable after `timeoutMs`. */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  timeoutMs = 30_000,
): Promise<string[]> {
  const wanted = searchAttributeTypes();
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  for (const [name, type] of Object.entries(wanted)) {
    const present = customAttributes[name];
    if (present !== undefined && present !== type) {
      const [is, should] = [present, type].map((value) => IndexedValueType[value]);
      throw new Error(
        `Search attribute ${name} is registered as ${is ?? ''}, not ${should ?? ''}. Remove it on the server, then start again.`,
      );
    }
  }
  const missing = Object.entries(wanted).filter(([name]) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
  }
  await usable(connection, namespace, Object.keys(wanted), timeoutMs);
  return missing.map(([name]) => name);
}

/** A server takes a moment to know attributes that it has just added. */
async function usable(connection: Connection, namespace: string, names: string[], timeoutMs: number): Promise<void> {
  const query = names.map((name) => `${name} IS NULL`).join(' AND ');
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return;
    } catch (fault) {
      if (Date.now() > giveUpAt) throw fault;
      await pause(200);
    }
  }
}
