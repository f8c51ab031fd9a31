/** Registered payees for tests of what comes after: the waiting time of these is over. */
import type { Payee } from '../../domain/messages';
import { documentOf, type Store } from '../../store/store';

/** Registers an account of the supplier long ago; again changes nothing. */
export async function registerPayee(store: Store, supplier: string, payee: Payee): Promise<void> {
  const [registeredAt, usableFrom] = ['2020-01-01T00:00:00.000Z', '2020-01-04T00:00:00.000Z'];
  const registered = {
    id: `payee-${supplier}-${payee.account}`,
    supplier,
    payee,
    registeredBy: { role: 'supplier' as const, member: supplier },
    registeredAt,
    usableFrom,
  };
  await store.collections.payees.updateOne(
    { _id: registered.id },
    { $setOnInsert: documentOf('payees', registered) },
    { upsert: true },
  );
}
