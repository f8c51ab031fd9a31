/**
 * The HTTP API as a fastify application: identity, limits, problems, metrics and OpenAPI are here, once for all routes; the
 * routes themselves are areas (`routes/`).
 */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify, { LogController, type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { refuse } from '../../domain/refusal';
import { holdsSealedText } from '../../domain/sealed-text';
import { Refused } from '../errors';
import { traceRequests } from '../tracing';
import { answerNoRequest, lingering } from './cut-off';
import type { Api, ApiDeps, Area } from './deps';
import { actorHeader, assertActiveUser, callerOf, type Caller } from './identity';
import { languageOf } from './headers';
import { jsonWithin } from './json-body';
import { describeApi } from './openapi';
import {
  HttpProblem,
  inLanguage,
  problemMediaType,
  problemOf,
  problemOfHttp,
  type FieldProblem,
  type Problem,
} from './problem';
import { portalSessions } from './portal/session';
import { areas as allAreas } from './routes';

/** Builds the API; `listen` on it, or `inject` requests. Whoever built it closes it. */
export async function buildApi(deps: ApiDeps, areas: readonly Area[] = allAreas): Promise<Api> {
  const { limits, log } = deps;
  const api: Api = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    // Behind a proxy strangers would share one rate, its own: it is believed who they are, where it is named.
    trustProxy: deps.settings.api.trustedProxies.length > 0 ? deps.settings.api.trustedProxies : false,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.connectionTimeoutMs,
    // Node looks for what has timed out now and then only: by default every 30 s.
    http: {
      headersTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, 5000),
    },
    clientErrorHandler: answerNoRequest,
    // What still comes while it ends is answered as before: the caller need not know.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (fault, request, reply) => void tell(deps, fault, request, reply),
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  // Answers are made by us from typed values: the forms describe them, the tests hold them to it.
  api.setSerializerCompiler(deps.checkAnswers ? serializerCompiler : () => (data) => JSON.stringify(data));
  jsonWithin(api, limits.depth);
  await api.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } });
  await api.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMs,
    retryAfter: 5,
    pressureHandler: (request) => {
      if (!isProbe(request)) throw new HttpProblem('service.busy');
    },
  });
  await api.register(cookie);
  identify(api, deps);
  await api.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: '1 minute',
    hook: 'preParsing',
    enableDraftSpec: true,
    keyGenerator: ({ caller, ip }) => caller?.credential ?? ip,
    allowList: (request) => isProbe(request),
    errorResponseBuilder: (_, { after }) => new HttpProblem('rate.exceeded', `in ${after}`),
  });
  authorise(api);
  refuseSealedTexts(api);
  answerProblems(api, deps);
  letGo(api, deps);
  observe(api, deps);
  traceRequests(api);
  await describeApi(api);
  for (const area of areas) await api.register(async (scope) => area(scope as Api, deps));
  return api;
}

const isProbe = ({ url }: FastifyRequest): boolean => url === '/healthz' || url === '/readyz' || url === '/metrics';

/** Finds out who calls, before anything of the body is read. */
function identify(api: Api, { authenticators, store }: ApiDeps): void {
  const known = [...authenticators, portalSessions(store, authenticators)];
  api.decorateRequest('caller', null);
  api.decorateRequest('stranger', null);
  const callerNow = async (request: FastifyRequest): Promise<Caller | undefined> => {
    let caller: Caller | undefined;
    for (const authenticate of known) caller ??= await authenticate(request);
    if (caller) await assertActiveUser(store, caller, request.headers[actorHeader]);
    return caller;
  };
  api.decorate('callerNow', callerNow);
  api.addHook('onRequest', async (request) => {
    try {
      request.caller = (await callerNow(request)) ?? null;
    } catch (fault) {
      if (!(fault instanceof HttpProblem || fault instanceof Refused)) throw fault;
      request.stranger = fault; // what is public is there for strangers, too
    }
  });
}

/** Holds every route of `/v1` to the access that it names: after its rate is counted, before its body is read. */
function authorise(api: Api): void {
  api.addHook('onRoute', (route) => {
    const { access, again } = route.config ?? {};
    if (access === undefined && route.url.startsWith('/v1'))
      throw new Error(`${String(route.method)} ${route.url} does not say who may use it (config.access)`);
    if (again === undefined && [route.method].flat().includes('POST') && route.url.startsWith('/v1'))
      throw new Error(`POST ${route.url} does not say what the same again does (config.again)`);
    if (access === undefined || access === 'public') return;
    const check = (
      request: FastifyRequest,
      _reply: FastifyReply,
      payload: unknown,
      done: (...a: unknown[]) => void,
    ) => {
      const { role } = callerOf(request);
      if (!access.includes(role)) throw new HttpProblem('identity.not-allowed', `the caller is ${role}`);
      done(null, payload);
    };
    route.preParsing = [...[route.preParsing ?? []].flat(), check as never];
  });
}

