/** How a command ends when it does not succeed: an exit code, and what is told to people or as JSON. */
import { CommanderError } from 'commander';
import { isRefusal, type Refusal } from '../../domain/refusal';

export const exitCodes = { ok: 0, refused: 1, usage: 2, unreachable: 3, internal: 4 } as const;

export interface Told {
  /** Stable code: of the catalogue of refusals, or `usage.invalid`, `service.unavailable`, `internal`. */
  code: string;
  text: string;
  rule?: string;
  detail?: string;
}

/** An expected end. */
export class Stop extends Error {
  constructor(
    readonly exitCode: number,
    readonly told: Told,
    options?: ErrorOptions,
  ) {
    super(told.text, options);
  }
}

export const refused = ({ refused: code, ...why }: Refusal): Stop => new Stop(exitCodes.refused, { code, ...why });

export const wrongUsage = (text: string, detail?: string): Stop =>
  new Stop(exitCodes.usage, { code: 'usage.invalid', text, ...(detail && { detail }) });

/** A server that cannot be used; names its address and what to do. */
export function unreachable(server: 'Temporal' | 'MongoDB', address: string, cause: unknown): Stop {
  const variable = server === 'Temporal' ? 'TEMPORAL_ADDRESS' : 'MONGODB_URI';
  const text = `${server} does not answer at ${address}. Run \`npm start\`, or set ${variable} to a server that runs.`;
  return new Stop(exitCodes.unreachable, { code: 'service.unavailable', text, detail: firstLine(cause) }, { cause });
}

/** Any fault as the end of the command. */
export function stopOf(fault: unknown): Stop {
  if (fault instanceof Stop) return fault;
  if (fault instanceof CommanderError) return wrongUsage(fault.message.replace(/^error: /, ''));
  if (fault instanceof Error && 'refusal' in fault && isRefusal(fault.refusal)) return refused(fault.refusal);
  if (fault instanceof Error && fault.name === 'KeyMissing') return wrongUsage('A key is missing.', fault.message);
  if (isOfServers(fault)) {
    const text = 'The service did not answer in time. Is a worker running (`npm start`)?';
    const detail = firstLine(fault instanceof Error ? (fault.cause ?? fault) : fault);
    const told = { code: 'service.unavailable', text, detail };
    return new Stop(exitCodes.unreachable, told, { cause: fault });
  }
  const text = `This is a fault of ours: ${firstLine(fault)}`;
  return new Stop(exitCodes.internal, { code: 'internal', text }, { cause: fault });
}

/** Faults of servers that went away under a command: the client's own, gRPC's (deadline, unavailable), MongoDB's. */
function isOfServers(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  const { name, code } = fault as Error & { code?: unknown };
  if (code === 'service.unavailable') return true;
  if (/^Mongo(ose)?(ServerSelection|Network|Topology)/.test(name)) return true;
  return isUnavailable(fault) || isUnavailable(fault.cause);
}

const isUnavailable = (fault: unknown): boolean =>
  fault instanceof Error && 'details' in fault && 'code' in fault && (fault.code === 4 || fault.code === 14);

const firstLine = (fault: unknown): string =>
  String(fault instanceof Error ? fault.message : fault).split('\n')[0] ?? '';
