/**
 * The portal in a real browser, on real servers: each role's main journey, in both languages, at a phone's width, by keyboard;
 * nothing that axe finds, nothing that the page's policy keeps out. `PORTAL_PICTURES=1` puts the pictures of the docs anew.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { axe, openPortal, type Portal } from '../support/portal-browser';
import { credit, stageOrders, type Staged } from '../support/portal-stage';
import { callers, openHttp, type HttpWorld } from '../support/http';
import { lighting, openWorld, type World } from '../support/world';

let world: World;
let http: HttpWorld;
let portal: Portal;
let orders: Staged;
beforeAll(async () => {
  world = await openWorld();
  http = await openHttp(world);
  [portal, orders] = await Promise.all([openPortal(http.url), stageOrders(world)]);
  await deliverMess();
});
afterAll(async () => {
  await portal.close();
  await http.close();
  await world.close();
});
afterEach(() => {
  expect(portal.complaints.splice(0)).toEqual([]);
});

const buyer = { role: 'buyer', member: lighting.buyer } as const;
const supplier = { role: 'supplier', member: lighting.supplier } as const;
const operator = { role: 'platform', member: 'operator-1' } as const;

/** What waits in the inbox: a release whose declaration no order knows, and a file that is none. */
async function deliverMess(): Promise<void> {
  const released = { declaration: 'D-NOBODYS', releasedAt: new Date().toISOString() };
  const body = JSON.stringify({ fact: 'customsReleased', data: released });
  for (const [profile, sent] of [
    ['json', body],
    ['wco', 'a letter'],
  ] as const)
    expect((await http.call(callers.customs, 'POST', `/v1/feeds/customs/${profile}`, { body: sent })).status).toBe(202);
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const open = async (page: Page, order: string) => {
  await page.goto(`/orders/${order}`);
  await page.getByRole('heading', { level: 1, name: order }).waitFor();
};

/** A picture for the docs, when they are asked for: without what is told for a moment only. */
async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PORTAL_PICTURES === undefined) return;
  await page.locator('.mantine-Notification-root').waitFor({ state: 'detached' });
  await page.screenshot({ path: join(__dirname, '../../docs/images', `${name}.png`) });
}

test('R54, R30 a buyer reads what confirming does, confirms, and sees where to pay', async () => {
  const page = await portal.as(buyer);
  await picture(page, 'portal-orders');
  await open(page, orders.offered);
  await button(page, 'Preview and Confirm order').first().click();
  await page.getByText(/Confirmed by both: total USD\s25,160\.00/).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'portal-confirm');
  await button(page, 'Confirm and send').click();
  await page.getByText('Awaiting payment', { exact: true }).waitFor();
  const { payTo = '' } = await world.ta.view(orders.offered);
  await page.getByText(payTo, { exact: true }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'portal-pay');
});

test('R31 what the bank books shows without a reload', async () => {
  const page = await portal.as(buyer);
  await open(page, orders.unpaid);
  await page.getByText('Live', { exact: true }).waitFor();
  await credit(world, orders.unpaid, 'advance');
  await page.getByText('Awaiting shipment', { exact: true }).waitFor();
});

test('R34 a buyer answers a shipment, in Chinese, at a phone’s width', async () => {
  const page = await portal.as({ ...buyer, language: 'zh', width: 390 });
  await open(page, orders.shipped);
  expect(await axe(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await picture(page, 'portal-phone-zh');
  await button(page, '确认发货').first().click();
  await page.getByText('买家认可货物').waitFor();
  await button(page, '确认并发送').click();
  await page.getByText('待付尾款', { exact: true }).waitFor();
});

test('R6 a supplier registers an export, by keyboard, in Chinese', async () => {
  const page = await portal.as({ ...supplier, language: 'zh' });
  await open(page, orders.advance);
  await button(page, '登记出口').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('出口服务订单号（一达通）').fill('E-1');
  await page.getByLabel('报关单号').fill('D-1');
  await page.getByText('登记出口服务订单 E-1，报关单 D-1，货物 2 项').waitFor();
  expect(await axe(page)).toEqual([]);
  await page.getByLabel('报关单号').press('Enter');
  await page.getByRole('button', { name: '标记出口齐全' }).waitFor();
  await picture(page, 'portal-delivery-zh');
});

test('R52 a supplier revises the contract; what it types outlives the page', async () => {
  const page = await portal.as(supplier);
  await open(page, orders.draft);
  await page.getByRole('link', { name: 'Revise contract' }).click();
  await page.getByLabel('Supplier: Name').fill('Chen Lihua');
  await page.reload();
  expect(await page.getByLabel('Supplier: Name').inputValue()).toBe('Chen Lihua');
  for (const [label, value] of [
    ['Supplier: E-mail', 'sales@haisheng-lighting.example'],
    ['Buyer: Name', 'Katrin Petersen'],
    ['Buyer: E-mail', 'einkauf@alster-home.example'],
  ] as const)
    await page.getByLabel(label).fill(value);
  expect(await axe(page)).toEqual([]);
  await button(page, 'Confirm and send').click();
  await page.getByText('100 % complete', { exact: true }).waitFor();
});

test('R1, R11 a supplier sees its limit, as a chart and in lines', async () => {
  const page = await portal.as({ ...supplier, language: 'zh' });
  await page.getByRole('link', { name: '信保额度' }).click();
  await page.getByText(/今日额度：/).waitFor();
  await page.locator('.recharts-surface').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'portal-credit-zh');
});

test('R18 a supplier sees what it can collect, and its statement', async () => {
  const page = await portal.as(supplier);
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByText('Payment of the buyer').first().waitFor();
  expect(await axe(page)).toEqual([]);
});

test('R20 evidence is what its bytes say, and only the two of the order get it', async () => {
  const page = await portal.as(buyer);
  await open(page, orders.disputed);
  await button(page, 'Add evidence').click();
  await page.getByLabel('Title').fill('Photograph');
  const file = page.locator('input[type=file]');
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<script>alert(1)</script>') });
  await page.getByText('A file must be a PDF, a PNG or a JPEG of at most 10 MB.').first().waitFor();
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png });
  await page.getByText('The buyer added evidence: “Photograph”').waitFor();
  await button(page, 'Confirm and send').click();
  const link = page.getByRole('link', { name: 'Photograph' });
  await link.waitFor();
  await picture(page, 'portal-complaint');
  const path = (await link.getAttribute('href')) ?? '';
  const own = await page.request.get(path);
  expect([own.status(), own.headers()['content-disposition'], own.headers()['x-content-type-options']]).toEqual([
    200,
    "attachment; filename*=UTF-8''a.png",
    'nosniff',
  ]);
  const stranger = await portal.as({ role: 'buyer', member: 'buy-houston-hardware' });
  expect((await stranger.request.get(path)).status()).toBe(404);
});

