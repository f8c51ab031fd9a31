/**
 * The mail server of the sandbox: takes every mail and delivers none. What it has taken is shown by address. It decides by the
 * name before the `@`: `refused…` does not exist, `busy…` is told to come later.
 */
import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import type { mongo } from 'mongoose';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from 'smtp-server';
import type { Routes } from './server';

export interface KeptMail {
  /** Its Message-ID and whom it came to: sent again it is the same one. */
  _id: string;
  at: string;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
}

const mostBytes = 1024 * 1024;
/** Mails shown at once, newest first. */
const shown = 200;

/** Answers on the port; `close` it. */
export async function openMailServer(
  mails: mongo.Collection<KeptMail>,
  { host, port, onFailure }: { host: string; port: number; onFailure: (fault: unknown) => void },
): Promise<{ close: () => void }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: mostBytes,
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => done(refusalOf(address)),
    onData: (stream, { envelope }, done) => {
      keep(mails, stream, envelope.rcptTo).then(
        () => done(),
        (fault: unknown) => {
          onFailure(fault);
          done(failed('cannot keep it', 451));
        },
      );
    },
  });
  server.on('error', onFailure);
  const listening = once(server.server, 'listening');
  server.listen(port, host);
  await listening;
  return {
    close: () => {
      server.close();
    },
  };
}

function refusalOf(address: string): Error | undefined {
  if (address.startsWith('refused')) return failed('no such person here', 550);
  return address.startsWith('busy') ? failed('come later', 451) : undefined;
}

const failed = (text: string, responseCode: number): Error => Object.assign(new Error(text), { responseCode });

async function keep(
  mails: mongo.Collection<KeptMail>,
  stream: SMTPServerDataStream,
  recipients: readonly SMTPServerAddress[],
): Promise<void> {
  const { messageId = '', from, subject = '', text = '', html, date } = await simpleParser(stream);
  for (const { address } of recipients) {
    const kept = { at: (date ?? new Date()).toISOString(), to: address, from: from?.text ?? '', subject, text };
    const mail = { ...kept, html: html === false ? '' : html };
    await mails.updateOne({ _id: `${messageId} ${address}` }, { $setOnInsert: mail }, { upsert: true });
  }
}

/** `GET /mail/messages/<address>`, or `all`. */
export const mailRoutes = (mails: mongo.Collection<KeptMail>): Routes => ({
  'GET /mail/messages': async (address) => ({
    outcome: {
      mails: await mails
        .find(address === 'all' ? {} : { to: address })
        .sort({ at: -1, _id: 1 })
        .limit(shown)
        .toArray(),
    },
  }),
});
