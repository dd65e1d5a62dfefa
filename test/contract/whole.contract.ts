/** planStep and runStep over the adapter and a real Redis; the decision in between is an open gate. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSanitiser } from '../../src/adapters/redaction/sanitiser.ts';
import { connectProducer } from '../../src/adapters/redis/client.ts';
import { keysUnder } from '../../src/adapters/redis/keys.ts';
import { createLedger } from '../../src/adapters/redis/ledger.ts';
import { createQueues } from '../../src/adapters/redis/queues.ts';
import { createLeases, createOutputStore, createProgressBoard } from '../../src/adapters/redis/small-stores.ts';
import { createRequestStore } from '../../src/adapters/redis/store.ts';
import { change } from '../../src/app/change.ts';
import { planStep, type Planning } from '../../src/app/plan-step.ts';
import type { Executing } from '../../src/app/run-pod.ts';
import { runStep } from '../../src/app/run-step.ts';
import { dueOf } from '../../src/domain/due.ts';
import { OUTPUT_KEPT_BYTES_MAX, OUTPUT_STORE_BYTES_MAX, PLAN_WITHIN_MS, REPLICAS_MAX, REDACTION_MS_MAX } from '../../src/domain/limits.ts';
import { after, requestIdFrom, type RequestId } from '../../src/domain/names.ts';
import type { Output } from '../../src/domain/output.ts';
import type { Request } from '../../src/domain/request-states.ts';
import { createGrantSigner, createGrantVerifier } from '../../src/ops/grants.ts';
import { ask, POLICY, runCommand } from '../fixtures/requests.ts';
import { testRedis } from '../redis.ts';
import { BUSYBOX, LOCKED, NETSHOOT, PROD, type Stage } from './stage.ts';
import { NAME, type ContractWorld } from './world.ts';

const START_WITHIN_MS = 60_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface House extends AsyncDisposable {
  /** A request for this text, planned. */
  plan(text: string): Promise<Request>;
  /** Lets it through, and runs it. */
  run(id: RequestId): Promise<{ readonly request: Request; readonly output: Output | undefined }>;
}

const openHouse = async ({ cluster }: ContractWorld): Promise<House> => {
  const { url, prefix } = await testRedis();
  const [redis, keys] = [connectProducer(url), keysUnder(prefix)];
  const store = createRequestStore({ redis, keys, keepDays: 1 });
  // No worker takes from them: the steps are called here, one after the other.
  const queues = createQueues(redis, keys, [NAME]);
  const outputs = createOutputStore(redis, keys, { keepDays: 1, totalBytesMax: OUTPUT_STORE_BYTES_MAX });
  const sanitiser = createSanitiser({ patterns: [], own: [], digestKey: randomBytes(32), keptBytesMax: OUTPUT_KEPT_BYTES_MAX, msMax: REDACTION_MS_MAX });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [signer, verifier] = [createGrantSigner(privateKey), createGrantVerifier(publicKey)];
  const identity = { mode: 'off', review: { verb: 'debug', resource: 'pods' } } as const;
  const planning: Planning = {
    store, queues, log, cluster, identity, policyVersion: POLICY, catalogue: { images: [{ ...NETSHOOT, profile: 'general' }, BUSYBOX], presets: [] },
    limits: { timeoutDefaultMs: 10_000, startWithinMs: START_WITHIN_MS, replicasMax: REPLICAS_MAX },
  };
  const executing: Executing = {
    store, queues, log, cluster, identity, outputs, sanitiser, verifier, ledger: createLedger(redis, keys), leases: createLeases(redis, keys),
    progress: createProgressBoard(redis, keys), worker: 'contract-worker', clock: Date.now,
  };
  const load = async (id: RequestId): Promise<Request> => (await store.load(id)).request ?? Promise.reject(new Error(`no request ${id}`));
  const generationOf = async (id: RequestId): Promise<number> => dueOf(await load(id))?.generation ?? 0;
  return {
    plan: async (text) => {
      const [id, now] = [requestIdFrom(randomBytes(8)), await store.now()];
      const validUntil = after(now, PLAN_WITHIN_MS);
      await store.begin(id, { type: 'requested', at: now, ask: { ...ask, text, command: runCommand(text) }, expiresAt: validUntil }, validUntil);
      await planStep(planning, id, await generationOf(id));
      return load(id);
    },
    run: async (id) => {
      const gate = { gate: 'open', rule: 'the contract' } as const;
      await change(store, id, () => [{ type: 'pass_gate', gate, policyVersion: POLICY }, { type: 'grant', gate, policyVersion: POLICY, isEntitled: () => false, sign: (claim) => signer.sign(claim) }]);
      expect(await runStep(executing, id, await generationOf(id), new AbortController().signal)).toEqual({ kind: 'done' });
      return { request: await load(id), output: await outputs.get(id, 0) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([sanitiser.close(), queues.close()]);
      redis.disconnect();
    },
  };
};

export const wholeContract = (stage: () => Stage): void => {
  test('in prod: planned, run, its output kept', async (context) => {
    const site = await stage().home(context, PROD);
    await using house = await openHouse(stage().world);
    const planned = await house.plan(`prod ${site.target.pod} --image busybox -- sh -c 'echo to $0; exit 3' $HOME`);
    expect(planned).toMatchObject({ state: 'planned', plan: { profile: 'restricted', targets: [{ pod: site.target.pod, uid: site.target.uid, container: site.app }] }, preflight: { podSecurity: null } });
    stage().spend(context, site);
    const { request, output } = await house.run(planned.id);
    expect(request).toMatchObject({ state: 'finished', ends: [{ outcome: { kind: 'exited', code: 3 }, output: { bytes: 9, lines: 1, complete: true } }] });
    expect(output?.head).toBe('to $HOME\n');
  });

  test('in locked: general is refused by Pod Security, restricted runs, and the plan says so', async (context) => {
    const site = await stage().home(context, LOCKED);
    await using house = await openHouse(stage().world);
    const planned = await house.plan(`locked ${site.target.pod} -- id -u`);
    expect(planned).toMatchObject({ state: 'planned', plan: { profile: 'restricted' }, preflight: { podSecurity: 'restricted', notices: expect.arrayContaining([expect.stringContaining('lowered to restricted')]) } });
    stage().spend(context, site);
    const { request, output } = await house.run(planned.id);
    expect(request).toMatchObject({ state: 'finished', ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    expect(output?.head).toBe('65532\n');
  });

  test('a target that is not there: refused, with why', async () => {
    await using house = await openHouse(stage().world);
    expect(await house.plan('prod qqqqqqqq -- true')).toMatchObject({ state: 'refused', refusal: { failure: { code: 'pod_not_found' } } });
  });
};
