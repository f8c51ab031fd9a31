/** The CLI without servers: what people type, what they are told, the message table, exit codes. */
import { messageNames, messages } from '../../domain/messages';
import { exampleOf, type JsonSchema } from '../../clients/cli/data-form';
import { jsonOf, moment, near, personOf, sender } from '../../clients/cli/input';
import { run } from '../../clients/cli/program';
import { clean, fromNow, painter, table } from '../../clients/cli/text';
import { runCli, testIo } from '../../clients/cli/captured';

const plain = painter(false);

describe('JSON that people type', () => {
  const placeOf = async (text: string) => {
    const fault: unknown = await jsonOf(text, testIo().io).catch((thrown: unknown) => thrown);
    return (fault as Error).message;
  };

  it.each([
    ['{"revision": bad}', 'line 1, column 14', '"bad}"'],
    ['{"a": 1,\n "b": 2,}', 'line 2, column 9', '"}"'],
    ['{"a": 1}}', 'line 1, column 9', '"}"'],
    ["{'a': 1}", 'line 1, column 2', `"'a': 1}"`],
    ['[1, 2', 'line 1, column 6', 'ends too early'],
    ['{"a": "x', 'line 1, column 9', 'ends too early'],
    ['-', 'standard input, line 1, column 1', 'ends too early'],
  ])('%s is wrong at a place', async (text, place, what) => {
    expect(await placeOf(text)).toContain(place);
    expect(await placeOf(text)).toContain(what);
  });

  it('is taken as it stands and from standard input', async () => {
    expect(await jsonOf('{"revision":1}', testIo().io)).toEqual({ revision: 1 });
    expect(await jsonOf('-', testIo('[2]').io)).toEqual([2]);
  });
});

describe('Senders, dates, names', () => {
  it('reads ROLE:MEMBER and refuses the clock, the order’s own effects, and a member that is no id', () => {
    expect(sender('buyer:buy-hamburg-home')).toEqual({ role: 'buyer', member: 'buy-hamburg-home' });
    for (const wrong of ['clock:order', 'effect:x', 'buyer', 'buyer:', 'buyer:a b', ':x'])
      expect(() => sender(wrong)).toThrow(/--as/);
  });

  it('reads a member’s user after a slash, of the roles that may', () => {
    const read = personOf(['supplier', 'platform']);
    expect(read('supplier:sup-1/chen-lihua')).toEqual({ role: 'supplier', member: 'sup-1', user: 'chen-lihua' });
    expect(read('platform:op-1')).toEqual({ role: 'platform', member: 'op-1' });
    for (const wrong of [
      'buyer:buy-1',
      'platform',
      'platform:',
      'supplier:sup-1/',
      'supplier:sup-1/a/b',
      'supplier:a b',
    ])
      expect(() => read(wrong)).toThrow(/--as/);
  });

  it('takes a date as its last instant in China', () => {
    expect(moment('2026-04-01')).toBe('2026-04-01T15:59:59.999Z');
    expect(moment('2026-04-01T08:00:00Z')).toBe('2026-04-01T08:00:00.000Z');
    expect(() => moment('2026-02-30')).toThrow('--at 2026-02-30');
  });

  it('finds names that are near', () => {
    expect(near('confrm', messageNames)).toBe('Did you mean confirm?');
    expect(near('xyzzy', messageNames)).toBeUndefined();
  });
});

describe('Text for people', () => {
  it('aligns columns, wide characters included', () => {
    const columns = [{ head: 'Name' }, { head: 'Amount', align: 'right' as const }];
    expect(
      table(
        columns,
        [
          ['海晟', '1'],
          ['abcdef', '12345678'],
        ],
        plain,
      ),
    ).toEqual(['  Name      Amount', '  海晟           1', '  abcdef  12345678']);
  });

  it('never lets a member’s text reach the terminal as a command', () => {
    expect(clean('\u001b[31mred\u001b[0m\r\nx\u0007\u202ey\u009b2J')).toBe('red xy');
  });

  it('colours only where it is wanted', () => {
    expect(painter(true)('red', 'no')).toBe('\u001b[31mno\u001b[39m');
    expect(plain('red', 'no')).toBe('no');
  });

  it('tells how far off an instant is', () => {
    expect(fromNow('2026-04-16T00:00:00Z', '2026-04-01T00:00:00Z')).toBe('in 15 days');
    expect(fromNow('2026-04-01T00:00:00Z', '2026-04-01T05:00:00Z')).toBe('5 hours ago');
  });
});

