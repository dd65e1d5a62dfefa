import { execFile } from 'node:child_process';
import { at, listAt, parseJson, textAt, type Json } from './json.ts';
import { KubeconfigError } from './kubeconfig.ts';

/** What a plugin gave: a token, or a client certificate with its key. */
export interface PluginCredential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent: good for as long as the process. */
  readonly expiresAt?: number;
}

/** A plugin that asks a person something would wait for ever. */
const PLUGIN_MS_MAX = 20_000;
const PLUGIN_BYTES_MAX = 1_048_576;
const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/**
 * Runs the kubeconfig's `exec` entry once, as
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins says: without a
 * terminal, told so in KUBERNETES_EXEC_INFO. Throws KubeconfigError; what the plugin printed is left out of it.
 */
export const runPlugin = (exec: Json, server: string): Promise<PluginCredential> => {
  const command = textAt(exec, 'command');
  const apiVersion = textAt(exec, 'apiVersion') ?? '';
  if (command === undefined) throw new KubeconfigError('The exec entry of the kubeconfig names no command.');
  if (!API_VERSIONS.includes(apiVersion)) throw new KubeconfigError(`The exec entry of the kubeconfig has apiVersion ${apiVersion || 'none'}; write ${API_VERSIONS[0]}.`);
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false, cluster: { server } } };
  const env = { ...process.env, ...variables(exec), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const args = listAt(exec, 'args').filter((arg) => typeof arg === 'string');
  const options = { env, timeout: PLUGIN_MS_MAX, maxBuffer: PLUGIN_BYTES_MAX, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout) => {
      const credential = error ? undefined : credentialOf(stdout);
      if (credential) resolve(credential);
      else reject(new KubeconfigError(`The credential plugin ${command} ${whyNot(error)}.`));
    });
    child.stdin?.end();
  });
};

const variables = (exec: Json): Readonly<Record<string, string>> =>
  Object.fromEntries(listAt(exec, 'env').flatMap((one) => {
    const name = textAt(one, 'name');
    return name === undefined ? [] : [[name, textAt(one, 'value') ?? '']];
  }));

const whyNot = (error: (Error & { code?: unknown; killed?: boolean }) | null): string => {
  if (!error) return 'printed no ExecCredential with a token or a certificate';
  if (error.killed) return `did not finish within ${PLUGIN_MS_MAX / 1_000} s`;
  return error.code === 'ENOENT' ? 'is not on PATH: it must be in the image kdebug runs from' : `failed (exit ${String(error.code)})`;
};

const credentialOf = (stdout: string): PluginCredential | undefined => {
  const status = at(parseJson(stdout), 'status');
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((field) => textAt(status, field));
  const expiresAt = Date.parse(textAt(status, 'expirationTimestamp') ?? '');
  if (!token && !(cert && key)) return undefined;
  return { ...(token && { token }), ...(cert && key && { cert, key }), ...(Number.isFinite(expiresAt) && { expiresAt }) };
};
