/** What the handlers share: the parts of one simulated cluster. */
import type { AdmissionPolicy } from './admission.ts';
import type { Authenticator, User } from './authn.ts';
import type { ReceivedRequest } from './exchange.ts';
import type { Snapshots } from './paging.ts';
import type { Kubelet } from './ports.ts';
import type { Authorizer } from './rbac.ts';
import type { RequestInfo } from './request-info.ts';
import type { Resource } from './resources.ts';
import type { Store } from './store.ts';
import type { WatchHub } from './watch.ts';

export interface World {
  readonly store: Store;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly watches: WatchHub;
  readonly snapshots: Snapshots;
  readonly policies: Map<string, AdmissionPolicy>;
  readonly kubelet: () => Kubelet;
  readonly now: () => number;
  readonly newUid: () => string;
  readonly allowPrivileged: boolean;
}

/** A request that passed authentication and authorization, about a resource that is served. */
export interface Call {
  readonly request: ReceivedRequest;
  readonly info: Extract<RequestInfo, { kind: 'resource' }>;
  readonly resource: Resource;
  readonly user: User;
  readonly body: string;
}
