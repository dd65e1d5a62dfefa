import type { Request } from '../domain/request-states.ts';
import type { Cluster } from './cluster-port.ts';
import type { Identity } from './identity.ts';

/** Mode `impersonate`: the cluster sees the person who asked, with the person's rights. */
export const clusterFor = ({ cluster, identity }: { readonly cluster: Cluster; readonly identity: Pick<Identity, 'mode'> }, { ask }: Request): Cluster =>
  (identity.mode === 'impersonate' && ask.person ? cluster.actingAs(ask.person) : cluster);
