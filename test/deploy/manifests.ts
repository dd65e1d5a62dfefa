import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const KUSTOMIZE = join(REPOSITORY, 'deploy/kustomize');

export interface Labelled {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Labelled;
  readonly spec?: unknown;
}

/** YAML as kubectl reads it: version 1.1 with merge keys, so that a bare `yes` or `0440` means here what it means there. */
export const readYaml = (file: string): readonly unknown[] => {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1', merge: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw new Error(`${file}: ${problem.message}`);
    return document.toJS() as unknown;
  });
};

export const yamlFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

export const nameOf = (file: string): string => relative(REPOSITORY, file);

const isObject = (document: unknown): document is KubernetesObject =>
  typeof document === 'object' && document !== null && 'kind' in document && 'metadata' in document;

/** Every Kubernetes object below a folder of deploy/kustomize, without kustomizations, patches and kdebug.yaml. */
export const objectsIn = (folder: string): readonly KubernetesObject[] =>
  yamlFiles(join(KUSTOMIZE, folder)).flatMap((file) => readYaml(file)).filter(isObject);

export interface Patch {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

export const patchIn = (file: string): readonly Patch[] => readYaml(join(KUSTOMIZE, file))[0] as readonly Patch[];

export interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: unknown;
  readonly volumeMounts?: readonly Mount[];
  readonly [field: string]: unknown;
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string }[] };
  readonly projected?: { readonly sources: readonly Readonly<Record<string, unknown>>[] };
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly [field: string]: unknown;
}

export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  };
}

/** Whatever has a pod template. */
export const workloadsIn = (folder: string): readonly Workload[] =>
  objectsIn(folder).filter((object): object is Workload => ['Deployment', 'StatefulSet'].includes(object.kind));

export const workload = (name: string): Workload => {
  const found = workloadsIn('.').find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no workload ${name} below ${KUSTOMIZE}`);
  return found;
};
