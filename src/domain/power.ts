import type { Profile } from './container.ts';

const APP = 'everything the app holds: memory, files, environment, its service-account token';

const WITH_TARGET: { readonly [Name in Profile]: string } = {
  restricted: 'sees the processes of the container it looks into, as an ordinary user without privileges; shares the network of the pod',
  baseline: 'sees the processes of the container it looks into; as the same user, or as root, it can read and change what they hold; shares the network of the pod',
  general: `can read and change ${APP}`,
  netadmin: `can read and change ${APP}; and can change and record the network of the pod`,
  sysadmin: 'privileged: can do anything on the node, to every pod there',
};

const ALONE: { readonly [Name in Profile]: string } = {
  restricted: 'shares the network of the pod, as an ordinary user without privileges; sees no process of it',
  baseline: 'shares the network of the pod; sees no process of it',
  general: 'shares the network of the pod and can trace its own processes; sees no process of the pod',
  netadmin: 'can change and record the network of the pod; sees no process of it',
  sysadmin: 'privileged: can do anything on the node, to every pod there',
};

/** What the debug container will be able to do, truthfully. */
export const powerOf = (profile: Profile, hasTarget: boolean): string => (hasTarget ? WITH_TARGET : ALONE)[profile];
