import { catalogue, type ErrorCode } from '../../errors/index.ts';
import { errorLineSchema, operationViewSchema, problemSchema, progressLineSchema } from '../contract.ts';
import { EVENTS_TYPE, PROBLEM_TYPE, STREAM_TYPE } from '../protocol.ts';
import type { Route } from '../routes/index.ts';
import type { JsonSchema, Schemas } from './schemas.ts';

/** What can go wrong at any request, beside what its route says. */
const EVERYWHERE: readonly ErrorCode[] = ['REQUEST_INVALID', 'AGENT_STOPPING', 'INTERNAL'];
const WITH_KEY: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED'];
const WITH_CONDITION: readonly ErrorCode[] = ['PRECONDITION_FAILED'];
const WITH_BODY: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'];

export function responsesOf(route: Route, schemas: Schemas): Record<string, JsonSchema> {
  const isChange = route.method === 'POST';
  const codes = new Set([
    ...EVERYWHERE,
    ...(isChange ? WITH_BODY : []),
    ...(isChange && route.tagged !== undefined ? WITH_CONDITION : []),
    ...(route.isCreate === true ? WITH_KEY : []),
    ...route.errors,
  ]);
  const byStatus = Map.groupBy(codes, (code) => String(catalogue[code].http));
  const problem = (description: string): JsonSchema => ({
    description,
    content: { [PROBLEM_TYPE]: { schema: schemas.of(problemSchema, 'output') } },
  });
  return {
    [String(route.status)]: { description: descriptionOf(route), content: contentOf(route, schemas) },
    ...laterOf(route, schemas),
    ...(!isChange && route.tagged !== undefined ? { 304: { description: 'As the caller has it already.' } } : {}),
    ...Object.fromEntries([...byStatus].map(([status, ofIt]) => [status, problem(ofIt.toSorted().join(', '))])),
    default: problem('Any other error.'),
  };
}

function laterOf({ kind }: Route, schemas: Schemas): Record<string, JsonSchema> {
  if (kind !== 'operation') return {};
  const content = { 'application/json': { schema: schemas.of(operationViewSchema, 'output') } };
  const headers = { Location: { schema: { type: 'string' }, description: 'Where the operation is.' } };
  return { 202: { description: 'With `Prefer: respond-async`: it has begun.', headers, content } };
}

function descriptionOf({ kind }: Route): string {
  switch (kind) {
    case 'json':
      return 'Done.';
    case 'text':
      return 'The text, as it comes.';
    case 'events':
      return 'Server-sent events until either side ends it. The schema is of the data of one.';
    case 'operation':
      return 'Lines of JSON, one object each: any number of progress lines, then one result or error. The schema is of a line.';
  }
}

function contentOf(route: Route, schemas: Schemas): JsonSchema {
  const answer = schemas.of(route.answer, 'output');
  switch (route.kind) {
    case 'json':
      return { 'application/json': { schema: answer } };
    case 'text': {
      const [type = ''] = (route.mediaType ?? 'text/plain').split(';', 1);
      return { [type]: { schema: type === 'application/json' ? { type: 'object' } : answer } };
    }
    case 'events':
      return { [EVENTS_TYPE]: { schema: answer } };
    case 'operation':
      return { [STREAM_TYPE]: { schema: lineSchema(answer, schemas) } };
  }
}

function lineSchema(result: JsonSchema, schemas: Schemas): JsonSchema {
  const resultLine = {
    type: 'object',
    properties: { type: { const: 'result' }, result },
    required: ['type', 'result'],
  };
  return { oneOf: [schemas.of(progressLineSchema, 'output'), resultLine, schemas.of(errorLineSchema, 'output')] };
}
