import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { WORKER_RULES } from '../../src/playground/local/rights.ts';
import { BOB, openStage, OPS, type Stage } from './stage.ts';

interface Rule { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }

/** `get pods/log`, as the simulated cluster counts what it was asked. */
const rightsIn = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ resources, verbs }) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`))).sort();

const deployed = (parse(readFileSync(new URL('../../deploy/kustomize/base/rbac.yaml', import.meta.url), 'utf8')) as { readonly rules: readonly Rule[] }).rules;

describe('the worker\'s rights', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const { control } = stage.world.cluster;
    for (const [kind, name] of [['StatefulSet', 'db'], ['DaemonSet', 'agent'], ['Job', 'nightly']] as const) {
      control.addWorkload({ kind, namespace: 'staging', name, labels: { app: name } });
      control.addPod({ namespace: 'staging', name: `${name}-0`, labels: { app: name }, containers: [{ name: 'main', image: 'registry.example.org/shop/api:2.41.0' }] });
    }
    control.addService({ namespace: 'staging', name: 'front', selector: { app: 'api' } });
    await stage.world.start(['start']);
  });
  afterAll(() => stage.close());

  it('are in the manifests what they are here', () => {
    expect(rightsIn(deployed)).toEqual(rightsIn(WORKER_RULES as readonly Rule[]));
  });

  it('are used wholly and never exceeded', async () => {
    const { control } = stage.world.cluster;
    const replicaSet = String(control.objects('replicasets.apps', 'staging')[0]?.metadata.name);
    const targets = ['api-5d6f7b8c9-2r6zw', 'api-5d6f7b8c9-9', 'deploy/api', `rs/${replicaSet}`, 'sts/db', 'ds/agent', 'job/nightly', 'svc/front', '-l app=api'];
    control.resetRequests();
    for (const target of targets) {
      const id = await stage.ask(BOB, OPS, `staging ${target} -- true`);
      expect(await stage.reached(id, ['finished']), target).toMatchObject({ ends: [{ outcome: { kind: 'exited', code: 0 } }] });
    }
    const asked = control.requests().filter(({ path }) => path.startsWith('/api'));
    expect(asked.filter(({ status }) => status === 403 || status === 401)).toEqual([]);
    const used = Object.keys(control.counts()).map((key) => key.replace(/ (\S+?)\.(?:apps|batch|events\.k8s\.io)$/, ' $1'));
    expect(rightsIn(deployed).filter((right) => !used.includes(right)), `never used; asked were ${used.join(', ')}`).toEqual([]);
  }, 60_000);
});
