/** A kubeconfig for the simulated cluster, as kubectl and every client library read it. */
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
