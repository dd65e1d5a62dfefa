/** Field errors in the words of k8s.io/apimachinery/pkg/util/validation/field. */
import type { Json } from './ports.ts';
import type { Cause } from './status.ts';

const shown = (value: Json): string => JSON.stringify(value);

export const requiredField = (field: string, detail = ''): Cause => ({
  reason: 'FieldValueRequired', message: detail === '' ? 'Required value' : `Required value: ${detail}`, field,
});

export const invalidField = (field: string, value: Json, detail: string): Cause => ({
  reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${detail}`, field,
});

export const forbiddenField = (field: string, detail: string): Cause => ({
  reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field,
});

export const duplicateField = (field: string, value: Json): Cause => ({
  reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field,
});

export const notFoundField = (field: string, value: Json): Cause => ({
  reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}`, field,
});

export const unsupportedField = (field: string, value: Json, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${supported.map((entry) => JSON.stringify(entry)).join(', ')}`,
  field,
});
