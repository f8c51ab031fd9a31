/** OpenAPI 3.1 of all routes, made from their zod forms: `/v1/openapi.json`, and pages to try it at `/docs`. */
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { messageId } from '../../domain/messages';
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

const keyHeader = {
  type: 'object',
  properties: {
    'idempotency-key': {
      ...z.toJSONSchema(messageId),
      description: 'Under one key a request is done once, and answered the same again; with another body: 409.',
    },
  },
};

const options: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Trade Assurance',
      version: '1',
      description:
        'Orders under Trade Assurance and Secure Payment. Money is in integer minor units with a currency; instants are ' +
        'ISO 8601 in UTC. Send an Idempotency-Key with every POST that names it, and the same one when you send it again; ' +
        'each other POST says what the same again does.',
      license: { name: 'Apache-2.0' },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  },
  transform: (document) => {
    const { schema, url } = transform(document);
    if (!url.startsWith('/v1')) return { schema: { ...schema, hide: true }, url };
    const { access = callerRoles, again }: { access?: Access; again?: string } = document.route.config ?? {};
    const answers = (schema.response ?? {}) as Record<string, unknown>;
    const who = access === 'public' ? 'Anybody.' : `For: ${access.join(', ')}.`;
    const isKeyed = again === 'key';
    return {
      url,
      schema: {
        ...schema,
        description: [schema.description, who, isKeyed ? undefined : again].filter(Boolean).join(' '),
        ...(isKeyed && { headers: keyHeader }),
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
