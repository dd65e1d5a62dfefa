/** What the floor pipeline is told, and what it answers. */
export interface FloorRun {
  readonly id: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly channel: string;
}

export interface PipelineOrder {
  readonly runs: readonly FloorRun[];
}

export interface PipelineReport {
  /** From the first job added to the last result posted. */
  readonly ms: number;
}
