/** What the portal's own addresses answer with: one answer a page, so that a page is there after one request. */
import type { Action } from '../../../domain/allowed';
import type { LimitExplanation } from '../../../domain/credit';
import type { OrderEvent } from '../../../domain/events';
import type { Assurance, Member } from '../../../domain/member';
import type { Actor } from '../../../domain/messages';
import type { Money } from '../../../domain/money';
import type { Complaint, OrderStatus } from '../../../domain/order';
import type { Revision } from '../../../domain/revisions';
import type { SchemeName } from '../../../domain/scheme';
import type { SchemePolicy } from '../../../domain/scheme-policy';
import type { OrderView, ToldEntry } from '../../../domain/view';

/** A member as others see it. */
export type Party = Pick<Member, 'id' | 'name' | 'localName' | 'country' | 'city'>;

/** Somebody as whom one may sign in, in embedded mode. */
export interface Seat extends Party {
  role: 'supplier' | 'buyer' | 'platform';
  assurance?: Assurance;
  users: { id: string; name: string; role: string }[];
}

export interface SessionAnswer {
  /** Who is signed in. */
  me?: Actor & {
    name: string;
    localName?: string;
    userName?: string;
    userRole?: string;
    /** A supplier's standing with Trade Assurance. */
    assurance?: Assurance;
    /** Whom the other side writes to, unless the contract says another. */
    contact?: Member['contact'];
  };
  /** Who may sign in here by choosing; only in embedded mode. */
  seats?: Seat[];
  /** Where the payer's page gets a token for a card, at the processor; without it one has a token already. */
  cardTokensUrl?: string;
}

export interface OrderRow {
  id: string;
  status: OrderStatus;
  scheme: SchemeName;
  supplier: Party;
  buyer: Party;
  reference?: string;
  /** The first line of goods, and how many more there are. */
  goods?: string;
  moreGoods: number;
  total?: Money;
  paid?: Money;
  payBy?: string;
  shipBy?: string;
  isDisputed: boolean;
  updatedAt: string;
}

export interface OrderListAnswer {
  rows: OrderRow[];
  /** Where the next page begins. */
  next?: string;
}

export interface OrderPageAnswer {
  view: OrderView;
  actions: Action[];
  journal: ToldEntry[];
  revisions: Revision[];
  supplier: Party;
  buyer: Party;
  policy: SchemePolicy;
  /** The supplier's reputation, as buyers see it. */
  labels: { id: string; en: string; zh: string }[];
  now: string;
}

/** What a message would do. */
export interface PreviewAnswer {
  events: OrderEvent[];
}

export interface CreditAnswer {
  limit: LimitExplanation;
  openCover: Money;
  points: number;
  labels: { id: string; en: string; zh: string }[];
  ranking: number;
  /** The limit at the end of each of the last months, and today. */
  months: { month: string; limit: number; onTime: number; orders: number }[];
  /** Orders that are covered now. */
  exposure: { order: string; cover: Money; status: OrderStatus }[];
}

export interface DisputeRow {
  order: string;
  status: OrderStatus;
  supplier: Party;
  buyer: Party;
  total?: Money;
  complaint: Pick<Complaint, 'id' | 'kind' | 'openedAt' | 'claim' | 'escalated' | 'answerBy' | 'escalateBy'>;
  /** What an operator has put forward. */
  approval?: { id: number; by: string };
}

/** A supplier's standing with Trade Assurance, as the platform sees it (R58). */
export interface StandingRow extends Party {
  assurance: Assurance;
  /** Of a suspended one: why, and what waits for a second operator. */
  suspended?: { at: string; reason: string };
  proposal?: { number: number; at: string; by: string; reason: string };
}

/** How many orders stand at each milestone, and at each status. */
export interface FunnelAnswer {
  statuses: { status: OrderStatus; count: number }[];
}

export interface CatalogueAnswer {
  suppliers: (Party & { assurance: Assurance })[];
  buyers: Party[];
  products: {
    id: string;
    supplier: string;
    name: string;
    localName?: string;
    hsCode: string;
    unit: string;
    unitPrice: Money;
    minimumOrder: number;
  }[];
}
