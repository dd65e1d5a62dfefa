import type { Server, Socket } from 'node:net';

/** Of one address `max` connections are held at a time; one more is cut at once. */
export const limitPerAddress = (server: Server, max: number): void => {
  const held = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (held.get(address) ?? 0) + 1;
    held.set(address, count);
    socket.once('close', () => {
      const left = (held.get(address) ?? 1) - 1;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    });
    if (count > max) socket.destroy();
  });
};
