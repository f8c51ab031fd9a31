/** Which faults say that a server is away, so that the same may be sent again; all others are faults of ours. */
import { isOutage } from '../../clients/errors';

const fault = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

test.each([
  ['a pool without a server', fault('…', { name: 'MongoServerSelectionError' })],
  [
    'a server that is not primary any more',
    fault('…', { name: 'MongoServerError', errorLabels: ['RetryableWriteError'] }),
  ],
  [
    'a socket that has ended, as Node tells it',
    fault('This socket has been ended by the other party', { code: 'EPIPE' }),
  ],
  ['a connection that was reset', fault('read ECONNRESET', { code: 'ECONNRESET' })],
])('%s is an outage', (_, one) => {
  expect(isOutage(one)).toBe(true);
});

test.each([
  ['a fault of the code', fault('x is not a function')],
  ['a failed validation', fault('Document failed validation', { name: 'MongoServerError', code: 121 })],
  ['what is no error', 'EPIPE'],
])('%s is none', (_, one) => {
  expect(isOutage(one)).toBe(false);
});
