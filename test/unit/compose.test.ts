/**
 * docker-compose.yml, the Dockerfile and their environment files, checked as far as that is possible without a Docker
 * engine: against the Compose Specification, against each other, and against what the code reads.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseEnv } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DCLinter } from 'dclint';
import { DockerfileParser, type Copy, type From, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { transactionSeconds } from '../../config/mongodb';
import { environment, loadSettings, readEnvironment } from '../../config/settings';
import { sandboxEnvironment } from '../../sandbox/settings';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const texts = z.array(z.string());
const compose = z
  .object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        build: z.unknown().optional(),
        container_name: z.string().optional(),
        restart: z.string(),
        networks: texts,
        depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
        environment: z.record(z.string(), z.string()).default({}),
        entrypoint: texts.default([]),
        command: texts.default([]),
        healthcheck: z.object({ test: texts.default([]), disable: z.boolean().default(false) }).optional(),
        volumes: texts.default([]),
        ports: texts.default([]),
        profiles: texts.default([]),
      }),
    ),
    networks: z.record(z.string(), z.object({ internal: z.boolean() }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const services = Object.entries(compose.services).map(([name, service]) => ({ name, ...service }));
const byName = new Map(services.map((service) => [service.name, service]));

/** The services that run our own image, and so read our own settings. */
const ours = services.filter(({ build }) => build !== undefined);
const oneShot = (service: { restart: string }) => service.restart.startsWith('on-failure');

