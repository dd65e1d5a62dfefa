/** A kubeconfig for the simulated cluster, as kubectl and every client library read it. */
import { parse, stringify } from 'yaml';

export interface KubeconfigParts {
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
  readonly cluster: string;
  readonly namespace?: string;
}

export const kubeconfigText = ({ url, caPem, token, cluster, namespace = 'default' }: KubeconfigParts): string =>
  [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${cluster}`,
    'clusters:',
    `- name: ${cluster}`,
    '  cluster:',
    `    server: ${url}`,
    `    certificate-authority-data: ${Buffer.from(caPem).toString('base64')}`,
    'users:',
    `- name: ${cluster}-user`,
    '  user:',
    `    token: ${JSON.stringify(token)}`,
    'contexts:',
    `- name: ${cluster}`,
    `  context: {cluster: ${cluster}, user: ${cluster}-user, namespace: ${namespace}}`,
    '',
  ].join('\n');

interface Lists {
  readonly clusters: readonly unknown[];
  readonly users: readonly unknown[];
  readonly contexts: readonly unknown[];
}

/** Several in one, a context each; the first one's is the current one. */
export const mergedKubeconfig = (texts: readonly string[]): string => {
  const files = texts.map((text) => parse(text) as Lists);
  return stringify({ ...files[0], clusters: files.flatMap(({ clusters }) => clusters), users: files.flatMap(({ users }) => users), contexts: files.flatMap(({ contexts }) => contexts) });
};
