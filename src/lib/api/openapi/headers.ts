import type { Route } from '../routes/index.ts';
import type { JsonSchema } from './schemas.ts';

/** What a route listens to besides path, query and body. */
export function headersOf(route: Route): JsonSchema[] {
  return [
    ...(route.isCreate === true ? [IDEMPOTENCY_KEY] : []),
    ...(route.kind === 'operation' ? [PREFER] : []),
    ...conditionsOf(route),
    ...(route.kind === 'events' ? [LAST_EVENT] : []),
  ];
}

function conditionsOf({ tagged, method }: Route): JsonSchema[] {
  if (tagged === undefined) return [];
  return method === 'GET' ? [header('If-None-Match', { type: 'string' }, NOT_MODIFIED)] : CONDITIONS;
}

function header(name: string, schema: JsonSchema, description: string): JsonSchema {
  return { name, in: 'header', required: false, schema, description };
}

const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  { type: 'string', minLength: 1, maxLength: 200 },
  'The same key with the same request within 24 h does nothing again and has the same answer; with another request it is ' +
    'refused with 422. An error that is retryable is not kept.',
);

const PREFER = header(
  'Prefer',
  { type: 'string', examples: ['respond-async'] },
  '`respond-async`: answered at once with 202 and, as Location, the operation as a resource: `GET /operations/{id}`.',
);

const LAST_EVENT = header(
  'Last-Event-ID',
  { type: 'integer', minimum: 0 },
  'Sequence number of the last event that was seen.',
);

const NOT_MODIFIED = 'The ETag of an earlier answer: 304 and nothing else while it is the same.';

const CONDITIONS = [
  header('If-Match', { type: 'string' }, 'The ETag as it was read: 412 if there has been a change on record since.'),
  header('If-None-Match', { type: 'string', const: '*' }, '`*`: 412 if it is there already.'),
];
