/** Sends the mails that are due. A server that is away is tried again like a receiver of webhooks; an address that does not exist is not. */
import { inSpan, orderAttribute } from '../config/tracing';
import { nextAttemptAt, type Attempt } from '../domain/webhooks';
import { MailFailed, type Mailer } from '../partners/mail';
import { claimMail, settleMail, type ClaimedMail } from '../store/mails';
import type { Store } from '../store/store';
import { mailOf } from './mail-text';
import type { Job } from '../partners/pump';

export interface MailNeeds {
  store: Store;
  /** The present instant, ISO 8601. */
  now: () => string;
  /** From 0 up to 1. */
  chance: () => number;
  mailer: Mailer;
  from: string;
}

/** Longer than a server may take. */
const leaseMs = 60_000;

/** Takes a mail that is due. */
export async function takeMail(needs: MailNeeds): Promise<Job | undefined> {
  const mail = await claimMail(needs.store, needs.now(), leaseMs);
  const of = mail?.order === undefined ? {} : { [orderAttribute]: mail.order };
  return mail && (() => inSpan('relay mail', of, () => send(needs, mail)));
}

async function send({ store, now, chance, mailer, from }: MailNeeds, mail: ClaimedMail): Promise<void> {
  const [began, clock] = [now(), performance.now()];
  const failed = await mailer.send(mailOf(mail, from)).then(
    () => undefined,
    (fault: unknown) => fault as Error,
  );
  const attempt: Attempt = { at: began, ms: Math.round(performance.now() - clock), ...(failed && whyOf(failed)) };
  if (!failed) return settleMail(store, mail, { state: 'sent' }, attempt);
  const at = now();
  const failure = { at, attempts: mail.attempts + 1, since: mail.queuedAt, chance: chance() };
  const againAt = failed instanceof MailFailed && failed.isFinal ? undefined : nextAttemptAt(failure);
  await settleMail(store, mail, againAt === undefined ? { state: 'parked' } : { state: 'pending', againAt }, attempt);
}

const whyOf = (failed: Error): Pick<Attempt, 'error' | 'detail'> => ({
  error: failed instanceof MailFailed ? failed.code.slice(0, 40) : 'failed',
  detail: failed.message.slice(0, 500),
});
