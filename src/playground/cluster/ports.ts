/**
 * What the simulated API server and the simulated kubelet know of each other. The API server owns every object and its
 * resourceVersion; the kubelet owns processes, logs and what it reports as status.
 */

/** A Kubernetes object as JSON travels: nothing is typed further than the double needs. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state: JsonObject;
  readonly lastState: JsonObject;
}

export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: JsonObject & { readonly name: string; readonly namespace: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

/** What the kubelet may do to the API server's pods. */
export interface PodStatusWriter {
  /** The pod as it stands, or undefined once it is gone or another uid has its name. */
  current(namespace: string, name: string, uid: string): Pod | undefined;
  /** Replaces the status by what `change` returns and tells every watcher; a vanished or replaced pod is left alone. */
  updateStatus(namespace: string, name: string, uid: string, change: (status: JsonObject) => JsonObject): void;
  /** Removes a pod whose containers have stopped (the end of a graceful deletion): watchers see grace 0, then DELETED. */
  remove(namespace: string, name: string, uid: string): void;
  /** An Event the kubelet emits: reason `Pulling`, `Failed`, `BackOff`, `Started`, … with its `fieldPath`. */
  emit(pod: Pod, event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string; readonly fieldPath?: string }): void;
}

export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
}

export type LogAnswer =
  | { readonly status: 200; readonly body: AsyncIterable<Uint8Array> }
  | { readonly status: 400 | 404 | 500; readonly message: string };

export interface ExecSession {
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  readonly exit: Promise<number>;
  kill(): void;
}

export interface Kubelet {
  /**
   * Called after each change of a pod that has a node, its deletion (deletionTimestamp) included, but not after the kubelet's own
   * `updateStatus`; returns at once. `observedGeneration` is the kubelet's to write.
   */
  sync(pod: Pod): void;
  /** Called when a pod vanishes without grace (force deletion). */
  forget(pod: Pod): void;
  log(pod: Pod, container: string, options: LogOptions): LogAnswer;
  exec(pod: Pod, container: string, argv: readonly string[]): ExecSession | { readonly status: 400 | 404 | 500; readonly message: string };
  /** Kills every process and waits until they are gone. */
  close(): Promise<void>;
}
