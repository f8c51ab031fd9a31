/** Somebody at the portal, with its words in the reader's language: finds what it says, and does what one can do there. */
import type { Page } from 'playwright-core';
import { messageWords, type PeopleMessage } from '../../domain/message-words';
import type { Language } from '../../domain/vocabulary';
import { axe } from './portal-browser';

export class Desk {
  constructor(
    readonly page: Page,
    readonly language: Language,
  ) {}

  say(en: string, zh: string): string {
    return this.language === 'zh' ? zh : en;
  }

  message(name: PeopleMessage): string {
    const { label } = messageWords[name];
    return this.say(label.en, label.zh);
  }

  button(en: string, zh: string) {
    return this.page.getByRole('button', { name: this.say(en, zh), exact: true }).first();
  }

  field(en: string, zh: string) {
    return this.page.getByLabel(this.say(en, zh));
  }

  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  /** Opens what one can do, waits for what would happen, looks for what axe finds, and does it. */
  async act(name: PeopleMessage, fill: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await this.page
      .getByRole('button', { name: this.message(name), exact: true })
      .first()
      .click();
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    await fill();
    await dialog.getByText(this.say('What will happen', '操作后果')).waitFor();
    await this.quiet();
    expect([name, await axe(this.page)]).toEqual([name, []]);
    await dialog.getByRole('button', { name: this.say('Confirm and send', '确认并发送') }).click();
    await dialog.waitFor({ state: 'detached' }).catch(async () => {
      throw new Error(`${name} was not done: ${await dialog.innerText()}`);
    });
    await this.quiet();
  }

  /** Waits until nothing fades in or out: what is half there has half its contrast. */
  async quiet(): Promise<void> {
    await this.page.evaluate(
      'Promise.all(document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished.catch(() => undefined)))',
    );
  }
}
