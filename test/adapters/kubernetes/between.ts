import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Between {
  readonly port: number;
  /** That were made so far. */
  readonly connections: () => number;
  /** Passes nothing on, with its connections open, as a load balancer does that forgot them. */
  readonly freeze: () => void;
  /** Breaks every connection, as a peer does that was restarted. */
  readonly reset: () => void;
  readonly close: () => void;
}

/** A TCP proxy on loopback before the port. */
export const passOn = async (port: number): Promise<Between> => {
  const pairs: (readonly [Socket, Socket])[] = [];
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  });
  await new Promise<void>((done) => { proxy.listen(0, '127.0.0.1', done); });
  return {
    port: (proxy.address() as AddressInfo).port,
    connections: () => pairs.length,
    freeze: () => { for (const socket of pairs.flat()) socket.unpipe().pause(); },
    reset: () => { for (const [near] of pairs) near.resetAndDestroy(); },
    close: () => { for (const socket of pairs.flat()) socket.destroy(); proxy.close(); },
  };
};
