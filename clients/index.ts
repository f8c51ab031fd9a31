/** What another backend service uses of this product: the typed client, its errors, and the types of messages and answers. */
export { TradeAssuranceClient, type ClientOptions, type SendableName, type Sender } from './client';
export {
  TradeAssuranceHttpClient,
  type ActingFor,
  type HttpClientOptions,
  type HttpMessage,
  type HttpSender,
  type OrderListQuery,
  type OrderRow,
} from './http-client';
export { MembershipClient, type MembershipSender } from './membership';
export { Refused, TradeAssuranceError, Unavailable } from './errors';
export { loadSettings, type Settings } from '../config/settings';
export { messages, type Actor, type MessageData, type MessageName, type Role } from '../domain/messages';
export type { JournalEntry, OrderEvent } from '../domain/events';
export type { Money } from '../domain/money';
export type { OrderStatus } from '../domain/order';
export { refusals, type Refusal, type RefusalCode } from '../domain/refusal';
export type { Change, Revision } from '../domain/revisions';
export type { OrderView } from '../domain/view';
export type { OrderFilter } from '../store/read';
export type { Answer, LiveView } from '../workflows/contract';
export { FundsClient } from './funds';
export type { Settlement, SettlementRequest } from '../domain/settlement';
export type { Statement, StatementLine, StatementPeriod } from '../domain/statement';
export type { Withdrawal, WithdrawalRequest } from '../domain/withdrawal';
export type { EnrolmentReply } from '../workflows/enrolment-contract';
