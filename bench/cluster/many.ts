import type { Figure } from '../figure.ts';
import type { Measure } from '../measure/measure.ts';
import { counted } from './outcomes.ts';
import { runMany, type Ran } from './run-many.ts';
import { CLUSTER_SCENES } from './scenes.ts';

const RUNS = 1_000;
const MANY = { runs: RUNS, holdMs: 55_000, endsOverMs: 15_000 };
const SECOND_MS = 1_000;

const finishedFigures = ({ outcomes, again, highest, seconds }: Ran): readonly Figure[] => [
  { name: 'runs that finished, exit code and output told', unit: 'runs', values: [outcomes.filter((outcome) => outcome === 'exited 0').length], target: { rule: 'exactly', value: RUNS, holds: 'always' }, note: `${counted(outcomes)}; ${again} commands were not acknowledged in time and typed again` },
  { name: 'runs under way at the same time', unit: 'runs', values: [highest.watches], note: 'watches open at the API server' },
  { name: 'from the first command to the last result', unit: 's', values: [seconds], note: `they end one after the other from second ${MANY.holdMs / SECOND_MS} to ${(MANY.holdMs + MANY.endsOverMs) / SECOND_MS}` },
];

const costFigures = ({ highest, idleMb, calls }: Ran): readonly Figure[] => [
  { name: 'resident memory of the worker, highest', unit: 'MB', values: [highest.worker], target: { rule: 'below', value: 400, holds: 'always' }, note: `idle: ${idleMb.toFixed(0)} MB` },
  { name: 'resident memory of serve, highest', unit: 'MB', values: [highest.serve] },
  { name: 'TCP connections to the API server, most at once', unit: 'connections', values: [highest.open], target: { rule: 'at most', value: 20, holds: 'always' }, note: `${highest.accepted} were made in all` },
  { name: 'API calls of a run, its plan included', unit: 'calls', values: [Object.values(calls).reduce((sum, times) => sum + times, 0) / RUNS], note: Object.entries(calls).map(([call, times]) => `${times} ${call}`).join(', ') },
];

/** A thousand runs at once, all of one worker process. */
export const measureMany: Measure = async ({ profileDir }) => {
  const ran = await runMany(CLUSTER_SCENES.many, MANY, profileDir);
  return [...finishedFigures(ran), ...costFigures(ran)];
};