/** What is kept of people comes back opened: a sealed text in a body would be read by whoever hands it in. */
function refuseSealedTexts(api: Api): void {
  api.addHook('preValidation', (request, _reply, done) => {
    if (holdsSealedText(request.body))
      done(new Refused(refuse('message.invalid', 'body: a text may not begin with personal:')));
    else done();
  });
}

function answerProblems(api: Api, deps: ApiDeps): void {
  const methods = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  api.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    methods.set(url, known);
  });
  const notFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?')[0] ?? '';
    const own = methods.get(path); // `/v1/inbox/replay` is an address of its own, and no delivery's
    const fitting = own ? [own] : [...methods.values()].filter(({ pattern }) => pattern.test(path));
    const allowed = fitting.flatMap((one) => [...one.methods]);
    if (allowed.length === 0 || allowed.includes(request.method))
      return tell(deps, new HttpProblem('route.not-found'), request, reply);
    return tell(deps, new HttpProblem('method.not-allowed'), request, reply.header('allow', allowed.join(', ')));
  };
  api.setNotFoundHandler(notFound);
  api.setErrorHandler<FastifyError>((fault, request, reply) =>
    // What is wrong with a body that nobody takes is beside the point.
    request.is404 && !(fault instanceof HttpProblem) ? notFound(request, reply) : tell(deps, fault, request, reply),
  );
}

/** `/v1/orders/:order` as a pattern. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')}/?$`,
  );

/** Answers with the problem of whatever was thrown. */
function tell({ log, metrics }: ApiDeps, fault: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  const problem: Problem = {
    ...inLanguage(problemIn(fault, request), language),
    instance: request.url,
    requestId: request.id,
  };
  if (problem.status >= 500) log.error({ err: fault, requestId: request.id, code: problem.code }, 'a request failed');
  metrics.refused(problem.code);
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="trade-assurance"');
  if (problem.status === 503 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '5');
  // A body that was not read to its end is in the way of the next request.
  if (problem.status === 413 || problem.status === 408) void reply.header('connection', 'close');
  void reply.headers({ 'content-language': language, vary: 'accept-language' });
  void reply.code(problem.status).type(problemMediaType);
  if (problem.status !== 413 || request.raw.complete) return reply.serializer(JSON.stringify).send(problem);
  const answer = JSON.stringify(problem);
  return reply.header('content-length', Buffer.byteLength(answer)).send(lingering(answer, request));
}

function problemIn(fault: unknown, request: FastifyRequest): Problem {
  if (!hasZodFastifySchemaValidationErrors(fault)) return problemOf(fault);
  const place = fault.validationContext ?? 'body';
  const fields = fault.validation.slice(0, 20).map(({ instancePath, message }): FieldProblem => ({
    in: place === 'querystring' ? 'query' : place === 'params' ? 'path' : place === 'headers' ? 'header' : 'body',
    path: instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: message ?? 'is wrong',
  }));
  const detail = fields.map(({ path, message }) => `${path || place}: ${message}`).join('; ');
  const { rule } = request.routeOptions.config;
  return {
    ...problemOfHttp(place === 'body' ? 'message.invalid' : 'request.invalid', detail, fields),
    ...(rule && { rule }),
  };
}

/** While it drains, every answer closes its connection: the next request takes a new one, to a process that stays. */
function letGo(api: Api, deps: ApiDeps): void {
  api.addHook('onSend', async (_request, reply) => {
    if (deps.isDraining) void reply.header('connection', 'close');
  });
}

function observe(api: Api, { log, metrics }: ApiDeps): void {
  api.addHook('onRequest', async (request, reply) => {
    void reply.header('request-id', request.id);
  });
  api.addHook('onResponse', async (request, reply) => {
    const { method, caller, id, params } = request;
    const { order } = (params ?? {}) as { order?: string };
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(method, route, reply.statusCode, reply.elapsedTime / 1000);
    log.debug(
      { method, route, status: reply.statusCode, ms: reply.elapsedTime, by: caller?.credential, id, order },
      'request',
    );
  });
}
