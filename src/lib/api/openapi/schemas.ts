import { z } from 'zod';

import { DozeError } from '../../errors/index.ts';
import * as contract from '../contract.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** `input`: as a caller sends it, defaults left out. `output`: as it is answered, or read from a path or a query. */
type Side = 'input' | 'output';

export interface Schemas {
  /** Of one schema: a reference where the contract has it by name. */
  of(schema: z.ZodType, side: Side): JsonSchema;
  /** The named ones that were referred to, and what they refer to, by name. */
  named(): Record<string, JsonSchema>;
}

export interface SchemaOptions {
  /** Whether answers have the fields that are said and no others. Callers have to bear new ones; a test has not. */
  readonly isStrict: boolean;
}

/** The contract's schemas as JSON Schema 2020-12, that of OpenAPI 3.1. `computeViewSchema` is `ComputeView` there. */
export function createSchemas({ isStrict }: SchemaOptions): Schemas {
  const metadata = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(contract)) metadata.add(schema, { id: nameOf(name) });
  const named = new Map<string, JsonSchema>();

  function keep(name: string, schema: JsonSchema): void {
    const known = named.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new DozeError('INTERNAL', `the schema ${name} differs between requests and answers`);
    named.set(name, schema);
  }

  return {
    of(schema, io) {
      const override = ({ zodSchema, jsonSchema }: Converted): void => {
        tidy(jsonSchema, !isStrict && io === 'output');
        const description = z.globalRegistry.get(zodSchema)?.description;
        if (description !== undefined) jsonSchema.description = description;
      };
      // Within a list, so that one with a name is referred to as well.
      const json = z.toJSONSchema(z.array(schema), { io, metadata, override });
      const { items, $defs = {} } = JSON.parse(
        JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'),
      ) as { items: JsonSchema; $defs?: Record<string, JsonSchema> };
      for (const [name, definition] of Object.entries($defs)) keep(name, definition);
      return items;
    },
    named: () => Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

interface Converted {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

function nameOf(exported: string): string {
  return exported.charAt(0).toUpperCase() + exported.slice(1).replace(/Schema$/, '');
}

/** Takes out what says nothing to a reader, and what would forbid an answer to have a new field. */
function tidy(schema: z.core.JSONSchema.BaseSchema, isOpen: boolean): void {
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (isOpen && schema.additionalProperties === false) delete schema.additionalProperties;
  // Its key in the document is its name.
  delete schema.id;
}
