/** OpenAPI 3.1 of all routes, made from their zod forms: `/v1/openapi.json`, and pages to try it at `/docs`. */
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from './deps';
import { callerRoles, type Access } from './identity';
import { problemMediaType } from './problem';

// A money amount cannot be larger than an integer that JSON carries exactly; what JSON Schema cannot say is left open.
const zodToJsonConfig = { unrepresentable: 'any' } as const;
const transform = createJsonSchemaTransform({ zodToJsonConfig });

/** What every route may answer beside its own answers. */
const problemAnswer = {
  description: 'It was not done: problem details, with a stable `code`',
  content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
};

const options: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Trade Assurance',
      version: '1',
      description:
        'Orders under Trade Assurance and Secure Payment. Money is in integer minor units with a currency; instants are ' +
        'ISO 8601 in UTC. Send an Idempotency-Key with every POST, and the same one when you send it again.',
      license: { name: 'Apache-2.0' },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  },
  transform: (document) => {
    const { schema, url } = transform(document);
    if (!url.startsWith('/v1')) return { schema: { ...schema, hide: true }, url };
    const access: Access = document.route.config?.access ?? callerRoles;
    const answers = (schema.response ?? {}) as Record<string, unknown>;
    const who = access === 'public' ? 'Anybody.' : `For: ${access.join(', ')}.`;
    return {
      url,
      schema: {
        ...schema,
        description: [schema.description, who].filter(Boolean).join(' '),
        security: access === 'public' ? [] : [{ token: [] }],
        response: { ...answers, default: problemAnswer },
      },
    };
  },
  transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
};

/** Adds the description; before the routes are, so that it sees them all. */
export async function describeApi(api: Api): Promise<void> {
  await api.register(swagger, options);
  await api.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } });
  api.get('/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () => api.swagger());
}
