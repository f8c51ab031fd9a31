/** Registered payees as stored: the accounts that a supplier's money may be paid out to (R9, R27). */
import type { ClientSession } from 'mongoose';
import { fundsAuthorityRefusal, type FundsOperation } from '../domain/authority';
import type { Actor, Payee } from '../domain/messages';
import { noticesOfPayee } from '../domain/notices-beside';
import { confirmPayee, registerPayee, removePayee, type RegisteredPayee } from '../domain/payee';
import { isRefusal, refuse, type Refusal } from '../domain/refusal';
import { tellBeside } from './beside-notices';
import { findMember } from './read';
import { documentOf, valueOf, type Store } from './store';
import { withdrawalPolicyOn } from './withdrawal-policy';

/** The payees of a supplier, oldest first, without those that were removed. */
export async function payeesOf(store: Store, supplier: string, session?: ClientSession): Promise<RegisteredPayee[]> {
  const { payees } = store.collections;
  const docs = await payees
    .find({ supplier, removedAt: { $exists: false } }, session ? { session } : {})
    .sort({ registeredAt: 1, _id: 1 })
    .toArray();
  return docs.map(valueOf);
}

interface Registration {
  id: string;
  supplier: string;
  payee: Payee;
  by: Actor;
}

/** Registers an account; the same id and account again answers with what is registered. `actor.…`, `payee.…`, `message.id-reused`. */
export function registerPayeeOf(store: Store, asked: Registration, at: string): Promise<RegisteredPayee | Refusal> {
  const { id, supplier, payee, by } = asked;
  return store.transaction(async (session) => {
    const refused = await authorityRefusal(store, 'payee.register', by, supplier, session);
    if (refused) return refused;
    const doc = await store.collections.payees.findOne({ _id: id }, { session });
    const before = doc && valueOf(doc);
    if (before)
      return before.supplier === supplier && JSON.stringify(before.payee) === JSON.stringify(payee)
        ? before
        : refuse('message.id-reused', id);
    const { payeeWaitingHours } = await withdrawalPolicyOn(store, at, session);
    const registered = registerPayee(await payeesOf(store, supplier, session), asked, payeeWaitingHours, at);
    if (isRefusal(registered)) return registered;
    await store.collections.payees.insertOne(documentOf('payees', registered), { session });
    await tellBeside(store, `payee:${id}`, noticesOfPayee(registered, 'registered'), at, session);
    return registered;
  });
}

/** A second person of the company confirms it: it can be used at once. */
export const confirmPayeeOf = (store: Store, supplier: string, id: string, by: Actor, at: string) =>
  change(store, 'payee.confirm', { supplier, id, by, at }, (before) => confirmPayee(before, by, at));

/** Takes it off the list. */
export const removePayeeOf = (store: Store, supplier: string, id: string, by: Actor, at: string) =>
  change(store, 'payee.remove', { supplier, id, by, at }, (before) => removePayee(before, by, at));

function change(
  store: Store,
  operation: FundsOperation,
  { supplier, id, by, at }: { supplier: string; id: string; by: Actor; at: string },
  next: (before: RegisteredPayee) => RegisteredPayee | Refusal,
): Promise<RegisteredPayee | Refusal> {
  return store.transaction(async (session) => {
    const refused = await authorityRefusal(store, operation, by, supplier, session);
    if (refused) return refused;
    const { payees } = store.collections;
    const doc = await payees.findOne({ _id: id, supplier }, { session });
    if (!doc) return refuse('payee.not-found', id);
    const before = valueOf(doc);
    const after = next(before);
    if (isRefusal(after) || after === before) return after;
    await payees.replaceOne({ _id: id }, documentOf('payees', after), { session });
    const what = operation === 'payee.remove' ? 'removed' : 'confirmed';
    await tellBeside(store, `payee:${id}`, noticesOfPayee(after, what), at, session);
    return after;
  });
}

/** Why the actor may not do this with the supplier's money, by the company as it is on record in this transaction. */
async function authorityRefusal(
  store: Store,
  operation: FundsOperation,
  by: Actor,
  supplier: string,
  session: ClientSession,
): Promise<Refusal | undefined> {
  return fundsAuthorityRefusal(operation, by, supplier, await findMember(store, supplier, session));
}
