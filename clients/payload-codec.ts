/**
 * What is sent to Temporal and kept there, sealed (AES-256-GCM): arguments, answers, failures, summaries, memos. Search attributes
 * and headers stay plain, by Temporal's design. What was sent plain before is still read.
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { SealBroken, type Keyring } from '../config/keys';
import type { Settings } from '../config/settings';

const { Payload: Proto } = temporal.api.common.v1;

/** As in Temporal's own samples, so that their tools know what they see. */
const sealedEncoding = 'binary/encrypted';
const keyField = 'encryption-key-id';
/** Payloads are bound to nothing: Temporal itself moves them, from a command to an event to another run. */
const place = 'temporal';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array | null | undefined): string => Buffer.from(data ?? []).toString();

/** Seals with the newest key, unless told not to; opens what any of the keys has sealed. */
export class SealingCodec implements PayloadCodec {
  constructor(
    private readonly keys: Keyring,
    private readonly seals = true,
  ) {}

  // Asynchronous for Temporal's sake: a payload takes microseconds, less than another thread would.
  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(this.seals ? payloads.map((payload) => this.seal(payload)) : payloads);
  }

  /** @throws KeyMissing: the task is tried again until a worker has the key; nothing is taken for something else */
  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => Promise.resolve(payload).then((one) => this.open(one))));
  }

  private seal(payload: Payload): Payload {
    const data = this.keys.seal('payload', place, Proto.encode(payload).finish());
    return { metadata: { encoding: bytes(sealedEncoding), [keyField]: bytes(this.keys.newest) }, data };
  }

  private open(payload: Payload): Payload {
    if (text(payload.metadata?.encoding) !== sealedEncoding) return payload;
    const key = text(payload.metadata?.[keyField]);
    try {
      return Proto.decode(this.keys.open('payload', place, key, payload.data ?? new Uint8Array()));
    } catch (fault) {
      if (!(fault instanceof SealBroken)) throw fault;
      // What nobody has sealed is refused like any other body that cannot be read (workflows/payload-converter.ts).
      const told = { undecodable: fault.message };
      return { metadata: { encoding: bytes('json/plain') }, data: bytes(JSON.stringify(told)) };
    }
  }
}

/** The codecs of a process: none without keys, so that nothing is paid for them. */
export const payloadCodecsOf = ({ keys, payloads }: Pick<Settings, 'keys' | 'payloads'>): PayloadCodec[] =>
  keys ? [new SealingCodec(keys, payloads === 'sealed')] : [];
