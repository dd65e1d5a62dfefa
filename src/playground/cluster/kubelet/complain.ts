/** What a simulated node cannot tell through a status goes to stderr: one sentence, never an exception nobody catches. */
export const complain = (what: string, error: unknown): void =>
  void process.stderr.write(`the simulated kubelet ${what}: ${error instanceof Error ? error.message : String(error)}\n`);
