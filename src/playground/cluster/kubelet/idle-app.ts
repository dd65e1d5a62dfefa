/** What stands in for an application: one small process that ends on SIGTERM, or a listener that `ss` shows. */
import type { Image } from './image-table.ts';
import type { IdleApp } from './node.ts';

/** It reads a pipe the kubelet holds: should the kubelet die, the app ends by itself. */
const WAIT = `trap 'exit 0' TERM INT; while :; do read -r _ || exit 0; done`;
const LISTEN = `process.title = process.argv[2];
require('node:net').createServer((socket) => socket.end()).listen(Number(process.argv[1]), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0)); process.stdin.on('end', () => process.exit(0)).resume();`;

export const idleImage = (app: IdleApp): Image => ({
  programs: [{ name: 'sh' }, ...(app.listen === undefined ? [] : [{ name: 'node', path: process.execPath }])],
  shell: 'gnu',
  user: 65_532,
});

export const idleStart = (app: IdleApp): { readonly argv: readonly string[]; readonly holdStdin: true } => ({
  argv: app.listen === undefined ? ['sh', '-c', WAIT] : ['node', '-e', LISTEN, String(app.listen), app.title ?? 'app'],
  holdStdin: true,
});
