/** Connections that say nothing, on real sockets: the addresses of the loopback stand for as many attackers. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWeb, type WebServer } from '../../../src/adapters/web/server.ts';

let web: WebServer;
const silent: Socket[] = [];
beforeEach(async () => { web = await startWeb(0, (_request, response) => { response.end('page'); }); });
afterEach(async () => {
  for (const socket of silent.splice(0)) socket.destroy();
  await web.close();
});

/** Connected, and then nothing: answers those that are still held a moment later. */
const idle = async (count: number, localAddress: string): Promise<number> => {
  const sockets = await Promise.all(Array.from({ length: count }, async () => {
    const socket = connect({ port: web.port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    silent.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
    return socket.resume();
  }));
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  return sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
};

const page = (localAddress: string): Promise<string> => new Promise((resolve) => {
  const asked = httpRequest({ port: web.port, host: '127.0.0.1', localAddress, agent: false, timeout: 1_000 }, (response) => {
    response.on('data', (bytes: Buffer) => { resolve(String(bytes)); });
  });
  asked.on('error', () => { resolve('nothing'); }).on('timeout', () => { asked.destroy(); resolve('nothing'); }).end();
});

// elsewhere the loopback has one address
describe.skipIf(process.platform !== 'linux')('connections that say nothing', () => {
  it('from one address leave room for the others', async () => {
    expect(await idle(200, '127.0.0.2')).toBe(50);
    expect(await page('127.0.0.3')).toBe('page');
    expect(await page('127.0.0.2')).toBe('nothing');
  });

  it('from many addresses are cut within seconds, and the pages are there again', async () => {
    const since = performance.now();
    for (const last of [2, 3, 4, 5]) expect(await idle(50, `127.0.0.${last}`)).toBe(50);
    expect(await page('127.0.0.6')).toBe('nothing');
    await expect.poll(() => page('127.0.0.6'), { timeout: 9_000, interval: 200 }).toBe('page');
    expect(performance.now() - since).toBeLessThan(9_000);
  });

  it('that went away make room again', async () => {
    expect(await idle(50, '127.0.0.2')).toBe(50);
    for (const socket of silent.splice(0, 10)) socket.destroy();
    await expect.poll(() => page('127.0.0.2'), { timeout: 1_500 }).toBe('page');
    expect(await idle(20, '127.0.0.2')).toBe(10);
  });
});
