import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';

import { openApiDocument } from '../../../src/lib/api/openapi/index.ts';
import { ALL_ROUTES } from '../../../src/lib/api/routes/index.ts';
import { catalogue } from '../../../src/lib/errors/index.ts';
import { fakeServices } from './fake-services.ts';
import { serve } from './served.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>;
}

const document = openApiDocument('1.0.0');
const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as unknown as Operation[]);

function operation(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

describe('the document of the API', () => {
  it('is valid by the meta schema of OpenAPI 3.1, and all that it refers to is in it', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    const names = new Set([...references].map(([, name]) => name ?? ''));
    expect([...names].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  });

  it('has the routes of the table, and no others', () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      ALL_ROUTES.map(({ id }) => id).toSorted(),
    );
    expect(Object.keys(document.paths).join(' ')).not.toContain(':');
  });

  it('says what a request takes', () => {
    expect(operation('listEvents').parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 10_000, default: 100 },
    });
    expect(operation('getCompute').parameters).toContainEqual({
      name: 'name',
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: expect.any(String) as string, maxLength: 40 },
    });
    expect(operation('startCompute').requestBody?.required).toBe(false);
    expect(operation('cloneCompute').requestBody?.required).toBe(true);
    expect(operation('resumeCompute').requestBody).toBeUndefined();
  });

  it('says every error of a route at its status', () => {
    for (const { id, errors } of ALL_ROUTES) {
      const { responses } = operation(id);
      for (const code of errors) {
        const status = String(catalogue[code].http);
        expect(responses[status]?.description.split(', '), `${id} ${status}`).toContain(code);
      }
    }
  });

  it('lets answers have new fields, and requests none that nobody knows', () => {
    const { ComputeView, StartRequest } = document.components.schemas;
    expect(ComputeView).not.toHaveProperty('additionalProperties');
    expect(StartRequest).toHaveProperty('additionalProperties', false);
  });

  it('is what the agent serves', async () => {
    await using api = await serve(fakeServices());
    const { status, headers, body } = await api.raw('GET', '/v1/openapi.json');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json; charset=utf-8' });
    expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  });
});
