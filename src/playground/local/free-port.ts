import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which the kernel hands out ports, so that nobody is given one of these in between. */
const [PORT_FIRST, PORTS] = [15_000, 17_000];
const PORT_TRIES_MAX = 50;

const canListen = (port: number): Promise<boolean> => new Promise((resolve) => {
  const server = createServer().once('error', () => { resolve(false); }).listen(port, '127.0.0.1', () => { server.close(() => { resolve(true); }); });
});

/** Another than `notThis`; somebody may take it before it is used, which is unlikely. */
export const freePort = async (notThis = 0): Promise<number> => {
  for (let tries = 0; tries < PORT_TRIES_MAX; tries += 1) {
    const port = PORT_FIRST + randomInt(PORTS);
    if (port !== notThis && await canListen(port)) return port;
  }
  throw new Error(`No free port was found between ${PORT_FIRST} and ${PORT_FIRST + PORTS}.`);
};