describe('The message table', () => {
  it('shows every message once, with its senders and rule', async () => {
    const { code, stdout } = await runCli('message', 'list');
    expect(code).toBe(0);
    for (const name of messageNames) {
      const [line, ...more] = stdout.split('\n').filter((text) => text.trim().split(/\s/)[0] === name);
      expect(more).toEqual([]);
      expect(line).toContain(messages[name].rule);
      expect(line).toContain(messages[name].from.join(', '));
    }
  });

  it.each(messageNames)('has an example of %s that its form takes', async (name) => {
    const { code, json } = await runCli('message', 'show', name, '--json');
    const { schema, example, rule } = json as { schema: JsonSchema; example: unknown; rule: string };
    expect(code).toBe(0);
    expect(rule).toBe(messages[name].rule);
    expect(example).toEqual(exampleOf(schema));
    expect(messages[name].data.safeParse(example).error).toBeUndefined();
  });
});

describe('Exit codes without a server', () => {
  it.each([
    [0, ['--help']],
    [0, ['order', 'send', '--help']],
    [2, []],
    [2, ['order']],
    [2, ['ordr', 'list']],
    [2, ['order', 'list', '--status', 'open']],
    [2, ['order', 'list', '--limit', '0']],
    [2, ['order', 'send', 'po-1', 'confrm', '--as', 'buyer:b']],
    [2, ['order', 'send', 'po-1', 'draft', '--as', 'buyer:b']],
    [2, ['order', 'send', 'po-1', 'confirm']],
    [2, ['order', 'send', 'po-1', 'confirm', '--as', 'buyer:b', '--data', '@no-such-file']],
    [2, ['order', 'send', 'po-1', 'confirm', '--as', 'buyer:b', '--message-id', 'a b']],
    [2, ['order', 'show', 'a b']],
    [2, ['message', 'show', 'confrm']],
    [2, ['supplier', 'withdraw', 's', '--channel', 'EUR']],
    [2, ['supplier', 'withdraw', 's', '--channel', 'USD', '--name', 'N', '--account', '1234']],
    [2, ['supplier', 'quote', 's', '--order', 'po-1']],
    [2, ['supplier', 'quote', 's', '--order', 'po-1=1', '--currency', 'CNY']],
    [2, ['supplier', 'quote', 's', '--order', 'po-1=0']],
    [2, ['supplier', 'quote', 's', '--order', 'po-1=1.234']],
    [2, ['supplier', 'quote', 's', '--order', 'po-1=1', '--id', 'a b']],
    [2, ['supplier', 'statement', 's', '--from', 'monday']],
    [2, ['supplier', 'statement', 's', '--from', '2026-04-02', '--to', '2026-04-01']],
    [0, ['enrol', 'verify', '--help']],
    [2, ['enrol', 'verify', 'sup-1', '--score', '101', '--as', 'platform:op-1']],
    [2, ['enrol', 'verify', 'sup-1', '--score', '80', '--as', 'supplier:sup-1']],
    [2, ['enrol', 'refuse', 'sup-1', '--as', 'platform:op-1']],
    [2, ['enrol', 'apply', 'sup-1', '--as', 'supplier:sup-1', '--file', 'no-such-file']],
    [2, ['enrol', 'show', 'a b']],
    [2, ['enrol', 'list', '--status', 'open']],
    [2, ['member', 'reinstate', 'sup-1', '--as', 'platform:op-1']],
    [2, ['member', 'approve', 'sup-1', '1', '--as', 'supplier:sup-1']],
    [2, ['member', 'approve', 'sup-1', 'x', '--as', 'platform:op-2']],
    [2, ['suspense', 'approve', 'susp-1', '0', '--as', 'platform:op-2']],
    [2, ['member', 'list', '--assurance', 'maybe']],
    [
      2,
      [
        'member',
        'user',
        'add',
        'sup-1',
        '--user',
        'u',
        '--name',
        'U',
        '--email',
        'u',
        '--role',
        'owner',
        '--as',
        'platform:o',
      ],
    ],
    [2, ['credit', 'replay']],
  ])('%i for ta %j', async (expected, args) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect(code).toBe(expected);
    expect(expected === 0 ? stderr : stdout).toBe('');
    expect(expected === 0 ? stdout : stderr).not.toBe('');
  });

  it('tells a fault as one JSON document on stdout, and nothing on stderr', async () => {
    const { code, json, stderr } = await runCli('message', 'show', 'confrm', '--json');
    expect(code).toBe(2);
    expect(json).toEqual({
      error: { code: 'usage.invalid', text: 'There is no message "confrm".', detail: 'Did you mean confirm?' },
    });
    expect(stderr).toBe('');
  });

  it('shows no stack for what it did not expect, unless asked', async () => {
    const broken = (verbose: boolean) => {
      const captured = testIo();
      const stdin = () => Promise.reject(new Error('wires crossed'));
      return run(['order', 'start', '--file', '-'], { ...captured.io, verbose, stdin }).then((code) => ({
        code,
        ...captured.said(),
      }));
    };
    expect(await broken(false)).toEqual({
      code: 4,
      stdout: '',
      stderr: 'Error: internal\n  This is a fault of ours: wires crossed\n',
    });
    expect((await broken(true)).stderr).toContain('    at ');
  });
});
