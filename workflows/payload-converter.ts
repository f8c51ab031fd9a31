/**
 * The payload converter of workers: what no converter can read becomes a value that says so, because a signal that
 * cannot be decoded would wedge its workflow task for ever. `parseMessage` then refuses it.
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
      return { undecodable: String(fault) } as T;
    }
  }
}

export const payloadConverter = new TolerantPayloadConverter(
  new UndefinedPayloadConverter(),
  new BinaryPayloadConverter(),
  new JsonPayloadConverter(),
);
