/** What must not stand in a log does not, in whatever field, text or error it comes. */
import { PassThrough } from 'node:stream';
import { logOf, standardError, withoutSecrets } from '../../config/log';

/** Things that open a door or name a person, as they come in errors and objects. */
const planted = {
  webhookSecret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  token: 'eyJhbGciOiJFUzI1NiJ9.eyJyb2xlIjoicGxhdGZvcm0ifQ.c2lnbmF0dXJl',
  opaqueToken: 'Bearer b4nk-t0ken',
  signature: `v1,${Buffer.alloc(32, 9).toString('base64')}`,
  mongodb: 'mongodb://trade_assurance:hunter2@mongodb:27017/ta',
  smtp: 'smtps://user:pa55word@mail.example',
  card: 'tok_visa_4242',
  email: 'chen.lihua@ningbo-lighting.example',
  iban: 'DE89370400440532013000',
  spacedIban: 'DE89 3704 0044 0532 0130 00',
  sealed: 'sealed:2026-11:AbCdEf_-0123456789',
};
const mustNotShow = [
  ...[
    'BwcHBwcH',
    'c2lnbmF0dXJl',
    'b4nk-t0ken',
    'CQkJCQkJ',
    'hunter2',
    'pa55word',
    'visa_4242',
    'chen.lihua',
    '37040044',
  ],
  ...['3704 0044', 'AbCdEf'],
];

function logged(write: (log: ReturnType<typeof logOf>) => void): string {
  const to = new PassThrough();
  write(logOf('test', 'trace', to));
  return String(to.read());
}

test.each(Object.entries(planted))('%s is struck out of texts, objects and errors', (_name, secret) => {
  const text = logged((log) => {
    log.info(`it was ${secret}`);
    log.warn({ deep: { er: { still: [secret] } } }, 'nested');
    log.error({ err: new Error(`failed with ${secret}`, { cause: new Error(secret) }) }, 'failed');
  });
  expect(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
  ).toHaveLength(3);
  for (const word of mustNotShow) expect(text).not.toContain(word);
});

test('fields that are named so are left out, whatever they hold', () => {
  const text = logged((log) => {
    log.info({
      headers: { authorization: 'Basic abc123', cookie: 'ta_session=abc123', 'webhook-signature': 'abc123' },
    });
    log.info({ body: { charge: { cardToken: 'abc123', account: 'abc123' } }, email: 'abc123', password: 'abc123' });
  });
  expect(text).not.toContain('abc123');
  expect(text.match(/\[redacted\]/g)).toHaveLength(7);
});

test('what is no secret stays', () => {
  const line =
    '{"msg":"request","order":"po-4500127","at":"2026-11-20T08:00:00.000Z","path":"/v1/orders/demo-1/messages/confirm"}';
  expect(withoutSecrets(line)).toBe(line);
  expect(withoutSecrets('mongodb://127.0.0.1:27017/x?replicaSet=rs0')).toBe(
    'mongodb://127.0.0.1:27017/x?replicaSet=rs0',
  );
});

test('a log that cannot be written, as on a full disk, ends no process', () => {
  const stream = standardError();
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  expect(() => stream.emit('error', full)).not.toThrow();
});
