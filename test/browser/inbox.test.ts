/** The inbox's desk in a real browser: what is dead is closed by an operator, who is told before what that does. */
import { openInbox } from '../support/inbox';
import { openHttp, type HttpWorld } from '../support/http';
import { axe, openPortal, type Portal } from '../support/portal-browser';
import { Desk } from '../support/portal-desk';
import { openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
let portal: Portal;
beforeAll(async () => {
  world = await openWorld({ withWorker: false });
  http = await openHttp(world);
  portal = await openPortal(http.url);
});
afterAll(async () => {
  await portal.close();
  await http.close();
  await world.close();
});

const operator = { role: 'platform', member: 'operator-1' } as const;
const why = 'The bank has sent it again, whole.';

/** A delivery that nobody can read: its row is dead. */
async function deadRow(): Promise<string> {
  const feeds = openInbox(world);
  const delivery = await feeds.deliver('bank', Buffer.from('<Document'));
  await feeds.inbox.work();
  expect(await feeds.rowsOf(delivery)).toMatchObject([{ state: 'dead', code: 'lines.malformed' }]);
  return delivery;
}

test.each(['en', 'zh'] as const)(
  'R30 a dead row is closed with a reason, once it was read what that does (%s)',
  async (language) => {
    const delivery = await deadRow();
    const desk = new Desk(await portal.as({ ...operator, language, dark: language === 'zh' }), language);
    await desk.page.goto('/desk/inbox?state=dead');
    await desk.button('Close this row…', '结案…').click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByText(desk.say('What will happen', '操作后果')).waitFor();
    await dialog.getByText(desk.say('reaches no order', '不会发送给任何订单')).waitFor();
    const send = dialog.getByRole('button', { name: desk.say('Close the row', '确认结案') });
    expect(await send.isDisabled()).toBe(true); // without a reason nothing is closed
    await dialog.getByRole('textbox').fill(why);
    await desk.quiet();
    expect(await axe(desk.page)).toEqual([]);

    await dialog
      .getByRole('button', { name: desk.say('Leave it open', '暂不结案') })
      .last()
      .click();
    await dialog.waitFor({ state: 'detached' });
    expect(await openInbox(world).rowsOf(delivery)).toMatchObject([{ state: 'dead' }]);

    await desk.button('Close this row…', '结案…').click();
    await dialog.getByRole('textbox').fill(why);
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    await desk.sees(desk.say('Nothing has come in.', '没有收到任何信息。')); // no other is dead
    await desk.page.goto('/desk/inbox?state=ignored');
    await desk.sees(desk.say(`Closed by operator-1: ${why}`, `operator-1 已结案：${why}`));
    expect(await openInbox(world).rowsOf(delivery)).toMatchObject([
      { state: 'ignored', closed: { by: 'operator-1', why } },
    ]);
    expect(portal.complaints).toEqual([]);
  },
);
