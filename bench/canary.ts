/**
 * `node bench/canary.ts [runs]` (1,000 unless said, 10,000 at most): the long form of test/journeys/canary.test.ts. Exit
 * code 1 when a canary is found, or when a command printed none.
 */
import { openAviary } from '../test/journeys/canary.ts';

const RUNS_MAX = 10_000;
const ROUND = 42;

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const fly = async (runs: number): Promise<boolean> => {
  const aviary = await openAviary();
  try {
    for (let done = 0; done < runs;) {
      const { finished, nothingHidden } = await aviary.run(Math.min(ROUND, runs - done));
      done += finished;
      // searched in between too: the fake Slack forgets its oldest
      const { found, searchedChars } = await aviary.search();
      say(`${done} runs, ${Object.values(searchedChars).reduce((sum, length) => sum + length, 0)} characters searched in ${Object.keys(searchedChars).length} places: ${found.length === 0 ? 'not found' : found.join('; ')}`);
      if (nothingHidden.length > 0) say(`Nothing was hidden in: ${nothingHidden.join('\n')}`);
      if (found.length > 0 || nothingHidden.length > 0) return false;
    }
    return true;
  } finally {
    await aviary.close();
  }
};

const runs = Number(process.argv[2] ?? 1_000);
// the fake Slack and the cluster keep sockets of clients that are gone
if (Number.isInteger(runs) && runs > 0 && runs <= RUNS_MAX) process.exit((await fly(runs)) ? 0 : 1);
else {
  say(`"${process.argv[2]}" is no number of runs: write 1 to ${RUNS_MAX}.`);
  process.exitCode = 2;
}
