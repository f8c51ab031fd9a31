/** The receiver of docs/how-to/receive-webhooks.md is run as it stands there: it takes what is signed, once, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '../../ops/servers/ports';
import { callWebhook } from '../../partners/webhook';

const root = resolve(__dirname, '../..');
const [, example = ''] =
  /```js\n(.*?)```/s.exec(readFileSync(join(root, 'docs/how-to/receive-webhooks.md'), 'utf8')) ?? [];
const secret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;

test('the receiver of the guide', async () => {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, ['--input-type=module'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
  child.stdin.end(example);
  try {
    await once(output, 'line');
    const event = { id: 'evt_1', type: 'order.changed', order: 'po-1', version: 3 };
    const call = { url: `http://127.0.0.1:${String(port)}/`, id: event.id, at: new Date().toISOString() };
    const send = (more: { secrets?: string[]; at?: string } = {}) =>
      callWebhook({ ...call, body: JSON.stringify(event), secrets: [secret], ...more }, { allowPrivate: true });
    const another = `whsec_${Buffer.from('t'.repeat(32)).toString('base64')}`;
    expect(await send({ secrets: [another] })).toMatchObject({ status: 400, error: 'status' });
    expect(await send({ at: new Date(Date.now() - 6 * 60_000).toISOString() })).toMatchObject({ status: 400 });
    expect(await send()).toEqual({ status: 204 });
    expect(await send({ secrets: [another, secret] })).toEqual({ status: 204 });
    expect(lines).toEqual(['listening', 'order.changed po-1 3']);
  } finally {
    child.kill();
    await ended;
  }
});
