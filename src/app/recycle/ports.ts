import type { ClusterName, RequestId } from '../../domain/names.ts';

/** The queue `recycle-<cluster>`: a job carries the recycle's id and a generation, nothing else. */
export interface RecycleQueue {
  /** Adding the same generation twice is a no-op. Rejects within 1.5 s when Redis cannot take it. */
  enqueueRecycle(id: RequestId, cluster: ClusterName, generation: number): Promise<void>;
  /** Takes a dead job away so that it can be added again; true when one is still alive. */
  isRecycleAlive(id: RequestId, cluster: ClusterName, generation: number): Promise<boolean>;
}
