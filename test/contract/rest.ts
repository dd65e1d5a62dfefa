/** The suite's own hands on a real cluster: plain requests with the credentials of KUBECONFIG, beside the adapter under test. */
import { Agent, request } from 'undici';
import { connectionOf } from '../../src/adapters/kubernetes/connection.ts';
import { createCredentials } from '../../src/adapters/kubernetes/credentials.ts';
import { selectConnection, SERVICE_ACCOUNT_DIR } from '../../src/adapters/kubernetes/kubeconfig.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Answered {
  readonly status: number;
  readonly body: Fields;
}

export interface Rest {
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Fields): Promise<Answered>;
  /** Whether the user of the kubeconfig may: the API server's own answer. `resource` is `pods/log` or `deployments.apps`. */
  may(verb: string, resource: string, namespace?: string): Promise<boolean>;
  close(): Promise<void>;
}

const ANSWER_MS_MAX = 10_000;

/** Of `kubeconfig`, else of $KUBECONFIG; the current context. */
export const openRest = (kubeconfig?: string): Rest => {
  const selected = selectConnection(kubeconfig === undefined ? {} : { kubeconfig }, { env: process.env, serviceAccountDir: SERVICE_ACCOUNT_DIR });
  const connection = connectionOf(selected);
  const credentials = createCredentials(selected, connection);
  let agent: Agent | undefined;
  const send: Rest['send'] = async (method, path, body) => {
    const { authorization, ca, cert, key } = await credentials.current();
    agent ??= new Agent({ connect: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(connection.servername && { servername: connection.servername }) } });
    const answer = await request(connection.origin + connection.base + path, {
      method, dispatcher: agent, signal: AbortSignal.timeout(ANSWER_MS_MAX), body: body === undefined ? null : JSON.stringify(body),
      headers: { accept: 'application/json', 'user-agent': 'kdebug-contract', ...(body && { 'content-type': 'application/json' }), ...(authorization && { authorization }) },
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Fields };
  };
  return {
    send,
    may: async (verb, resource, namespace = '') => {
      const { status, body } = await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb, namespace, ...namedIn(resource) } },
      });
      return status === 201 && (body['status'] as Fields)['allowed'] === true;
    },
    close: async () => agent?.destroy(),
  };
};

const namedIn = (text: string): Fields => {
  const [full = '', ...group] = text.split('.');
  const [resource, subresource = ''] = full.split('/');
  return { resource, subresource, group: group.join('.') };
};
