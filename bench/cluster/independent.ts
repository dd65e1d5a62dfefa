/** The floor of a run: one PATCH and one watch by hand, over undici alone, with the credentials that kdebug has. */
import { randomBytes } from 'node:crypto';
import { Agent, type Dispatcher } from 'undici';
import { connectionOf } from '../../src/adapters/kubernetes/connection.ts';
import { createCredentials } from '../../src/adapters/kubernetes/credentials.ts';
import { selectConnection, SERVICE_ACCOUNT_DIR } from '../../src/adapters/kubernetes/kubeconfig.ts';

const ENDS_WITHIN_MS = 60_000;
const PATCH_TYPE = 'application/strategic-merge-patch+json';

export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly image: string;
}

export interface IndependentWatch {
  /** Pods of the namespace that run, by name; `selector` may be empty. */
  pods(namespace: string, selector: string): Promise<readonly string[]>;
  /** Milliseconds from the PATCH to the word that the container has ended; rejects after 60 s. */
  run(place: Place): Promise<number>;
  close(): Promise<void>;
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly status: { readonly phase?: string; readonly ephemeralContainerStatuses?: readonly { readonly name: string; readonly state?: { readonly terminated?: object } }[] };
}

export const createIndependentWatch = async (kubeconfig: string): Promise<IndependentWatch> => {
  const selected = selectConnection({ kubeconfig }, { env: process.env, serviceAccountDir: SERVICE_ACCOUNT_DIR });
  const connection = connectionOf(selected);
  const { ca, cert, key, authorization } = await createCredentials(selected, connection).current();
  const agent = new Agent({ connect: { rejectUnauthorized: true, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(connection.servername !== undefined && { servername: connection.servername }) } });
  const send = async (method: 'GET' | 'PATCH', path: string, signal: AbortSignal, body?: string): Promise<Dispatcher.ResponseData['body']> => {
    const headers = { accept: 'application/json', ...(authorization !== undefined && { authorization }), ...(body !== undefined && { 'content-type': PATCH_TYPE }) };
    const response = await agent.request({ origin: connection.origin, path: connection.base + path, method, headers, signal, body: body ?? null });
    if (response.statusCode !== 200) throw new Error(`The cluster answered ${response.statusCode} to ${method} ${path}: ${(await response.body.text()).slice(0, 300)}`);
    return response.body;
  };
  return {
    pods: async (namespace, selector) => {
      const body = await send('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`, AbortSignal.timeout(ENDS_WITHIN_MS));
      const { items } = await body.json() as { readonly items: readonly PodObject[] };
      return items.filter(({ status }) => status.phase === 'Running').map(({ metadata }) => metadata.name);
    },
    run: async ({ namespace, pod, image }) => {
      const name = `bench-${randomBytes(6).toString('hex')}`;
      const leaving = new AbortController();
      const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(ENDS_WITHIN_MS)]);
      const container = { name, image, command: ['sh', '-c', 'echo answered'] };
      const start = performance.now();
      const patched = await send('PATCH', `/api/v1/namespaces/${namespace}/pods/${pod}/ephemeralcontainers`, signal, JSON.stringify({ spec: { ephemeralContainers: [container] } }));
      const { metadata } = await patched.json() as PodObject;
      const events = await send('GET', `/api/v1/namespaces/${namespace}/pods?watch=1&fieldSelector=metadata.name%3D${pod}&resourceVersion=${metadata.resourceVersion}`, signal);
      try {
        await untilTerminated(events, name);
        return performance.now() - start;
      } finally {
        leaving.abort();
      }
    },
    close: () => agent.destroy(),
  };
};

const untilTerminated = async (events: AsyncIterable<Uint8Array>, name: string): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of events) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { object } = JSON.parse(line) as { readonly object: PodObject };
      if (object.status.ephemeralContainerStatuses?.some((one) => one.name === name && one.state?.terminated)) return;
    }
  }
  throw new Error(`The watch ended before ${name} did.`);
};
