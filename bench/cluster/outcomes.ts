import type { RequestId } from '../../src/domain/names.ts';
import { watchProgress } from '../../src/playground/local/progress.ts';
import type { BenchWorld } from '../world/world.ts';

/** `exited 0`, `timed_out`, or the state of a request that is not finished; `, output withheld` when none is kept. One a pod. */
export const outcomesOf = async (world: Pick<BenchWorld, 'env'>, ids: readonly RequestId[]): Promise<readonly string[]> => {
  const progress = await watchProgress({ stateDir: world.env['KDEBUG_STATE_DIR'] ?? '', env: world.env });
  try {
    const requests = await Promise.all(ids.map((id) => progress.request(id)));
    return requests.flatMap((request) => (request.state !== 'finished' ? [request.state] : request.ends.map(({ outcome, output }) =>
      `${outcome.kind}${outcome.kind === 'exited' ? ` ${outcome.code}` : ''}${output === null ? ', output withheld' : ''}`)));
  } finally {
    progress.close();
  }
};

/** `10 × timed_out, 1 × exited 0` */
export const counted = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, of]) => `${of.length} × ${word}`).join(', ');
