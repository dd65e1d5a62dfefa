import type { ClusterName } from '../domain/names.ts';
import type { Request } from '../domain/request-states.ts';

export type Stoppable = readonly { readonly name: ClusterName; readonly cancel: 'none' | 'exec' }[];

/** The request's cluster grants `pods/exec`, by which a running command can be stopped. */
export const canStop = (clusters: Stoppable, { ask }: Pick<Request, 'ask'>): boolean =>
  clusters.some((cluster) => cluster.name === ask.cluster && cluster.cancel === 'exec');