const variablePattern = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;
const composeVariables = [
  ...read('docker-compose.yml')
    .replace(/^\s*#.*$/gm, '')
    .matchAll(variablePattern),
].map(([, name = '', operator, operand = '']) => ({ name, required: operator === '?', operand }));
const requiredVariables = [...new Set(composeVariables.filter(({ required }) => required).map(({ name }) => name))];
const developmentEnvironment = parseEnv(read('ops/compose/dev.env'));

/** A value as Compose passes it on, with the variables of `env`. */
const interpolate = (value: string, env: Record<string, string | undefined> = {}) =>
  value.replace(variablePattern, (_, name: string, operator: string | undefined, operand: string) => {
    const set = env[name];
    if (set) return set;
    if (operator === '?') throw new Error(`${name}: ${operand}`);
    return operator === '-' ? operand : '';
  });

const dockerfile = DockerfileParser.parse(read('Dockerfile'));
const stages = dockerfile.getFROMs().map((from: From, index, all) => {
  const first = from.getRange().start.line;
  const end = all[index + 1]?.getRange().start.line ?? Infinity;
  const inside = ({ line }: { line: number }) => line >= first && line < end;
  const instructions = dockerfile.getInstructions().filter((instruction) => inside(instruction.getRange().start));
  const named = (keyword: string) => instructions.filter((instruction) => instruction.getKeyword() === keyword);
  return { name: from.getBuildStage() ?? String(index), image: from.getImage() ?? '', named };
});
const runtime = stages.at(-1);
const runtimeValue = (keyword: string) => runtime?.named(keyword).at(-1)?.getArgumentsContent() ?? '';
const jsonArguments = (keyword: string) =>
  runtime
    ?.named(keyword)
    .flatMap((found) => (found as JSONInstruction).getJSONStrings().map((text) => text.getJSONValue()));
const dockerArguments = Object.fromEntries(
  dockerfile.getARGs().map((arg) => [arg.getProperty()?.getName() ?? '', arg.getProperty()?.getValue() ?? '']),
);

/** Official images only: name → the versions that are meant. */
const allowedImages: Record<string, RegExp> = {
  postgres: /^16\.\d+-bookworm$/,
  mongo: /^8\.0\.\d+-noble$/,
  node: /^\d+\.\d+\.\d+-bookworm-slim$/,
  'temporalio/server': /^\d+\.\d+\.\d+$/,
  'temporalio/admin-tools': /^\d+\.\d+\.\d+$/,
  'temporalio/ui': /^\d+\.\d+\.\d+$/,
  'prom/prometheus': /^v3\.\d+\.\d+$/,
  'grafana/grafana': /^12\.\d+\.\d+$/,
};
const imageProblem = (image: string): string[] => {
  const [name = '', tag = ''] = image.split(':');
  return allowedImages[name]?.test(tag) ? [] : [`${image}: not an allowed image with a pinned version`];
};

/** The source of a compiled file: dist/workers/main.js → workers/main.ts. */
const sourceOf = (compiled: string) => compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts');
const compiledEntries = (argumentsOf: string[]) => argumentsOf.filter((argument) => argument.startsWith('dist/'));

describe('docker-compose.yml', () => {
  it('is valid by the Compose Specification, and lints clean', () => {
    const rules = {
      'no-build-and-image': 0, // an image of our own: built here under the name by which a registry may provide it
      'require-quotes-in-ports': 2,
      'no-duplicate-container-names': 2,
      'no-duplicate-exported-ports': 2,
      'no-quotes-in-volumes': 2,
      'no-unbound-port-interfaces': 2,
      'no-version-field': 2,
      'require-project-name-field': 2,
      'service-image-require-explicit-tag': 2,
      'service-dependencies-alphabetical-order': 0,
      'service-keys-order': 0,
      'service-ports-alphabetical-order': 0,
      'services-alphabetical-order': 0,
      'top-level-properties-order': 0,
    } as const;
    const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
    // By their declaration files, dclint's results are `any`.
    const results = z
      .array(z.object({ messages: z.array(z.object({ line: z.number(), rule: z.string(), message: z.string() })) }))
      .parse(linter.lintFiles([join(root, 'docker-compose.yml')], false));
    expect(results).toHaveLength(1);
    expect(results.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('has the services of the design', () => {
    expect([...byName.keys()]).toEqual(
      expect.arrayContaining(['postgresql', 'temporal', 'temporal-ui', 'mongodb', 'setup', 'worker']),
    );
  });

  it('uses official images only, each pinned to a version', () => {
    const foreign = services.filter((service) => !ours.includes(service));
    expect(foreign.flatMap(({ image }) => imageProblem(image))).toEqual([]);
    expect(ours.map(({ image }) => interpolate(image))).toEqual(ours.map(() => 'trade-assurance:local'));
  });

  it('runs one version of Temporal, and one of MongoDB', () => {
    const versionsOf = (names: string[]) =>
      new Set(
        services.map(({ image }) => image.split(':')).flatMap(([name = '', tag]) => (names.includes(name) ? tag : [])),
      );
    expect(versionsOf(['temporalio/server', 'temporalio/admin-tools']).size).toBe(1);
    expect(versionsOf(['mongo']).size).toBe(1);
  });

  it('restarts every service: one-shot ones until they succeed, the others always', () => {
    const wrong = services.filter(({ restart }) => !/^(unless-stopped|on-failure:\d+)$/.test(restart));
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(services.filter(oneShot).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['temporal-schema', 'temporal-namespace', 'mongodb-setup', 'setup']),
    );
  });

  it('checks the health of every service that runs on', () => {
    const inImage = runtime?.named('HEALTHCHECK').length === 1;
    const checked = ({ build, healthcheck }: (typeof services)[number]) =>
      healthcheck ? !healthcheck.disable && healthcheck.test.length > 1 : build !== undefined && inImage;
    const unchecked = services.filter((service) => !oneShot(service) && !checked(service));
    expect(unchecked.map(({ name }) => name)).toEqual([]);
  });

  it('depends only on services that exist, each with the condition that fits it', () => {
    const wrong = services.flatMap(({ name, depends_on }) =>
      Object.entries(depends_on).flatMap(([on, { condition }]) => {
        const dependency = byName.get(on);
        const fitting = dependency && (oneShot(dependency) ? 'service_completed_successfully' : 'service_healthy');
        return condition === fitting ? [] : [`${name} → ${on}: ${condition}, should be ${fitting}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('starts our own services only after Temporal and MongoDB are set up', () => {
    const before = (name: string): string[] =>
      Object.keys(byName.get(name)?.depends_on ?? {}).flatMap((dependency) => [dependency, ...before(dependency)]);
    expect(before('setup')).toEqual(expect.arrayContaining(['temporal-namespace', 'mongodb-setup']));
    expect(before('worker')).toEqual(expect.arrayContaining(['setup', 'temporal', 'mongodb']));
  });

  it('declares every named volume that it uses, and uses every one that it declares', () => {
    const sources = services.flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const used = new Set(sources.filter((source) => !/^[./~]/.test(source)));
    expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('mounts files of this repository only, read-only, and runs scripts that exist there', () => {
    const wrong = services.flatMap(({ name, volumes, entrypoint, command, healthcheck, environment: env }) => {
      const binds = volumes.map((volume) => volume.split(':')).filter(([source = '']) => source.startsWith('.'));
      const values = [...entrypoint, ...command, ...(healthcheck?.test ?? []), ...Object.values(env)];
      return [
        ...binds.flatMap(([source = '', , mode]) => (existsSync(join(root, source)) && mode === 'ro' ? [] : [source])),
        ...values.flatMap((value) => {
          if (!value.startsWith('/etc/trade-assurance/')) return [];
          const [source, target = ''] = binds.find(([, place = '-']) => value.startsWith(`${place}/`)) ?? [];
          return source && existsSync(join(root, source, posix.relative(target, value))) ? [] : [value];
        }),
      ].map((path) => `${name}: ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  it('publishes only Temporal, the UIs and the API, and those to this machine only', () => {
    const publishing = services.filter(({ ports }) => ports.length > 0);
    expect(publishing.map(({ name }) => name)).toEqual(['temporal', 'temporal-ui', 'api', 'grafana']);
    for (const { ports } of publishing) {
      for (const port of ports) expect(interpolate(port)).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
  });

  it('keeps the databases in a network without a way in or out', () => {
    for (const { name, networks } of services) {
      for (const network of networks) expect(compose.networks).toHaveProperty(network);
      const outward = networks.filter((network) => !compose.networks[network]?.internal);
      if (/^(postgresql|mongodb)/.test(name)) expect({ name, outward }).toEqual({ name, outward: [] });
    }
  });

  it('lets the worker be scaled: no name and no port that only one container can have', () => {
    const worker =
      read('docker-compose.yml')
        .split(/^ {2}worker:$/m)[1]
        ?.split(/^ {0,2}\S/m)[0] ?? '';
    expect(worker).toMatch(/replicas: \$\{TA_WORKERS:-1\}/);
    expect(byName.get('worker')).not.toHaveProperty('container_name');
    expect(worker).not.toMatch(/^ {4}(container_name|hostname|ports):/m);
  });

  it('keeps the sandbox and the monitoring to those who ask for them by a profile', () => {
    const profiles = services.filter((service) => service.profiles.length > 0);
    expect(profiles.map(({ name, profiles: names }) => [name, names])).toEqual([
      ['prometheus', ['monitoring']],
      ['grafana', ['monitoring']],
      ['sandbox', ['sandbox']],
    ]);
    const texts = ['docker-compose.yml', '.env.example', 'README.md', 'docs/how-to/deploy-with-compose.md'].map(read);
    const commands = texts.flatMap((text) => text.match(/docker compose --env-file ops\/compose\/dev\.env .*/g) ?? []);
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((command) => !command.includes(' --profile sandbox '))).toEqual([]);
  });

  it('lets the sandbox be found, and call back, where the others listen', () => {
    const env = byName.get('sandbox')?.environment ?? {};
    const settings = sandboxEnvironment.parse(
      Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, interpolate(value, developmentEnvironment)]),
      ),
    );
    const at = `http://sandbox:${String(settings.TA_SANDBOX_PORT)}`;
    expect(developmentEnvironment).toMatchObject({ TA_CARD_URL: `${at}/card`, TA_BANK_URL: `${at}/bank` });
    expect(env.TA_HEALTH_PORT).toBe(env.TA_SANDBOX_PORT);
    const port = byName.get('worker')?.environment.TA_CALLBACK_PORT ?? '';
    expect(settings.TA_SANDBOX_CALLBACK_URL).toBe(`http://worker:${port}`);
  });

  it('asks the API for its health where it listens, and gives it somebody to trust', () => {
    const env = byName.get('api')?.environment ?? {};
    const settingsWith = (variables: Record<string, string | undefined>) =>
      loadSettings(
        Object.fromEntries(Object.entries(env).map(([name, value]) => [name, interpolate(value, variables)])),
      ).api;
    const development = settingsWith(developmentEnvironment);
    expect(development).toMatchObject({ host: '0.0.0.0', port: Number(env.TA_HEALTH_PORT), devIssuer: true });
    expect(byName.get('api')?.ports.map((port) => interpolate(port))).toEqual([
      `127.0.0.1:${String(environment.shape.TA_API_PORT.parse(undefined))}:${String(development.port)}`,
    ]);
    const issuer = { name: 'https://id.example', jwksUrl: 'https://id.example/keys' };
    const named = { TA_AUTH_ISSUER: issuer.name, TA_AUTH_JWKS_URL: issuer.jwksUrl, TA_DEV_ISSUER: 'false' };
    expect(settingsWith({ ...developmentEnvironment, ...named })).toMatchObject({ issuer, devIssuer: false });
    expect(() => settingsWith({ ...developmentEnvironment, TA_AUTH_ISSUER: issuer.name })).toThrow('TA_AUTH_JWKS_URL');
    // The development key is nothing that a deployment may fall back upon.
    expect(settingsWith({ ...developmentEnvironment, TA_DEV_ISSUER: '' })).toMatchObject({ devIssuer: false });
  });

  it('runs compiled files whose sources exist', () => {
    const entries = ours.flatMap(({ command }) => compiledEntries(command));
    expect(entries.sort()).toEqual([
      'dist/clients/http/main.js',
      'dist/ops/setup.js',
      'dist/relay/main.js',
      'dist/sandbox/main.js',
      'dist/workers/main.js',
    ]);
    expect(entries.map(sourceOf).filter((source) => !existsSync(join(root, source)))).toEqual([]);
  });
});

describe('passwords and variables', () => {
  const onlyRequired = /^\$\{\w+:\?[^}]+\}$/;

  it('has no password in docker-compose.yml, nor a default for one', () => {
    const literal = services.flatMap(({ name, environment: env }) =>
      Object.entries(env).flatMap(([variable, value]) => {
        const inAddress = /:\/\/[^:/@]+:(\$\{[^}]*\}|[^@/]*)@/.exec(value)?.[1];
        const secret = inAddress ?? (/PASSWORD|PWD|SECRET|TOKEN|KEY/.test(variable) ? value : undefined);
        return secret === undefined || onlyRequired.test(secret) ? [] : [`${name}: ${variable}`];
      }),
    );
    expect(literal).toEqual([]);
    const secrets = composeVariables.filter(({ name }) => /PASSWORD|SECRET|TOKEN|KEY/.test(name));
    expect(secrets.filter(({ required }) => !required)).toEqual([]);
    expect(secrets.length).toBeGreaterThan(3);
  });

  it('refuses to start without the passwords, and says where to set them', () => {
    const setters = composeVariables.filter(({ required }) => required).map(({ operand }) => operand);
    expect(new Set(setters)).toEqual(new Set(['set it in .env, see .env.example']));
    const example = parseEnv(read('.env.example'));
    for (const { environment: env } of ours) {
      expect(() => Object.values(env).map((value) => interpolate(value, example))).toThrow('set it in .env');
    }
  });

  it('documents every variable in .env.example, with its default, and no other', () => {
    const documented = [...read('.env.example').matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)].map(([, optional, name, value]) =>
      optional ? `${name}, default ${value}` : `${name}, required${value}`,
    );
    const used = composeVariables.map(({ name, required, operand }) =>
      required ? `${name}, required` : `${name}, default ${operand}`,
    );
    expect(documented.sort()).toEqual([...new Set(used)].sort());
  });

  it('sets every required variable for development, and none that is unknown', () => {
    expect(requiredVariables.filter((name) => !developmentEnvironment[name])).toEqual([]);
    const known = composeVariables.map(({ name }) => name);
    expect(Object.keys(developmentEnvironment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('keeps the development passwords out of every other file', () => {
    const files = ['docker-compose.yml', 'Dockerfile', '.env.example'].map(read).join('\n');
    const leaked = requiredVariables.filter((name) => files.includes(developmentEnvironment[name] ?? ''));
    expect(leaked).toEqual([]);
  });

  it('keeps .env out of git and out of the image', () => {
    expect(read('.gitignore').split('\n')).toContain('.env');
    expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.env', '.env.*', 'ops/compose']));
  });
});

describe('the environment of our own services', () => {
  /** The names that Temporal's own loader asks the environment for. */
  const temporalNames = new Set<string>();
  beforeAll(() => {
    const recorder = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => (typeof name === 'string' && temporalNames.add(name), undefined) },
    );
    loadClientConnectConfig({ overrideEnvVars: recorder, disableFile: true });
  });

  it('has only names that the code reads', () => {
    expect(temporalNames).toContain('TEMPORAL_ADDRESS');
    const known = new Set([
      ...[environment, sandboxEnvironment].flatMap(({ shape }) => Object.keys(shape)),
      ...temporalNames,
    ]);
    const image = dockerfile.getENVs().flatMap((env) => env.getProperties().map((property) => property.getName()));
    const names = [...ours.flatMap(({ environment: env }) => Object.keys(env)), ...image];
    expect(names.filter((name) => name !== 'NODE_ENV' && !known.has(name))).toEqual([]);
  });

  it('has the names without which the local servers would be looked for', () => {
    expect(ours.map(({ name }) => name).sort()).toEqual(['api', 'relay', 'sandbox', 'setup', 'worker']);
    for (const { environment: env } of ours) {
      expect(Object.keys(env)).toEqual(
        expect.arrayContaining(['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'MONGODB_URI']),
      );
    }
  });

  it('has values that the settings accept', () => {
    for (const { environment: env } of ours) {
      const passed = Object.entries(env).map(([name, value]) => [name, interpolate(value, developmentEnvironment)]);
      const settings = readEnvironment(environment, Object.fromEntries(passed) as NodeJS.ProcessEnv);
      expect(settings.MONGODB_URI).toMatch(
        /^mongodb:\/\/trade_assurance:[\w.~-]+@mongodb:27017\/trade_assurance\?replicaSet=rs0$/,
      );
    }
  });

  it('names hosts and ports at which the other services answer', () => {
    for (const { environment: env } of ours) {
      const [host = '', port = ''] = env.TEMPORAL_ADDRESS?.split(':') ?? [];
      expect(byName.get(host)?.ports.some((published) => published.endsWith(`:${port}`))).toBe(true);
      expect(byName.get('mongodb')?.command).toEqual(expect.arrayContaining(['--replSet', 'rs0']));
    }
  });

  it('start MongoDB so that a killed worker’s transaction is soon given up', () => {
    const parameter = `--setParameter=transactionLifetimeLimitSeconds=${String(transactionSeconds)}`;
    expect(byName.get('mongodb')?.command).toContain(parameter);
  });
});

describe('Dockerfile', () => {
  it('is valid', () => {
    const problems = validate(read('Dockerfile')).map(
      ({ range, message }) => `line ${range.start.line + 1}: ${JSON.stringify(message)}`,
    );
    expect(problems).toEqual([]);
  });

  it('builds on the official Node image of a version that package.json allows', () => {
    const images = stages.map(({ image }) => interpolate(image, dockerArguments));
    expect(images.flatMap(imageProblem)).toEqual([]);
    expect(new Set(images).size).toBe(1);
    const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(read('package.json')));
    const numbers = (version: string) => (version.match(/\d+/g) ?? []).map(Number);
    const [major = 0, minor = 0] = numbers(images[0]?.split(':')[1] ?? '');
    const [leastMajor = 0, leastMinor = 0] = numbers(engines.node);
    expect(major > leastMajor || (major === leastMajor && minor >= leastMinor)).toBe(true);
  });

  it('copies what exists: files of the repository, or what an earlier stage has made', () => {
    const ignored = read('.dockerignore').split('\n');
    const made = new Map([
      ['node_modules', /npm (ci|install)/],
      ['dist', /npm run build/],
    ]);
    const inRepository = (path: string) => existsSync(join(root, path)) && !ignored.includes(path.split('/')[0] ?? '');
    const missing = stages.flatMap(({ named }, index) =>
      (named('COPY') as Copy[]).flatMap((copy) => {
        const sources = copy
          .getArguments()
          .slice(0, -1)
          .map((argument) => argument.getValue());
        const from = copy.getFromFlag()?.getValue();
        if (!from) return sources.filter((source) => !inRepository(source));
        const stage = stages.slice(0, index).find(({ name }) => name === from);
        if (!stage) return [`stage ${from}`];
        return sources.filter((source) => {
          const path = posix.relative(stage.named('WORKDIR')[0]?.getArgumentsContent() ?? '', source);
          const by = made.get(path);
          const runs = stage.named('RUN').map((run) => run.getArgumentsContent() ?? '');
          return by ? !runs.some((run) => by.test(run)) : !inRepository(path);
        });
      }),
    );
    expect(missing).toEqual([]);
  });

  it('installs from the lock file, and leaves the development dependencies out', () => {
    const runs = stages.flatMap(({ named }) => named('RUN').map((run) => run.getArgumentsContent() ?? ''));
    expect(runs.filter((run) => /npm ci\b/.test(run))).toHaveLength(1);
    expect(runs.filter((run) => /npm prune --omit=dev|npm ci --omit=dev/.test(run))).toHaveLength(1);
    expect(runs.filter((run) => /npm (install|i)\b(?!-)/.test(run))).toEqual([]);
  });

  it('runs in production mode, not as root, stops on SIGTERM and tells its health', () => {
    expect(runtime?.named('USER')).toHaveLength(1);
    expect(runtimeValue('USER')).toMatch(/^[1-9]\d*(:[1-9]\d*)?$/);
    expect(runtimeValue('ENV')).toMatch(/(^| )NODE_ENV=production( |$)/);
    expect(runtimeValue('STOPSIGNAL')).toBe('SIGTERM');
    expect(jsonArguments('ENTRYPOINT')).toEqual(['/usr/bin/tini', '--']);
    expect(runtime?.named('HEALTHCHECK')).toHaveLength(1);
    expect(runtimeValue('HEALTHCHECK')).toMatch(/127\.0\.0\.1:\$\{process\.env\.TA_HEALTH_PORT\}\/healthz/);
    expect(runtimeValue('ENV')).toMatch(/(^| )TA_HEALTH_PORT=\d+( |$)/);
  });

  it('runs a compiled file whose source exists', () => {
    const entries = compiledEntries(jsonArguments('CMD') ?? []);
    expect(entries).toEqual(['dist/workers/main.js']);
    expect(entries.map(sourceOf).filter((source) => !existsSync(join(root, source)))).toEqual([]);
  });
});
