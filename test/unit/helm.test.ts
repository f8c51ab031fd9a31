/**
 * The Helm chart, checked by what Helm made of it (`ops/helm/rendered.yaml`, kept up to date with the chart by its hash): against
 * Kubernetes' and KEDA's own schemas, against what the code reads, and for what every pod must have.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { environment, readEnvironment } from '../../config/settings';
import { headOf, rendered, sourceHash } from '../../ops/helm/render';

const root = join(__dirname, '../..');
const text = readFileSync(rendered, 'utf8');

const models = { Deployment, HorizontalPodAutoscaler, Ingress, Job, PodDisruptionBudget, ScaledObject, Service };
const kind = z.enum(Object.keys(models) as [keyof typeof models, ...(keyof typeof models)[]]);
const documents = parseAllDocuments(text).map((document) =>
  z.looseObject({ kind, metadata: z.looseObject({ name: z.string() }) }).parse(document.toJSON()),
);

const variable = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({
    name: z.string(),
    valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) }),
  }),
]);
const probe = z.looseObject({ httpGet: z.looseObject({ path: z.string() }).optional() }).optional();
const pod = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  securityContext: z.looseObject({}),
  terminationGracePeriodSeconds: z.int().optional(),
  containers: z
    .array(
      z.looseObject({
        name: z.string(),
        args: z.array(z.string()),
        env: z.array(variable),
        ports: z.array(z.looseObject({ name: z.string() })).default([]),
        securityContext: z.looseObject({}),
        resources: z.looseObject({ requests: z.looseObject({}), limits: z.looseObject({}) }),
        livenessProbe: probe,
        readinessProbe: probe,
        startupProbe: probe,
      }),
    )
    .length(1),
});
const running = documents
  .filter(({ kind: of }) => of === 'Deployment' || of === 'Job')
  .map((document) => {
    const { spec } = z.looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: pod }) }) }).parse(document);
    const [container] = spec.template.spec.containers;
    if (!container) throw new Error('no container');
    return { kind: document.kind, pod: spec.template.spec, ...container };
  });
const byName = new Map(running.map((one) => [one.name, one]));

describe('the Helm chart', () => {
  it('was rendered since it was changed last: npm run helm', () => {
    expect(text.split('\n')[0]).toBe(headOf(sourceHash()));
  });

  it('makes what Kubernetes and KEDA take, by their own schemas', () => {
    for (const document of documents) {
      const model = new models[document.kind](document as never);
      expect(() => {
        model.validate();
      }).not.toThrow();
    }
    expect(documents.map(({ kind: of, metadata }) => `${of} ${metadata.name}`).sort()).toEqual([
      'Deployment ta-api',
      'Deployment ta-relay',
      'Deployment ta-worker',
      'HorizontalPodAutoscaler ta-api',
      'Ingress ta-api',
      'Job ta-setup',
      'PodDisruptionBudget ta-api',
      'PodDisruptionBudget ta-relay',
      'PodDisruptionBudget ta-worker',
      'ScaledObject ta-worker',
      'Service ta-api',
      'Service ta-callbacks',
    ]);
  });

  it('runs compiled files whose sources exist', () => {
    const sources = running.map(({ args }) => (args.at(-1) ?? '').replace(/^dist\//, '').replace(/\.js$/, '.ts'));
    expect(sources.sort()).toEqual(['clients/http/main.ts', 'ops/setup.ts', 'relay/main.ts', 'workers/main.ts']);
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  });

  it('sets only variables that the code reads, to values that the settings accept', () => {
    const temporalNames = new Set<string>();
    const recorder = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => (typeof name === 'string' && temporalNames.add(name), undefined) },
    );
    loadClientConnectConfig({ overrideEnvVars: recorder, disableFile: true });
    for (const { env } of running) {
      const names = env.map(({ name }) => name);
      const unknown = names.filter((name) => !(name in environment.shape) && !temporalNames.has(name));
      expect(unknown).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT']); // of the example, read by OpenTelemetry's library
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(
        expect.arrayContaining(['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'MONGODB_URI', 'TA_KEYS']),
      );
      const plain = Object.fromEntries(env.flatMap((one) => ('value' in one ? [[one.name, one.value]] : [])));
      expect(() => readEnvironment(environment, plain)).not.toThrow();
    }
  });

  it('writes no secret: each comes from the Secret that is there already, by its own name, to whoever needs it', () => {
    const secret = /SECRET|KEYS|PASSWORD|MONGODB_URI|SMTP_URL/;
    const wrong = running.flatMap(({ name, env }) =>
      env.filter((one) => secret.test(one.name) !== 'valueFrom' in one).map((one) => `${name} ${one.name}`),
    );
    expect(wrong).toEqual([]);
    const asked = running.map(({ name, env }) => [
      name,
      env.flatMap((one) => ('valueFrom' in one ? [one.valueFrom.secretKeyRef.key] : [])),
    ]);
    expect(Object.fromEntries(asked)).toEqual({
      setup: ['MONGODB_URI', 'TA_KEYS'],
      worker: ['MONGODB_URI', 'TA_KEYS', 'TA_CARD_SECRET', 'TA_BANK_SECRET', 'TA_CALLBACK_SECRET'],
      api: ['MONGODB_URI', 'TA_KEYS', 'TA_API_SECRET'],
      relay: ['MONGODB_URI', 'TA_KEYS', 'TA_SMTP_URL'],
    });
    const values = z.looseObject({ secretName: z.literal('') });
    values.parse(parse(readFileSync(join(root, 'ops/helm/trade-assurance/values.yaml'), 'utf8')));
  });

  it('gives every pod its limits and no rights', () => {
    for (const { pod: spec, securityContext, resources } of running) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String) as unknown, memory: expect.any(String) as unknown },
        limits: { memory: expect.any(String) as unknown },
      });
    }
  });

  it('asks for readiness where there is something to ask, and restarts nothing because a server is away', () => {
    const asked = (name: string) => {
      const { readinessProbe, livenessProbe, startupProbe } = byName.get(name) ?? {};
      return [startupProbe, readinessProbe, livenessProbe].map((one) => one?.httpGet?.path ?? 'tcp');
    };
    expect(asked('api')).toEqual(['/healthz', '/readyz', '/healthz']);
    expect(asked('worker')).toEqual(['/healthz', '/healthz', '/healthz']);
    expect(asked('relay')).toEqual(['/healthz', '/healthz', 'tcp']);
    expect(byName.get('setup')?.kind).toBe('Job');
  });

  it('scales workers by what waits in the task queue that they poll', () => {
    const scaled = z
      .looseObject({ spec: z.looseObject({ triggers: z.array(z.looseObject({ type: z.string() })) }) })
      .parse(documents.find(({ kind: of }) => of === 'ScaledObject'));
    const env = Object.fromEntries(
      (byName.get('worker')?.env ?? []).flatMap((one) => ('value' in one ? [[one.name, one.value]] : [])),
    );
    expect(scaled.spec.triggers[0]).toMatchObject({
      type: 'temporal',
      metadata: {
        endpoint: env.TEMPORAL_ADDRESS,
        namespace: env.TEMPORAL_NAMESPACE,
        taskQueue: env.TA_TASK_QUEUE,
        queueTypes: 'workflow,activity',
      },
    });
  });
});
