import { z } from 'zod';
import { kdebugYaml } from './kdebug.ts';

/** What zod knows of a node beside its type; it leaves examples and defaults out where a value is read into another one. */
interface Known {
  readonly examples?: unknown;
}

const keepExamplesAndDefault = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  const { examples } = (z.globalRegistry.get(zodSchema) ?? {}) as Known;
  if (Array.isArray(examples)) jsonSchema.examples = examples as z.core.JSONSchema._JSONSchema[];
  const { def } = zodSchema._zod;
  if (def.type === 'prefault' || def.type === 'default') jsonSchema.default = def.defaultValue;
};

/** JSON Schema (draft 7) of kdebug.yaml, for editors: https://json-schema.org/draft-07/schema. */
export const jsonSchema = (): string => {
  const schema = z.toJSONSchema(kdebugYaml, { io: 'input', target: 'draft-7', override: keepExamplesAndDefault });
  return `${JSON.stringify({ ...schema, title: 'kdebug.yaml' }, null, 2)}\n`;
};
