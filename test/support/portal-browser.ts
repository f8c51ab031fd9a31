/** A browser at the portal: signed in as somebody, in a language, at a width; what breaks the page's policy fails the test. */
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { required } from './world';

export interface Reader {
  role: 'supplier' | 'buyer' | 'platform';
  member: string;
  user?: string;
  language?: 'en' | 'zh';
  /** A phone's width, or a desk's. */
  width?: number;
  dark?: boolean;
}

export interface Portal {
  browser: Browser;
  /** A page of this reader's, signed in. The caller need not close it. */
  as: (reader: Reader) => Promise<Page>;
  /** What the pages have complained of so far: errors, and what their policy (CSP) has kept out. */
  complaints: string[];
  close: () => Promise<void>;
}

export async function openPortal(url: string): Promise<Portal> {
  const browser = await chromium.launch({ executablePath: required('TEST_CHROMIUM'), args: ['--no-sandbox'] });
  const complaints: string[] = [];
  const contextOf = ({ language = 'en', width = 1280, dark = false }: Reader): BrowserContextOptions => ({
    baseURL: url,
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    // What fades has half its contrast for a moment, which axe would find.
    reducedMotion: 'reduce',
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: language === 'zh' ? 'Asia/Shanghai' : 'Europe/Berlin',
  });
  return {
    browser,
    complaints,
    as: async (reader) => {
      const page = await (await browser.newContext(contextOf(reader))).newPage();
      page.on('pageerror', (fault) => complaints.push(String(fault)));
      page.on('console', (line) => {
        if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) complaints.push(line.text());
      });
      await signIn(page, reader);
      return page;
    },
    close: () => browser.close(),
  };
}

/** Signs in on the page, by hand. */
async function signIn(page: Page, { role, member, user, language = 'en' }: Reader): Promise<void> {
  await page.goto('/');
  const tab = { supplier: ['Supplier', '供应商'], buyer: ['Buyer', '买家'], platform: ['Platform', '平台'] }[role];
  await page.getByText(tab[language === 'zh' ? 1 : 0] ?? '', { exact: true }).click();
  await page.getByRole('textbox').first().fill(member);
  if (user !== undefined) {
    await page.getByRole('combobox').first().click();
    await page.getByRole('option', { name: user }).click();
  }
  await page.getByRole('listitem').first().getByRole('button').click();
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: /^(Orders|订单)$/ })
    .waitFor();
}

/** What axe finds wrong with the page as it stands. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
