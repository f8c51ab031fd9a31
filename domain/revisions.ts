/**
 * The revisions of a contract as its journal tells them: what each changed, module by module, who made it and when, who
 * confirmed or declined it, and whether it was a counter-offer (R52, R57). For readers; the workflow needs none of it.
 */
import diff from 'microdiff';
import type { ContractDraft, ContractModule } from './contract';
import type { JournalEntry, OrderEvent, Side } from './events';

/** A field that a revision changed; `before` is missing where it was added, `after` where it was removed. Money is one field. */
export interface Change {
  /** Within the module, lines counted from 0: `lines.0.unitPrice`. */
  path: string;
  before?: unknown;
  after?: unknown;
}

export interface Revision {
  revision: number;
  /** Drafted; revised while the two negotiate; amended by agreement once both have confirmed. */
  how: 'drafted' | 'revised' | 'amended';
  /** Who made it; who proposed it, if it is an amendment. */
  by: Side;
  at: string;
  modules: { module: ContractModule; changes: Change[] }[];
  /** It answers other terms, which the other side had confirmed or proposed. */
  isCounterOffer: boolean;
  /** Who has confirmed it, the first one first. */
  confirmedBy: { by: Side; at: string }[];
  declined?: { by: Side; at: string; reason: string };
}

interface Told {
  contract: ContractDraft;
  revisions: Revision[];
  /** The newest proposal to amend the contract. */
  proposed?: { by: Side; at: string; isCounterOffer: boolean };
}

/** All revisions, oldest first. */
export const revisionsOf = (journal: readonly JournalEntry[]): Revision[] =>
  journal
    .flatMap(({ events, at }) => events.map((event) => ({ event, at })))
    .reduce<Told>((told, { event, at }) => ({ ...told, ...after(told, event, at) }), { contract: {}, revisions: [] })
    .revisions;

function after(told: Told, event: OrderEvent, at: string): Partial<Told> {
  switch (event.type) {
    case 'orderDrafted':
      return made(told, event.contract, { revision: 1, how: 'drafted', by: event.by, at, isCounterOffer: false });
    case 'contractRevised': {
      const { revision, by, changes } = event;
      const isCounterOffer = told.revisions.at(-1)?.confirmedBy.some((confirmed) => confirmed.by !== by) ?? false;
      return made(told, changes, { revision, how: 'revised', by, at, isCounterOffer });
    }
    case 'revisionConfirmed':
      return newest(told, ({ confirmedBy }) => ({
        confirmedBy: [...confirmedBy.filter(({ by }) => by !== event.by), { by: event.by, at }],
      }));
    case 'revisionDeclined':
      return newest(told, () => ({ declined: { by: event.by, at, reason: event.reason } }));
    case 'proposalMade': {
      if (event.proposed.kind !== 'amendment') return {};
      const { by } = event;
      return { proposed: { by, at, isCounterOffer: told.proposed !== undefined && told.proposed.by !== by } };
    }
    case 'contractAmended':
      return amended(told, event, at);
    default:
      return {};
  }
}

type Head = Omit<Revision, 'modules' | 'confirmedBy'>;

function made({ contract, revisions }: Told, changes: ContractDraft, head: Head): Pick<Told, 'contract' | 'revisions'> {
  const modules = (Object.keys(changes) as ContractModule[])
    .map((module) => ({ module, changes: changesOf(contract[module] ?? {}, changes[module] ?? {}) }))
    .filter((changed) => changed.changes.length > 0);
  return { contract: { ...contract, ...changes }, revisions: [...revisions, { ...head, modules, confirmedBy: [] }] };
}

const newest = ({ revisions }: Told, changes: (newest: Revision) => Partial<Revision>): Pick<Told, 'revisions'> => ({
  revisions: revisions.map((one, i) => (i === revisions.length - 1 ? { ...one, ...changes(one) } : one)),
});

/** R52: one side has proposed it, and the other has accepted it just now. */
function amended(told: Told, event: Extract<OrderEvent, { type: 'contractAmended' }>, at: string): Partial<Told> {
  const {
    by,
    at: proposedAt,
    isCounterOffer,
  } = told.proposed ?? { by: 'supplier' as const, at, isCounterOffer: false };
  const { contract, revisions } = made(told, event.changes, {
    revision: event.revision,
    how: 'amended',
    by,
    at,
    isCounterOffer,
  });
  const confirmedBy = [
    { by, at: proposedAt },
    { by: by === 'supplier' ? ('buyer' as const) : ('supplier' as const), at },
  ];
  return { contract, ...newest({ contract, revisions }, () => ({ confirmedBy })), proposed: undefined };
}

/** What differs between two states of a module, in the order of its fields. */
function changesOf(before: object, now: object): Change[] {
  const paths = diff(before, now).map(({ path }) => withMoneyWhole(path.map(String)));
  return [...new Set(paths.map((path) => path.join('.')))].map((path) => {
    const [old, value] = [fieldOf(before, path), fieldOf(now, path)];
    return { path, ...(old !== undefined && { before: old }), ...(value !== undefined && { after: value }) };
  });
}

/** An amount and its currency are told together. */
const withMoneyWhole = (path: readonly string[]): readonly string[] =>
  ['amount', 'currency'].includes(path.at(-1) ?? '') ? path.slice(0, -1) : path;

const fieldOf = (of: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], of);
