import type { z } from 'zod';

import { API_PREFIX } from '../protocol.ts';
import { ALL_ROUTES, type Route } from '../routes/index.ts';
import { headersOf } from './headers.ts';
import { responsesOf } from './responses.ts';
import { createSchemas, type JsonSchema, type SchemaOptions, type Schemas } from './schemas.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: JsonSchema;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: JsonSchema & { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** The API as an OpenAPI 3.1 document, made of the table of routes and the schemas that check its requests. */
export function openApiDocument(version: string, options: SchemaOptions = { isStrict: false }): OpenApiDocument {
  const schemas = createSchemas(options);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of ALL_ROUTES) {
    const path = (paths[route.path.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    path[route.method.toLowerCase()] = operationOf(route, schemas);
  }
  return {
    openapi: '3.1.1',
    info: { title: 'doze', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: API_PREFIX, description: 'An agent: on its Unix socket, or where it listens with TLS' }],
    security: [{}, { token: [] }],
    tags: [...new Set(ALL_ROUTES.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Not on the Unix socket.' } },
      schemas: schemas.named(),
    },
  } as OpenApiDocument;
}

const DESCRIPTION = [
  'Databases that sleep when idle, wake on the next connection, and are metered by the second.',
  'Names are camelCase, times ISO 8601 UTC, spans in seconds, sizes in bytes, CU as numbers. Answers may get new fields.',
  'Errors are problem details (RFC 9457): match on `code`. Asking wakes nothing.',
  'Operations answer with a stream of lines and belong to the agent: they go on when the caller goes away.',
].join('\n\n');

function operationOf(route: Route, schemas: Schemas): JsonSchema {
  const parameters = [
    ...parametersOf('path', route.params, schemas),
    ...parametersOf('query', route.query, schemas),
    ...headersOf(route),
  ];
  return {
    operationId: route.id,
    tags: [tagOf(route)],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.scope === 'open' ? { security: [] } : {}),
    'x-role': route.role,
    'x-scope': route.scope,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route, schemas),
    responses: responsesOf(route, schemas),
  };
}

/** The first word of its path. */
function tagOf({ path }: Route): string {
  return /^\/(\w+)/.exec(path)?.[1] ?? '';
}

function parametersOf(where: 'path' | 'query', schema: z.ZodType, schemas: Schemas): JsonSchema[] {
  return Object.entries(fieldsOf(schema)).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !field.safeParse(undefined).success,
    schema: schemas.of(field, 'output'),
  }));
}

function bodyOf({ method, body }: Route, schemas: Schemas): JsonSchema {
  if (method === 'GET' || Object.keys(fieldsOf(body)).length === 0) return {};
  const content = { 'application/json': { schema: schemas.of(body, 'input') } };
  return { requestBody: { required: !body.safeParse({}).success, content } };
}

function fieldsOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return (schema as z.ZodObject<Record<string, z.ZodType>>).shape;
}
