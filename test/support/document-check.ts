import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

import { openApiDocument } from '../../src/lib/api/openapi/index.ts';
import type { RawAnswer } from './socket-request.ts';

/** Says of answers whether they are what the API's document says, to the field: none may be missing, and none more be there. */
export interface DocumentCheck {
  /** @returns what is wrong, one line each */
  faultsOf(operationId: string, answer: RawAnswer): readonly string[];
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

export function createDocumentCheck(): DocumentCheck {
  const document = openApiDocument('0.0.0', { isStrict: true });
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as unknown as Operation[]);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema({ $id: 'doze', components: document.components });

  function validatorOf(schema: unknown): ValidateFunction {
    return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"doze#/components')) as object);
  }

  return {
    faultsOf(operationId, { status, headers, body }) {
      const operation = operations.find((candidate) => candidate.operationId === operationId);
      const response = operation?.responses[String(status)] ?? operation?.responses['default'];
      if (response === undefined) return [`${operationId} is not in the document`];
      const type = String(headers['content-type']).split(';', 1)[0] ?? '';
      const media = response.content?.[type] as { schema: unknown } | undefined;
      if (media === undefined) return body === '' ? [] : [`${operationId} answers ${status} with ${type}`];
      const validate = validatorOf(media.schema);
      const values = type === 'application/x-ndjson' ? linesOf(body) : [body];
      return values.flatMap((value) => {
        if (validate(value)) return [];
        return (validate.errors ?? []).map(
          (error) => `${operationId} ${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
        );
      });
    },
  };
}

/** Of one line the request has made a value already. */
function linesOf(body: unknown): unknown[] {
  if (typeof body !== 'string') return [body];
  return body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
