/** A mail server for tests: real SMTP, keeps what it takes, refuses what it is told to. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export class MailServer {
  readonly taken: ParsedMail[] = [];
  /** Status to refuse an address with; undefined takes it. */
  refuses: (address: string) => number | undefined = () => undefined;
  url = '';
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      const responseCode = this.refuses(address);
      done(responseCode === undefined ? undefined : Object.assign(new Error('refused'), { responseCode }));
    },
    onData: (stream, _session, done) => {
      simpleParser(stream).then(
        (mail) => {
          this.taken.push(mail);
          done();
        },
        (fault: unknown) => done(fault as Error),
      );
    },
  });

  async open(): Promise<this> {
    const listening = once(this.#server.server, 'listening');
    this.#server.listen(0, '127.0.0.1');
    await listening;
    this.url = `smtp://127.0.0.1:${String((this.#server.server.address() as AddressInfo).port)}`;
    return this;
  }

  /** Addresses that were written to, by mails of which it is so. */
  addresses(isSo: (mail: ParsedMail) => boolean = () => true): string[] {
    const groups = this.taken.filter(isSo).flatMap(({ to }) => [to ?? []].flat());
    return groups.flatMap(({ value }) => value.map(({ address }) => address ?? ''));
  }

  close(): Promise<void> {
    return new Promise((closed) => this.#server.close(() => closed()));
  }
}
