/** Client certificates, from a file and from a plugin, against a server that asks for one. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectCluster } from '../../../src/adapters/kubernetes/connect.ts';
import type { Cluster } from '../../../src/app/cluster-port.ts';
import { writeKubeconfig } from './api-server.ts';
import { MAIN, MARKER, OURS, TARGET } from './fixtures.ts';

interface Pair { readonly private: string; readonly cert: string }
const pair = async (name: string): Promise<Pair> => generate([{ name: 'commonName', value: name }], {
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }],
});

describe('a server that asks for a client certificate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'kdebug-certificates-'));
  const seen: string[] = [];
  let server: Server;
  let [own, alice, bob, stranger]: Pair[] = [];
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    [own, alice, bob, stranger] = await Promise.all(['localhost', 'alice', 'bob', 'stranger'].map(pair));
    server = createServer({ key: own!.private, cert: own!.cert, ca: [alice!.cert, bob!.cert], requestCert: true, rejectUnauthorized: true }, (request, response) => {
      seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      response.setHeader('content-type', 'application/json').end('{}');
    });
    server.on('upgrade', (request, socket) => {
      seen.push(`upgrade by ${String((request.socket as TLSSocket).getPeerCertificate().subject.CN)}`);
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await cluster?.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    rmSync(dir, { recursive: true, force: true });
  });

  const write = (file: string, text: string): string => {
    writeFileSync(join(dir, file), text, { mode: 0o600 });
    return join(dir, file);
  };
  const connect = async (user: object): Promise<Cluster> => {
    await cluster?.close();
    seen.length = 0;
    const address = { server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, 'certificate-authority-data': Buffer.from(own!.cert).toString('base64') };
    cluster = await connectCluster({ name: MAIN, kubeconfig: writeKubeconfig(dir, user, address), userAgent: 'kdebug/0.1.0' });
    return cluster;
  };
  /** A plugin that prints what stands in `credential.json` now. */
  const plugin = (): object => {
    const command = write('plugin', `#!/bin/sh\ncat ${join(dir, 'credential.json')}\n`);
    chmodSync(command, 0o700);
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
  };
  const give = (who: Pair, lastsMs: number): void => void write('credential.json', JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential',
    status: { clientCertificateData: who.cert, clientKeyData: who.private, expirationTimestamp: new Date(Date.now() + lastsMs).toISOString() },
  }));

  test('lets in by files, for calls, logs and exec alike', async () => {
    const one = await connect({ 'client-certificate': write('alice.crt', alice!.cert), 'client-key': write('alice.key', alice!.private) });
    expect(await one.ping()).toBeUndefined();
    await one.readOutput(TARGET, OURS);
    expect(await one.stop(TARGET, OURS, MARKER)).toMatchObject({ code: 'forbidden' });
    expect(seen).toStrictEqual(['alice', 'alice', 'upgrade by alice']);
  });

  test('lets in by a plugin, and by the next certificate once the first is about to end', async () => {
    give(alice!, 3_600_000);
    const one = await connect(plugin());
    expect(await one.ping()).toBeUndefined();
    give(bob!, 3_600_000);
    expect(await one.ping()).toBeUndefined();
    // the plugin gives a short-lived one: within its last half minute it is asked again after 5 s
    give(alice!, 1_000);
    const other = await connect(plugin());
    expect(await other.ping()).toBeUndefined();
    give(bob!, 3_600_000);
    await new Promise((done) => setTimeout(done, 5_200));
    expect(await other.ping()).toBeUndefined();
    expect(seen).toStrictEqual(['alice', 'bob']);
  });

  test.each<readonly [string, () => object]>([
    ['no certificate', () => ({})],
    ['a certificate nobody signed', () => ({ 'client-certificate-data': Buffer.from(stranger!.cert).toString('base64'), 'client-key-data': Buffer.from(stranger!.private).toString('base64') })],
    ['a key that is not the certificate\'s', () => ({ 'client-certificate-data': Buffer.from(alice!.cert).toString('base64'), 'client-key-data': Buffer.from(bob!.private).toString('base64') })],
    ['a certificate that is no PEM', () => ({ 'client-certificate-data': Buffer.from('nonsense').toString('base64'), 'client-key-data': Buffer.from('nonsense').toString('base64') })],
  ])('keeps out %s, with a value', async (_what, user) => {
    const one = await connect(user());
    expect(await one.ping()).toMatchObject({ code: 'unreachable' });
    expect(await one.stop(TARGET, OURS, MARKER)).toMatchObject({ code: expect.stringMatching(/^un(?:reachable|expected_answer)$/) });
    expect(seen).toStrictEqual([]);
  });
});
