/** R20, R22 a complaint that goes to the platform, in a real browser: days go by on a server that can skip time. */
import { randomUUID } from 'node:crypto';
import { openStage } from '../../ops/start/stage';
import { openHttp } from '../support/http';
import { axe, openPortal } from '../support/portal-browser';
import { Desk } from '../support/portal-desk';
import { contract, credit, goods } from '../support/portal-stage';
import { as, lighting, required } from '../support/world';

const operator = (n: 1 | 2) => ({ role: 'platform', member: `operator-${String(n)}` }) as const;

test('R20, R22 a complaint that nobody settled is ruled on by two operators', async () => {
  const database = `stage_${randomUUID().slice(0, 8)}`;
  const mongodbUri = required('TEST_MONGODB_URI');
  const stage = await openStage({
    mongodbUri,
    database,
    testServer: required('TEST_SERVER_BINARY'),
    bundle: required('TEST_BUNDLE'),
  });
  const uri = new URL(mongodbUri);
  uri.pathname = `/${database}`;
  const api = await openHttp({ ta: stage.ta, mongodbUri: uri.href });
  const desks = await openPortal(api.url);
  try {
    const id = 'ruled-1';
    await stage.ta.start(id, { ...lighting, contract }, as.supplier);
    for (const who of [as.supplier, as.buyer]) await stage.ta.confirm(id, { revision: 1 }, who);
    await credit(stage, id, 'advance');
    const declaration = 'D-ruled';
    await stage.ta.registerExport(id, { exportOrder: 'E-ruled', declaration, goods: goods() }, as.supplier);
    await stage.ta.completeExport(id, {}, as.supplier);
    await stage.ta.customsReleased(
      id,
      { declaration, releasedAt: new Date(await stage.now()).toISOString() },
      as.customs,
    );
    const claim = { amount: 120_000, currency: 'USD' as const };
    await stage.ta.complain(id, { kind: 'quality-after-shipment', description: 'They flicker.', claim }, as.buyer);
    await stage.sleep(5 * 86_400_000);
    await stage.ta.escalate(id, {}, as.buyer);

    const first = new Desk(await desks.as({ ...operator(1), language: 'en' }), 'en');
    await first.page.goto('/desk/arbitration');
    await first.page.getByRole('link', { name: id }).waitFor();
    expect(await axe(first.page)).toEqual([]);
    await first.page.getByRole('link', { name: id }).click();
    await first.act('rule', async () => {
      await first.field('Upheld in part', '部分成立').check();
      await first.field('Award', '判付金额').fill('600');
      await first.page.getByRole('textbox', { name: 'Reason' }).fill('Half of it is shown by the photographs.');
    });
    await first.sees('Waits for a second operator');
    const second = new Desk(await desks.as({ ...operator(2), language: 'zh', dark: true }), 'zh');
    await second.page.goto(`/orders/${id}`);
    await second.act('approve');
    await second.sees('部分成立');
    const [complaint] = (await stage.ta.view(id)).complaints;
    expect(complaint?.closed).toMatchObject({ award: { amount: 60_000 } });
    expect(desks.complaints).toEqual([]);
  } finally {
    await desks.close();
    await api.close();
    await stage.close();
  }
});
