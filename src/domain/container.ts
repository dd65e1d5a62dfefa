import type { ContainerName, ImageRef } from './names.ts';

/**
 * The ephemeral container as it is sent to Kubernetes: an allow-list of fields. There is no envFrom, valueFrom,
 * volumeMounts or volumeDevices here on purpose: with them a patch could read any Secret of the namespace.
 * See https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#EphemeralContainer.
 */
export interface EphemeralContainer {
  readonly name: ContainerName;
  readonly image: ImageRef;
  readonly command: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly workingDir?: string;
  readonly targetContainerName?: ContainerName;
  readonly securityContext?: SecurityContext;
  readonly imagePullPolicy?: 'IfNotPresent' | 'Always';
  readonly terminationMessagePolicy: 'File';
}

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface SecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: 'RuntimeDefault' | 'Unconfined' };
}

/** kubectl's profiles for an ephemeral container, without its deprecated `legacy`. */
export const PROFILES = ['restricted', 'baseline', 'general', 'netadmin', 'sysadmin'] as const;
export type Profile = (typeof PROFILES)[number];

/** The fields that an image of the catalogue may lay over the container. */
export interface Overlay {
  readonly workingDir?: string;
  readonly securityContext?: SecurityContext;
}
