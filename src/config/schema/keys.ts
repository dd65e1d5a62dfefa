import type { z } from 'zod';

type Path = readonly (string | number)[];

/** The keys that the schema knows at a path, for suggestions; none where it knows no fixed keys. */
export const keysOfSchema = (schema: z.core.$ZodType, path: Path): readonly string[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') return keysOfSchema(def.innerType, path);
  const [step, ...rest] = path;
  if (def.type === 'object') {
    if (step === undefined) return Object.keys(def.shape);
    const member = def.shape[step];
    return member === undefined ? [] : keysOfSchema(member, rest);
  }
  if (def.type === 'array') return keysOfSchema(def.element, rest);
  return def.type === 'record' ? keysOfSchema(def.valueType, rest) : [];
};
