/** The outside parties of money, as separate processes: they decline, delay, answer too late, call back twice, and forget nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { freePorts } from '../../ops/servers/ports';
import { isAlive } from '../../ops/servers/processes';
import { PartnerRefused } from '../../partners/call';
import { cardProcessorAt } from '../../partners/card';
import { usd } from '../support/builders';
import { charge, effect, hastyMs, Sandbox } from '../support/partners';
import { required } from '../support/world';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = new Sandbox();
  await sandbox.open();
});
afterAll(() => sandbox.close());

const operations = (key: string) =>
  sandbox.books.collection('operations').countDocuments({ _id: `charge:${key}` as never });

describe('a charge', () => {
  test('is captured, and told of with its reference', async () => {
    const key = effect();
    const answer = await sandbox.card().charge(charge(key, 'tok_ok'));
    expect(answer).toEqual({ status: 'captured', reference: expect.any(String) });
    expect(await sandbox.receiver.about(key)).toEqual([
      { type: 'charge.captured', key, at: expect.any(String), reference: (answer as { reference: string }).reference },
    ]);
  });

  test('is declined with a reason, and stays so', async () => {
    const key = effect();
    const declined = { status: 'declined', reason: 'insufficient-funds' };
    expect(await sandbox.card().charge(charge(key, 'tok_declined'))).toEqual(declined);
    expect(await sandbox.card().charge(charge(key, 'tok_declined'))).toEqual(declined);
    expect(await sandbox.receiver.about(key)).toMatchObject([
      { type: 'charge.declined', reason: 'insufficient-funds' },
    ]);
    expect(await sandbox.card().charge(charge(effect(), 'tok_of_nobody'))).toEqual({
      status: 'declined',
      reason: 'unknown-token',
    });
  });

  test('that is pending is captured later, which the call-back tells', async () => {
    const key = effect();
    expect(await sandbox.card().charge(charge(key, 'tok_slow'))).toEqual({ status: 'pending' });
    const [event] = await sandbox.receiver.about(key);
    expect(event).toMatchObject({ type: 'charge.captured', key });
    const captured = { status: 'captured', reference: (event as { reference: string }).reference };
    expect(await sandbox.card().find(key)).toEqual(captured);
    expect(await sandbox.card().charge(charge(key, 'tok_slow'))).toEqual(captured);
  });

  test('whose answer comes after the time-out is done all the same, and only once', async () => {
    const key = effect();
    const late = sandbox.card(hastyMs).charge(charge(key, 'tok_timeout'));
    const fault = await late.catch((error: unknown) => error);
    expect(fault).toMatchObject({ message: expect.stringContaining(`no answer within ${String(hastyMs)} ms`) });
    expect(fault).not.toBeInstanceOf(PartnerRefused); // so that it is tried again
    const found = await sandbox.card().find(key);
    expect(found).toMatchObject({ status: 'captured' });
    expect(await sandbox.card(hastyMs).charge(charge(key, 'tok_timeout'))).toEqual(found);
    expect(await operations(key)).toBe(1);
    expect(await sandbox.receiver.about(key)).toHaveLength(1);
  });

  test('that is asked for many times at once is made once', async () => {
    const key = effect();
    const answers = await Promise.all(Array.from({ length: 8 }, () => sandbox.card().charge(charge(key, 'tok_ok'))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await operations(key)).toBe(1);
    expect(await sandbox.books.collection('calls').countDocuments({ 'event.key': key })).toBe(1);
  });

  test('is told of twice under one id', async () => {
    const key = effect();
    await sandbox.card().charge(charge(key, 'tok_twice'));
    const [first, second] = await sandbox.receiver.about(key, 2);
    expect(first).toEqual(second);
    const ids = sandbox.receiver.told.filter(({ event }) => event.key === key).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });

  test('by e-checking may be returned later; the answer to the charge stays what it was', async () => {
    const key = effect();
    const captured = await sandbox.card().charge(charge(key, 'tok_returned', 'e-checking'));
    expect(captured).toMatchObject({ status: 'captured' });
    const events = await sandbox.receiver.about(key, 2);
    expect(events.map(({ type }) => type)).toEqual(['charge.captured', 'charge.returned']);
    expect(await sandbox.card().find(key)).toMatchObject({ status: 'returned', reason: 'account-without-cover' });
    expect(await sandbox.card().charge(charge(key, 'tok_returned', 'e-checking'))).toEqual(captured);
    expect(await sandbox.card().charge(charge(effect(), 'tok_returned', 'card'))).toMatchObject({
      status: 'declined',
      reason: 'wrong-method',
    });
  });

  test('may be told of after its return', async () => {
    const key = effect();
    await sandbox.card().charge(charge(key, 'tok_backwards', 'e-checking'));
    const events = await sandbox.receiver.about(key, 2);
    expect(events.map(({ type }) => type)).toEqual(['charge.returned', 'charge.captured']);
    expect(events[0]!.at > events[1]!.at).toBe(true);
  });

  test('of another body under the same key is refused for good', async () => {
    const key = effect();
    await sandbox.card().charge(charge(key, 'tok_ok'));
    const fault = await sandbox
      .card()
      .charge({ ...charge(key, 'tok_ok'), amount: usd(1029) })
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(PartnerRefused);
    expect(fault).toMatchObject({ code: 'key.conflict' });
    expect(await operations(key)).toBe(1);
  });

  test('of a form that the processor does not know is refused for good', async () => {
    const wrong = { ...charge(effect(), 'tok_ok'), amount: { amount: 10.5, currency: 'USD' as const } };
    await expect(sandbox.card().charge(wrong)).rejects.toMatchObject({
      name: 'PartnerRefused',
      code: 'request.invalid',
    });
    const large = charge(effect(), 'x'.repeat(100_000));
    await expect(sandbox.card().charge(large)).rejects.toMatchObject({
      name: 'PartnerRefused',
      code: 'request.too-large',
    });
  });

  test('that nobody asked for is not found; at a wrong address nothing is said of it', async () => {
    expect(await sandbox.card().find(effect())).toBeUndefined();
    expect(await sandbox.bank().find(effect())).toBeUndefined();
    await expect(cardProcessorAt(`${sandbox.url}/kard`).find(effect())).rejects.toThrow('404');
  });
});

describe('the process', () => {
  test('a call-back that is not taken is told again until it is', async () => {
    const key = effect();
    let attempts = 0;
    sandbox.receiver.onEvent = (event) =>
      event.key === key && ++attempts < 4 ? Promise.reject(new Error('not now')) : Promise.resolve();
    await sandbox.card().charge(charge(key, 'tok_ok'));
    expect(await sandbox.receiver.about(key)).toHaveLength(1);
    expect(attempts).toBe(4);
    const [call] = await sandbox.books.collection('calls').find({ 'event.key': key }).toArray();
    expect(call).toMatchObject({ attempts: 4 });
  });

  /** Within 40 s: one that dies leaves its calls to the next, not to the time after which a call counts as lost. */
  test('killed, it forgets nothing: what was done, what is due, and what was not told', async () => {
    const [done, untold, slow] = [effect(), effect(), effect()];
    const captured = await sandbox.card().charge(charge(done, 'tok_ok'));
    await sandbox.receiver.about(done);
    const isUnderWay = new Promise<void>((begin) => {
      sandbox.receiver.onEvent = ({ key }) => {
        if (key === untold) begin();
        return new Promise(() => undefined); // the answer never comes
      };
    });
    await sandbox.card().charge(charge(untold, 'tok_ok'));
    expect(await sandbox.card().charge(charge(slow, 'tok_slow'))).toEqual({ status: 'pending' });
    await isUnderWay;
    await sandbox.kill();
    await expect(sandbox.card().charge(charge(done, 'tok_ok'))).rejects.toThrow('no connection');
    sandbox.receiver.onEvent = () => Promise.resolve();
    await sandbox.start();
    expect(await sandbox.card().charge(charge(done, 'tok_ok'))).toEqual(captured);
    expect(await sandbox.receiver.about(untold)).toMatchObject([{ type: 'charge.captured' }]);
    expect(await sandbox.receiver.about(slow)).toMatchObject([{ type: 'charge.captured' }]);
    expect(await sandbox.card().find(slow)).toMatchObject({ status: 'captured' });
    expect(sandbox.receiver.told.filter(({ event }) => event.key === done)).toHaveLength(1);
  }, 40_000);

  test('ends with its owner, however that ends', async () => {
    const { owner, port, pid } = await ownedSandbox();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined); // a reset is an end, too
    const cut = new Promise((closed) => socket.once('close', closed));
    owner.kill('SIGKILL');
    await cut.finally(() => isAlive(pid) && process.kill(pid));
  }, 40_000); // below the minute after which it would close an idle connection

  test('with a secret, it answers its bearer only; quotes of no time are expired at once', async () => {
    await sandbox.kill();
    await sandbox.start({ TA_CARD_SECRET: 'between-us', TA_SANDBOX_QUOTE_MS: '0' });
    await expect(sandbox.card().charge(charge(effect(), 'tok_ok'))).rejects.toThrow('401');
    await expect(sandbox.card(hastyMs, 'guessed').charge(charge(effect(), 'tok_ok'))).rejects.toThrow('401');
    const answer = await sandbox.card(hastyMs, 'between-us').charge(charge(effect(), 'tok_ok'));
    expect(answer).toMatchObject({ status: 'captured' });
    const { quote } = await sandbox.bank().quote({ sell: usd(50), buy: 'CNY' });
    const expired = await sandbox.bank().convert({ key: effect(), quote });
    expect(expired).toEqual({ status: 'refused', reason: 'expired' });
  });
});

/** Another process that starts a sandbox and stays. */
async function ownedSandbox() {
  const [port = 0] = await freePorts(1);
  const options = JSON.stringify({ dataDir: sandbox.folder('owned'), port, mongodbUri: required('TEST_MONGODB_URI') });
  const script = `require('tsx/cjs/api').register();
    const nothing = () => undefined;
    require('./ops/servers/sandbox').startSandbox({ ...${options}, report: nothing, onStarted: nothing })
      .then(({ pid }) => process.send(pid));`;
  const owner = spawn(process.execPath, ['-e', script], {
    cwd: resolve(__dirname, '../..'),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [pid] = (await once(owner, 'message')) as [number];
  return { owner, port, pid };
}
