/**
 * The payload converter of workers: what no converter can read becomes a value that says so, because a signal that
 * cannot be decoded would wedge its workflow task for ever. `parseMessage` then refuses it. What is sealed is no rubbish: it
 * waits for a worker that has the keys.
 */
import {
  BinaryPayloadConverter,
  CompositePayloadConverter,
  JsonPayloadConverter,
  UndefinedPayloadConverter,
  type Payload,
} from '@temporalio/common';

class TolerantPayloadConverter extends CompositePayloadConverter {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the interface's signature
  override fromPayload<T>(payload: Payload): T {
    try {
      return super.fromPayload<T>(payload);
    } catch (fault) {
      if (isSealed(payload)) throw fault; // this worker lacks the keys; another will read it
      return { undecodable: String(fault) } as T;
    }
  }
}

const sealed = Array.from('binary/encrypted', (letter) => letter.charCodeAt(0));
const isSealed = ({ metadata }: Payload): boolean => {
  const encoding = metadata?.encoding ?? [];
  return encoding.length === sealed.length && sealed.every((byte, index) => encoding[index] === byte);
};

export const payloadConverter = new TolerantPayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new JsonPayloadConverter(),
);
