/**
 * What a magic value makes the sandbox do, as data: the outcomes of a request one after another, when it answers, and how
 * it calls back. Pure: a script with a time gives everything that will ever be known of the request.
 */
import { createHash } from 'node:crypto';
import type { Money } from '../domain/money';
import { partnerEvent, type PartnerEvent } from '../partners/events';

/** Kinds of requests that are done once for a key. */
export type Kind = 'charge' | 'refund' | 'payout' | 'conversion';

export interface Outcome {
  status: string;
  reference?: string;
  reason?: string;
  /** Of a conversion. */
  sell?: Money;
  buy?: Money;
}

/** An outcome, and how long after the request it comes about. */
type Step = readonly [outcome: Outcome, after?: 'settleMs' | 'returnMs'];

export interface Script {
  /** In the order of time; the first comes at once. */
  steps: readonly Step[];
  /** Answers only after `lateMs`, when the caller has given up; what it was asked for it does at once. */
  late?: boolean;
  /** Calls back each event twice at the same moment, or the last event first. */
  calls?: 'twice' | 'backwards';
}

/** In milliseconds. */
export interface Delays {
  /** From a pending answer to its outcome. */
  settleMs: number;
  /** From a captured e-check to its return. */
  returnMs: number;
  /** How long a late answer takes. */
  lateMs: number;
}

export interface Moment {
  at: string;
  outcome: Outcome;
}

/** A call-back that is due. */
export interface Due {
  at: string;
  event: PartnerEvent;
}

/** Everything that will be of a request with this script. */
export function planOf(script: Script, kind: Kind, key: string, at: string, delays: Delays) {
  const timeline = script.steps.map(([outcome, after]) => ({ at: after ? later(at, delays[after]) : at, outcome }));
  const told = timeline.flatMap((moment): Due[] => {
    const event = eventOf(kind, key, moment);
    return event ? [{ at: moment.at, event }] : [];
  });
  return { timeline, calls: callsOf(told, script.calls, delays) };
}

function callsOf(told: readonly Due[], how: Script['calls'], { settleMs }: Delays): Due[] {
  if (how === 'twice') return told.flatMap((due) => [due, due]);
  const last = told.at(-1);
  if (how !== 'backwards' || !last) return [...told];
  return told.map((due) => (due === last ? due : { ...due, at: later(last.at, settleMs) }));
}

/** How things stand at a time: the last of what has come about by then. */
export function asOf(timeline: readonly Moment[], at: string): Outcome {
  const outcome = timeline.filter((moment) => moment.at <= at).at(-1)?.outcome ?? timeline[0]?.outcome;
  if (!outcome) throw new Error('a script without steps');
  return outcome;
}

/** Outcomes that the caller is told of; the others it learns from the answer only. */
const eventTypes: Readonly<Record<string, PartnerEvent['type']>> = {
  'charge captured': 'charge.captured',
  'charge declined': 'charge.declined',
  'charge returned': 'charge.returned',
  'refund refunded': 'refund.paid',
  'refund failed': 'refund.failed',
  'payout paid': 'payout.paid',
  'payout refused': 'payout.refused',
};

function eventOf(kind: Kind, key: string, { at, outcome }: Moment): PartnerEvent | undefined {
  const type = eventTypes[`${kind} ${outcome.status}`];
  if (!type) return undefined;
  const { reference, reason } = outcome;
  // A return has the reference of what it takes back; its event is about the reason.
  return partnerEvent.parse({ type, at, key, ...(reason === undefined ? { reference } : { reason }) });
}

/** The partner's own name of what it has done for a key: the same at every attempt. */
export const referenceOf = (kind: Kind, key: string): string => `${kind}-${hashOf(key)}`;

/** The name of an event: the same each time it is told. */
export const messageIdOf = ({ type, key }: PartnerEvent): string => `event-${hashOf(`${type} ${key}`)}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
