/** A door before a server: closed, nothing listens at its address; shut while people are inside, their connections break. */
import { freePort } from '../../src/playground/local/free-port.ts';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Gate {
  readonly port: number;
  open(): Promise<void>;
  shut(): Promise<void>;
}

export const gateTo = async (target: number): Promise<Gate> => {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  return {
    port,
    open: async () => {
      server = createServer((inside) => {
        const outside = keep(connect(target, '127.0.0.1'));
        keep(inside).pipe(outside).pipe(inside);
        inside.on('close', () => outside.destroy());
        outside.on('close', () => inside.destroy());
      });
      const opening = server;
      await new Promise<void>((resolve, reject) => { opening.once('error', reject).listen(port, '127.0.0.1', resolve); });
    },
    shut: async () => {
      const closing = server;
      server = undefined;
      for (const socket of sockets) socket.destroy();
      if (closing) await new Promise((resolve) => { closing.close(resolve); });
    },
  };
};
