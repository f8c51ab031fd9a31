/** A span for each command that MongoDB is sent while something is traced: its name and collection, never its content. */
import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { mongo } from 'mongoose';

/** Tells the commands of a client whose `monitorCommands` is set. */
export function traceCommands(client: mongo.MongoClient): void {
  const tracer = trace.getTracer('trade-assurance');
  const running = new Map<string, Span>();
  client.on('commandStarted', (event) => {
    if (!trace.getActiveSpan()) return; // what nobody asked for: heartbeats, background work
    const { commandName, databaseName } = event;
    const collection = collectionOf(event);
    const attributes = {
      'db.system': 'mongodb',
      'db.namespace': databaseName,
      'db.operation.name': commandName,
      ...(collection !== undefined && { 'db.collection.name': collection }),
    };
    const name = ['mongodb', commandName, collection].filter(Boolean).join(' ');
    running.set(keyOf(event), tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, context.active()));
  });
  const end = (key: string, fault?: Error): void => {
    const span = running.get(key);
    running.delete(key);
    if (fault) span?.setStatus({ code: SpanStatusCode.ERROR, message: fault.name });
    span?.end();
  };
  client.on('commandSucceeded', (event) => end(keyOf(event)));
  client.on('commandFailed', (event) => end(keyOf(event), event.failure));
}

const keyOf = ({ address, requestId }: { address: string; requestId: number }): string =>
  `${address} ${String(requestId)}`;

function collectionOf({ command, commandName }: mongo.CommandStartedEvent): string | undefined {
  const named = (command as Record<string, unknown>)[commandName];
  return typeof named === 'string' ? named : undefined;
}
