import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../src/playground/cluster/ports.ts';

export interface PodJson extends JsonObject {
  readonly kind: 'Pod';
  readonly metadata: JsonObject & { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly spec: JsonObject & { readonly ephemeralContainers?: readonly (JsonObject & { readonly name: string })[] };
  readonly status: JsonObject & { readonly ephemeralContainerStatuses?: readonly (JsonObject & { readonly name: string; readonly state: JsonObject; readonly lastState: JsonObject })[] };
}

export interface Recording {
  readonly name: string;
  readonly user: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: JsonObject;
  };
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** One entry may be a string: an event the recorder cut off. */
    readonly events?: readonly (string | JsonObject)[];
  };
}

const FOLDER = join(import.meta.dirname, '../../../recordings/kubernetes-1.36');

export const loadRecordings = (): readonly Recording[] =>
  readdirSync(FOLDER).filter((file) => file.endsWith('.json')).sort().map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Recording);

export const isPod = (value: unknown): value is PodJson => typeof value === 'object' && value !== null && (value as JsonObject)['kind'] === 'Pod';

export const isStatus = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && (value as JsonObject)['kind'] === 'Status';

/** `/api/v1/namespaces/prod/pods/api/log` → prod, api. A watch names its pod in the field selector. */
export const podIn = (recording: Recording): { readonly namespace: string; readonly name: string } | undefined => {
  const url = new URL(recording.request.path, 'https://cluster');
  const [, namespace = '', name = ''] = /\/namespaces\/([^/]+)\/pods(?:\/([^/]+))?/.exec(url.pathname) ?? [];
  const selected = /metadata\.name=(.+)/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
  return name === '' && selected === undefined ? undefined : { namespace, name: name === '' ? (selected ?? '') : name };
};
