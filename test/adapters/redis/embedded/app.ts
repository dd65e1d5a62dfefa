// A stand-in for kdebug as a process of its own: opens the private server, says what it got, then lives until it is ended.
import { openEmbeddedRedis } from '../../../../src/adapters/redis/embedded.ts';

const [stateDir = '', persistent] = process.argv.slice(2);
const { pid, adopted, path } = await openEmbeddedRedis({ stateDir, appendfsync: 'always', persistent: persistent === 'persistent' });
process.stdout.write(`${JSON.stringify({ pid, adopted, path })}\n`);
setInterval(() => undefined, 1_000);
