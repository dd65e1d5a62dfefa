/** Errors that are meant for the person at the terminal: one sentence, no stack. */
const TOLD = ['StartError', 'UnfitRedisError', 'KubeconfigError', 'WrongRecordKeyError', 'OpsPortError'];

export const fail = (error: unknown): never => {
  const told = error instanceof Error && TOLD.includes(error.name);
  process.stderr.write(`${told ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(1);
};
