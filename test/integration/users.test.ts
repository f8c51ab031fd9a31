/** The people of a company on real servers: a user sends what its role may send, and nothing is done in the name of a stranger. */
import { as, lighting, openWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const by = (user: string) => ({ as: { ...as.supplier.as, user } });
const confirm = { revision: 1 };

test('sales confirms, and the journal says who it was; a viewer does not', async () => {
  const { ta, store } = world;
  const id = world.orderId('users');
  const { users = [] } = (await store.collections.members.findOne({ _id: lighting.supplier })) ?? {};
  const sales = users.find(({ role }) => role === 'sales');
  const viewer = {
    id: 'intern',
    name: 'Intern',
    email: 'intern@haisheng-lighting.example',
    role: 'viewer',
    active: true,
  } as const;
  await store.collections.members.updateOne({ _id: lighting.supplier }, { $set: { users: [...users, viewer] } });
  await ta.start(id, lighting, by(sales?.id ?? ''));
  await expect(ta.confirm(id, confirm, by(viewer.id))).rejects.toMatchObject({ code: 'actor.user-not-allowed' });
  await ta.confirm(id, confirm, by(sales?.id ?? ''));
  const journal = await ta.journal(id);
  expect(journal.map(({ actor }) => actor.user)).toEqual([sales?.id, sales?.id]);
});

test('a user that the company does not have speaks for nobody', async () => {
  const { ta } = world;
  const id = world.orderId('stranger');
  await expect(ta.start(id, lighting, by('nobody'))).rejects.toMatchObject({ code: 'actor.user-unknown' });
  await expect(ta.view(id)).rejects.toMatchObject({ code: 'order.not-found' });
});
