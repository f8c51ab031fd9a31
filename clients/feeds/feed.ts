/**
 * What a feed's adapter makes of a file: facts in the form of the order's own messages, and of everything else in the file
 * why it is no fact. An adapter is pure: bytes in, items out, in the order of the file; it knows no order and no server.
 */
import type { FactName, FeedKind } from '../../domain/inbox';
import type { MessageData } from '../../domain/messages';
import type { Money } from '../../domain/money';
import type { IgnoredCode } from './ignored';

export type { FactName, FeedKind };

/** Where in a file an item stands. */
export interface Source {
  /** The file's name, as it was given. */
  file: string;
  /** The message's own id in the file (its MsgId, interchange and message reference, …); its number, when it has none. */
  message: string;
  /** Number of the item in the message, from 0. */
  index: number;
}

/** What names a transfer on its whole way, and in its reversal, too. */
export interface Transfer {
  uetr?: string;
  /** The payer's end-to-end id. */
  endToEnd?: string;
}

/** A sum of several transactions, whose details stand in another message, or nowhere. */
export interface Batch {
  /** How many (`NbOfTxs`). */
  transactions?: number;
  /** The message that has the details (`AddtlInfInd`): its id, else its name. */
  detailsIn?: string;
}

/** Something in a file that an order may be told. */
export interface FactOf<Name extends FactName> {
  fact: Name;
  data: MessageData<Name>;
  /** What the payer wrote, of a credit (R30); at most 500 characters. */
  remittance?: string;
  /** What else may name the order, of a credit: the payer's references, the bank's additional information. */
  furtherText?: string;
  /** How much the bank has taken, of a credit taken back: a part of it is none that an order can be told. */
  amount?: Money;
  /** Of a credit, and of one that is taken back. */
  transfer?: Transfer;
  /** Of a credit that is the sum of several. */
  batch?: Batch;
  source: Source;
}
export type Fact = { [Name in FactName]: FactOf<Name> }[FactName];

/** Something in a file that is no fact for an order: a debit, an unbooked entry, a status without meaning for an order. */
export interface Ignored {
  /** Stable code, e.g. `entry.debit`. */
  ignored: IgnoredCode;
  /** For people: what it is, and why no order needs to know. */
  why: string;
  source: Source;
}

export type FeedItem = Fact | Ignored;

/** What is larger is refused as `file.too-large`. */
export const maxBytes = 32 * 1024 * 1024;

/** A file that cannot be read. Nothing of it is taken. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  constructor(
    /** Stable code, e.g. `xml.malformed`. */
    readonly code: string,
    /** What is wrong and what to do. */
    message: string,
    /** Where: a line and column, a path of elements, a segment's number. */
    readonly at: string,
  ) {
    super(message);
  }
}

/** One format, and who sends it. */
export interface FeedProfile {
  name: string;
  kinds: readonly FeedKind[];
  /** One line for people. */
  says: string;
  /** Reads a file, of at most `maxBytes`. @throws FeedError */
  parse(bytes: Uint8Array, file: string): FeedItem[];
}
