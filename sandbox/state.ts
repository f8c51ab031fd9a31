/**
 * What the sandbox remembers: requests by their key, quotes, and call-backs that are due. In a MongoDB database of its
 * own, so that it survives the end of the process at any moment; what belongs together is written in one transaction.
 */
import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import type { Quote } from '../domain/settlement';
import type { PartnerEvent } from '../partners/events';
import type { KeptMail } from './mail';
import { asOf, messageIdOf, planOf, type Delays, type Kind, type Moment, type Outcome, type Script } from './script';

export interface Operation {
  /** `<kind>:<key>` */
  _id: string;
  /** The request, as JSON with its fields in the order of its form. */
  body: string;
  timeline: Moment[];
  /** Of a charge: what has been given back, in minor units. */
  refunded: number;
}

export interface Call {
  _id: string;
  /** The same each time an event is told. */
  messageId: string;
  event: PartnerEvent;
  /** When it is to be made (again); gone once it was taken. */
  dueAt?: Date;
  attempts: number;
  takenAt?: Date;
}

export type StoredQuote = Omit<Quote, 'quote'> & { _id: string; usedBy?: string };

/** The key stands for another request: nothing was done, and nothing ever will be. */
export class KeyConflict extends Error {}

/** Finds or makes a script within the transaction that stores what comes of it. */
export type Choose = (session: mongo.ClientSession) => Script | Promise<Script>;

export interface Done {
  outcome: Outcome;
  /** The script, if this was the first time. */
  script?: Script;
}

export class State {
  readonly operations: mongo.Collection<Operation>;
  readonly quotes: mongo.Collection<StoredQuote>;
  readonly calls: mongo.Collection<Call>;
  readonly mails: mongo.Collection<KeptMail>;
  readonly #client: mongo.MongoClient;
  /** Told of new call-backs. */
  onCalls: () => void = () => undefined;

  constructor(
    client: mongo.MongoClient,
    readonly delays: Delays,
  ) {
    this.#client = client;
    const database = client.db();
    this.operations = database.collection<Operation>('operations');
    this.quotes = database.collection<StoredQuote>('quotes');
    this.calls = database.collection<Call>('calls');
    this.mails = database.collection<KeptMail>('mails');
  }

  /** Connects to the database that `uri` names, and sets it up. */
  static async open(uri: string, delays: Delays): Promise<State> {
    const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000, ignoreUndefined: true });
    const state = new State(await client.connect(), delays);
    await state.calls.createIndexes([{ key: { dueAt: 1 } }]);
    await state.mails.createIndexes([{ key: { at: 1 } }, { key: { to: 1, at: 1 } }]);
    // Makes the collections: were it left to the first transactions, they would make each other fail.
    for (const collection of [state.operations, state.quotes]) await collection.createIndexes([{ key: { _id: 1 } }]);
    return state;
  }

  /**
   * Does a request once: the first time by the script that `choose` gives; afterwards it answers how things stand.
   * Throws `KeyConflict` when the key stands for another body.
   */
  async once(kind: Kind, key: string, request: object, choose: Choose): Promise<Done> {
    const body = JSON.stringify(request);
    const done = await this.#client.withSession((session) =>
      session.withTransaction(async (): Promise<Done> => {
        const known = await this.operations.findOne({ _id: idOf(kind, key) }, { session });
        if (known) return { outcome: outcomeOf(known, body) };
        const script = await choose(session);
        const at = new Date().toISOString();
        const { timeline, calls } = planOf(script, kind, key, at, this.delays);
        await this.operations.insertOne({ _id: idOf(kind, key), body, timeline, refunded: 0 }, { session });
        const due = calls.map((call) => ({
          _id: randomUUID(),
          messageId: messageIdOf(call.event),
          event: call.event,
          dueAt: new Date(call.at),
          attempts: 0,
        }));
        if (due.length > 0) await this.calls.insertMany(due, { session });
        return { outcome: asOf(timeline, at), script };
      }),
    );
    if (done.script) this.onCalls();
    return done;
  }

  /** The request under a key, and how it stands. */
  async find(kind: Kind, key: string, session?: mongo.ClientSession) {
    const known = await this.operations.findOne({ _id: idOf(kind, key) }, { ...(session && { session }) });
    return (
      known && { body: JSON.parse(known.body) as unknown, outcome: asOf(known.timeline, new Date().toISOString()) }
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

export const idOf = (kind: Kind, key: string): string => `${kind}:${key}`;

function outcomeOf(known: Operation, body: string): Outcome {
  if (known.body !== body) throw new KeyConflict(`first asked for as ${known.body}`);
  return asOf(known.timeline, new Date().toISOString());
}
