/** The mail server, over SMTP. */
import { createTransport } from 'nodemailer';

export interface OutgoingMail {
  from: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  /** The same at every attempt, so that whoever gets it twice sees it once. */
  messageId: string;
  /** What it belongs to: mail programs put the mails of one order together. */
  references: string;
  headers: Record<string, string>;
}

/** The mail cannot be delivered; `isFinal` when no later attempt mends it. */
export class MailFailed extends Error {
  override readonly name = 'MailFailed';
  constructor(
    readonly code: string,
    message: string,
    readonly isFinal: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Mailer {
  /** @throws MailFailed */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** What is wrong with one mail and not with the server. */
const ofTheMail: readonly string[] = ['EENVELOPE', 'EMESSAGE'];

/** The server at `url` (`smtps://user:password@host:port`). */
export function mailerAt(url: string, { timeoutMs = 15_000 } = {}): Mailer {
  const times = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  // Nothing of a mail is ever taken from a file or an address.
  const transport = createTransport({ url, pool: true, ...times, disableFileAccess: true, disableUrlAccess: true });
  return {
    send: async (mail) => {
      try {
        await transport.sendMail(mail);
      } catch (fault) {
        const {
          code = 'failed',
          message,
          responseCode = 0,
        } = fault as Error & { code?: string; responseCode?: number };
        const isFinal = ofTheMail.includes(code) && responseCode >= 500;
        throw new MailFailed(code.toLowerCase(), message.slice(0, 300), isFinal, { cause: fault });
      }
    },
    close: () => transport.close(),
  };
}
