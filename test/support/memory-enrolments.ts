/** The activities of applications over a memory, for tests of the workflow alone. It keeps the store's promises. */
import type { EnrolmentActivities, ToldPage } from '../../activities/enrolment';
import { enrolmentKey, type Enrolment, type EnrolmentStatus } from '../../domain/enrolment';
import type { EnrolmentMessage } from '../../domain/enrolment-messages';
import { enrolmentPolicy } from '../../domain/enrolment-policy';
import { commitOf, type To } from '../../domain/question';
import type { Refusal } from '../../domain/refusal';
import policyJson from '../../seeds/policies/enrolment-v1.json';
import type { EnrolmentAnswer, EnrolmentRequest } from '../../store/enrolment';

interface Row {
  body: string;
  version: number;
  status: EnrolmentStatus;
}

export class MemoryEnrolments {
  readonly states = new Map<string, Enrolment>();
  readonly rows = new Map<string, Row>();
  /** Called before each commit; throw to fail it. */
  beforeCommit: (request: EnrolmentRequest) => void = () => undefined;
  /** Called after each commit is stored; throw to lose its answer. */
  afterCommit: () => void = () => undefined;
  /** What the member's record says to a message. */
  refusal: Refusal | undefined;
  /** Pages of orders that wait, for each round in which they are told. */
  pages: ToldPage[] = [{ told: 0, gone: 0 }];
  readonly told: [supplier: string, id: string, after: string | undefined][] = [];
  beforeTelling: () => void = () => undefined;

  /** What the worker gets in place of an answer of `commitEnrolment`. */
  answered: (answer: To<EnrolmentAnswer>) => To<EnrolmentAnswer> = (answer) => answer;

  readonly activities: EnrolmentActivities = {
    loadEnrolment: (supplier) => {
      const enrolment = this.states.get(supplier);
      return Promise.resolve({ policy: enrolmentPolicy.parse(policyJson), ...(enrolment && { enrolment }) });
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- what it throws must come as a rejection
    commitEnrolment: async (request) => {
      this.beforeCommit(request);
      const answer = this.write(request);
      this.afterCommit();
      return this.answered({ ...answer, to: commitOf(enrolmentKey(request.message), request.next.version) });
    },
    recallEnrolment: (supplier, message) => Promise.resolve(this.recall(supplier, message)),
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    tellWaitingOrders: async (supplier, id, after) => {
      this.beforeTelling();
      this.told.push([supplier, id, after]);
      return this.pages[this.told.length - 1] ?? { told: 0, gone: 0 };
    },
  };

  /** Stores the next state as the store would, whoever asks. */
  write({ message, next }: EnrolmentRequest): EnrolmentAnswer {
    const known = this.recall(next.supplier, message);
    if (known?.kind === 'refused') return known;
    const before = this.states.get(next.supplier);
    if (before && before.version !== next.version - 1) return { kind: 'stands', enrolment: before };
    if (known) return known;
    if (this.refusal) return { kind: 'refused', refusal: this.refusal };
    this.states.set(next.supplier, next);
    const { version, status } = next;
    this.rows.set(`${next.supplier} ${enrolmentKey(message)}`, { body: bodyOf(message), version, status });
    return { kind: 'stored', enrolment: next };
  }

  private recall(supplier: string, message: EnrolmentMessage): EnrolmentAnswer | undefined {
    const row = this.rows.get(`${supplier} ${enrolmentKey(message)}`);
    if (!row) return undefined;
    if (row.body === bodyOf(message)) return { kind: 'repeated', version: row.version, status: row.status };
    return { kind: 'refused', refusal: { refused: 'message.id-reused', text: 'reused' } };
  }
}

const bodyOf = ({ name, actor, data }: EnrolmentMessage): string => JSON.stringify([name, actor, data]);
