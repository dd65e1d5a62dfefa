/** The bot token goes to Slack's API and to no other host, wherever the name of a method came from. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClients } from '../../src/adapters/slack/clients.ts';
import { quietLog } from '../adapters/slack/workspace.ts';

const TOKEN = 'xoxb-1-2-test';
const servers: Server[] = [];
afterEach(() => { for (const server of servers.splice(0)) server.close(); });

const listening = async (heard: string[]): Promise<string> => {
  const server = createServer((request, response) => {
    heard.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

let api: string[];
let elsewhere: string[];
beforeEach(() => { api = []; elsewhere = []; });

it('a method that is an address is asked of Slack\'s API, never of that address', async () => {
  const [slack, evil] = [await listening(api), await listening(elsewhere)];
  const clients = createClients(TOKEN, `${slack}/api/`, quietLog());
  for (const client of Object.values(clients)) await Promise.allSettled([client.apiCall(`${evil}/take`), client.apiCall('auth.test')]);
  expect(elsewhere).toEqual([]);
  expect(api.filter((line) => line === `/api/auth.test Bearer ${TOKEN}`)).toHaveLength(3);
});
