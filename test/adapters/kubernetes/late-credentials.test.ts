/** A cluster whose credentials are not there yet is connected all the same: it is used once they are, without a new start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import { json, startServer } from './api-server.ts';
import { MAIN } from './fixtures.ts';

const open: { close(): Promise<unknown> | void }[] = [];
afterEach(async () => { for (const one of open.splice(0)) await one.close(); });

it('told once, asked again with every request', async () => {
  const server = await startServer((_asked, response) => json(response, 200, { gitVersion: 'v1.36.2' }));
  const dir = mkdtempSync(join(tmpdir(), 'kdebug-late-'));
  const token = join(dir, 'token');
  const told: string[] = [];
  const cluster = await connectCluster({ name: MAIN, kubeconfig: server.kubeconfig({ tokenFile: token }), userAgent: 'kdebug/0.1.0', onTrouble: (sentence) => { told.push(sentence); } });
  open.push(cluster, server, { close: () => { rmSync(dir, { recursive: true }); } });

  expect(await cluster.ping()).toMatchObject({ code: 'unauthorized', detail: expect.stringMatching(/token cannot be read \(ENOENT\)/) });
  expect(told).toEqual([expect.stringMatching(/^The credential file .*token cannot be read \(ENOENT\)\.$/)]);
  expect(server.asked).toEqual([]);
  writeFileSync(token, 'late');
  expect(await cluster.ping()).toBeUndefined();
  expect(server.asked).toHaveLength(1);
});