test('R20, R30 an operator finds the complaint on its desk; every desk opens', async () => {
  const page = await portal.as(operator);
  for (const [link, sees] of [
    ['Overview', 'Orders by status'],
    ['Arbitration', orders.disputed],
    ['Suspense', /Nothing stands in suspense|In suspense/],
    ['Inbox', 'Until an order registers declaration D-NOBODYS'],
    ['Members', 'Applications'],
    ['Policies', 'trade-assurance/v1'],
  ] as const) {
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await page.getByRole('main').getByText(sees).first().waitFor();
    expect([link, await axe(page)]).toEqual([link, []]);
    if (link === 'Arbitration') await picture(page, 'portal-arbitration');
  }
});

test('R56 an operator reads the policies in words, and as JSON', async () => {
  const page = await portal.as(operator);
  await page.goto('/desk/policies');
  await page.getByRole('button', { name: 'trade-assurance/v1' }).click();
  await page.getByRole('row', { name: 'time to pay 15 days from the second confirmation' }).waitFor();
  await page.getByText('As JSON').first().click();
  await page.getByText('"paymentDays": 15').first().waitFor();
});

test.each([
  ['a buyer', buyer, () => ['/orders', '/start', `/orders/${orders.unpaid}`, `/orders/${orders.offered}`]],
  [
    'a supplier',
    supplier,
    () => ['/credit', '/money', '/enrolment', `/orders/${orders.disputed}`, `/orders/${orders.draft}/contract`],
  ],
  [
    'an operator',
    operator,
    () => ['overview', 'arbitration', 'suspense', 'inbox', 'members', 'policies'].map((desk) => `/desk/${desk}`),
  ],
] as const)(
  'every page of %s, dark, at a phone’s width: axe finds nothing, nothing is cut off',
  async (_, who, paths) => {
    const page = await portal.as({ ...who, language: 'zh', width: 390, dark: true });
    for (const path of paths()) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
      expect([path, await axe(page)]).toEqual([path, []]);
      // Neither the page nor what scrolls by itself is wider than it is shown.
      const cut =
        '[document.documentElement, ...document.querySelectorAll(".scroll-x")].filter((one) => one.scrollWidth > one.clientWidth).length';
      expect([path, await page.evaluate(cut)]).toEqual([path, 0]);
    }
  },
);

test('R50 the list is searched and narrowed by its address; dark mode is readable, too', async () => {
  const page = await portal.as({ ...buyer, dark: true });
  await page.getByLabel('Search orders').fill(orders.reviewing);
  await page.getByRole('link', { name: orders.disputed }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('q')).toBe(orders.reviewing);
  expect(await axe(page)).toEqual([]);
  await page.getByRole('link', { name: orders.reviewing }).click();
  await page.getByRole('heading', { level: 1, name: orders.reviewing }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'portal-dark');
});

test('the page’s policy lets nothing in that is not the portal’s; the cookie is kept from scripts', async () => {
  const page = await portal.as(buyer);
  const policy = (await page.request.get('/')).headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain('unsafe-inline');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'ta_session', httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate('document.cookie')).toBe('');
});

test('what another site sends with the browser’s cookie is refused', async () => {
  const page = await portal.as(buyer);
  const path = `/v1/orders/${orders.reviewing}/messages/review`;
  const forged = await page.request.post(path, {
    data: { stars: 1 },
    headers: { origin: 'https://elsewhere.example' },
  });
  expect([forged.status(), ((await forged.json()) as { code: string }).code]).toEqual([403, 'identity.cross-site']);
  expect((await world.ta.view(orders.reviewing)).reviews).toMatchObject({ given: [] });
});

test('the proforma invoice is a PDF in both languages', async () => {
  const page = await portal.as(buyer);
  for (const language of ['en', 'zh']) {
    const pdf = await page.request.get(`/portal/orders/${orders.unpaid}/proforma.pdf?language=${language}`);
    expect([pdf.status(), pdf.headers()['content-type']]).toEqual([200, 'application/pdf']);
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  }
});

test('an order’s page is loaded with at most 300 KB of script', async () => {
  const page = await portal.as(buyer);
  const context = page.context();
  const fresh = await context.newPage();
  const sizes: number[] = [];
  fresh.on('response', (response) => {
    if (response.url().endsWith('.js')) sizes.push(Number(response.headers()['content-length'] ?? 0));
  });
  await open(fresh, orders.unpaid);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.every((size) => size > 0)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
});
