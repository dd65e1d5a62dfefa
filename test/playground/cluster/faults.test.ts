import { describe, expect, it } from 'vitest';
import { bytes } from './support/scripted-kubelet.ts';
import { API, container, patch, PODS, withCluster } from './support/cluster.ts';

/** How undici names a connection that broke: by the session, the stream, the socket or the body it stopped in. */
const BROKEN = /closed|terminated|aborted|reset|destroyed|goaway|other side|HTTP\/2/i;

describe.each([['HTTP/2', true], ['HTTP/1.1', false]] as const)('faults over %s', (_name, allowH2) => {
  const fixture = withCluster({}, allowH2);
  const containers = (): unknown => (fixture.cluster.control.pod('prod', 'api')!.spec as { ephemeralContainers?: unknown }).ephemeralContainers;
  const isPatch = ({ method }: { readonly method: string }): boolean => method === 'PATCH';

  it('429 with Retry-After, once', async () => {
    fixture.cluster.control.inject({ when: isPatch, fault: { kind: 'status', status: 429, retryAfterSeconds: 3 }, times: 1 });
    const [first, second] = [await patch(fixture.admin, [container()]), await patch(fixture.admin, [container()])];
    expect([first.status, first.headers['retry-after'], second.status]).toEqual([429, '3', 200]);
  });

  it('500 before anything is applied', async () => {
    fixture.cluster.control.inject({ when: isPatch, fault: { kind: 'status', status: 500 } });
    const answer = await patch(fixture.admin, [container()]);
    expect([answer.status, answer.json['reason'], containers()]).toEqual([500, 'InternalError', undefined]);
  });

  it('a cut before, after which nothing was applied', async () => {
    fixture.cluster.control.inject({ when: isPatch, fault: { kind: 'cut', when: 'before' } });
    await expect(patch(fixture.admin, [container()])).rejects.toThrow(BROKEN);
    expect(containers()).toBeUndefined();
  });

  it('a cut after, which leaves the container there', async () => {
    fixture.cluster.control.inject({ when: isPatch, fault: { kind: 'cut', when: 'after' }, times: 1 });
    await expect(patch(fixture.admin, [container()])).rejects.toThrow(BROKEN);
    expect(containers()).toHaveLength(1);
    expect(fixture.cluster.control.requests().at(-1)).toMatchObject({ method: 'PATCH', status: undefined });
    fixture.cluster.control.clearFaults();
    expect((await patch(fixture.admin, [container()])).status).toBe(200);
  });

  it('JSON that ends in the middle', async () => {
    fixture.cluster.control.inject({ when: () => true, fault: { kind: 'truncate', keepBytes: 40 } });
    const answer = await fixture.admin.ask({ path: API });
    expect([answer.status, answer.text.length]).toEqual([200, 40]);
    expect(() => JSON.parse(answer.text) as unknown).toThrow(SyntaxError);
  });

  it('a log that breaks off', async () => {
    fixture.kubelet.onLog = () => ({ status: 200, body: bytes('0123456789') });
    fixture.cluster.control.inject({ when: ({ resource }) => resource === 'pods/log', fault: { kind: 'reset', afterBytes: 6 } });
    await expect(fixture.admin.ask({ path: `${API}/log` })).rejects.toThrow(BROKEN);
  });

  it('slow bytes that are whole in the end', async () => {
    fixture.cluster.control.inject({ when: () => true, fault: { kind: 'slow', bytesPerChunk: 200, everyMs: 5 } });
    const started = performance.now();
    const answer = await fixture.admin.ask({ path: API });
    expect([answer.json['kind'], performance.now() - started > 20]).toEqual(['Pod', true]);
  });

  it('a request that is never answered, until the fault is taken away', async () => {
    const stop = fixture.cluster.control.inject({ when: ({ path }) => path === API, fault: { kind: 'hang' } });
    const abort = AbortSignal.timeout(200);
    const hanging = fixture.admin.ask({ path: API });
    await expect(Promise.race([hanging, new Promise((_resolve, reject) => { abort.addEventListener('abort', () => reject(new Error('no answer'))); })])).rejects.toThrow('no answer');
    stop();
    expect((await fixture.admin.ask({ path: `${PODS}?limit=1` })).status).toBe(200);
    fixture.cluster.control.cutConnections();
    await expect(hanging).rejects.toThrow(BROKEN);
  });

  it('a predicate that throws is a 500 that says so', async () => {
    fixture.cluster.control.inject({ when: () => { throw new Error('my predicate is broken'); }, fault: { kind: 'hang' }, times: 1 });
    const answer = await fixture.admin.ask({ path: API });
    expect([answer.status, answer.json['message']]).toEqual([500, 'Internal error occurred: my predicate is broken']);
  });

  it('connections are counted and can all be cut', async () => {
    await fixture.admin.ask({ path: API });
    expect(fixture.cluster.control.connections()).toEqual({ accepted: 1, open: 1 });
    fixture.cluster.control.cutConnections();
    await expect.poll(() => fixture.cluster.control.connections().open).toBe(0);
    expect((await fixture.admin.ask({ path: API })).status).toBe(200);
    expect(fixture.cluster.control.connections().accepted).toBe(2);
  });
});
