import { afterAll, beforeAll, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { adoptingContract } from './adopting.contract.ts';
import { admissionContract } from './admission.contract.ts';
import { createBudget } from './budget.ts';
import { endingContract } from './ending.contract.ts';
import { findingContract } from './finding.contract.ts';
import { literalContract } from './literal.contract.ts';
import { outputContract } from './output.contract.ts';
import { rightsContract } from './rights.contract.ts';
import { createStage, type Stage } from './stage.ts';
import { startingContract } from './starting.contract.ts';
import { watchingContract } from './watching.contract.ts';
import { wholeContract } from './whole.contract.ts';
import type { ContractWorld, OpenWorld } from './world.ts';

/** One after the other: debug containers of one pod start one after the other anyway. */
export type Contract = (stage: () => Stage) => void;

const CONTRACTS: Readonly<Record<string, Contract>> = {
  'finding a pod': findingContract,
  'asking with a dry run': admissionContract,
  'what arrives in the container': literalContract,
  'how a run ends': endingContract,
  'what it printed': outputContract,
  'a run that does not start': startingContract,
  'the same container again': adoptingContract,
  'watching': watchingContract,
  'from the request to the outcome': wholeContract,
  'rights': rightsContract,
};

const OPEN_MS_MAX = 60_000;

export interface SuiteOptions {
  readonly title: string;
  readonly open: OpenWorld;
  /** Of one case. */
  readonly caseMsMax: number;
}

/** All contracts over one world; the last line says how many passed and names what was skipped, and why. */
export const contractSuite = ({ title, open, caseMsMax }: SuiteOptions): void => {
  describe(`cluster contract: ${title}`, { timeout: caseMsMax }, () => {
    const [budget, cases] = [createBudget(), [] as TestContext['task'][]];
    let [world, stage] = [undefined as ContractWorld | undefined, undefined as Stage | undefined];
    beforeAll(async () => {
      world = await open();
      stage = createStage(world, budget);
    }, OPEN_MS_MAX);
    beforeEach(({ task }) => { cases.push(task); });
    afterAll(async () => {
      const left = await world?.close() ?? [];
      process.stdout.write(`${closingLine(title, cases)}; ${budget.text()}${left.length === 0 ? '' : `; left behind: ${left.join(', ')}`}\n`);
    }, OPEN_MS_MAX);
    const opened = (): Stage => {
      if (stage === undefined) throw new Error('the world of the contracts did not open');
      return stage;
    };
    for (const [name, contract] of Object.entries(CONTRACTS)) describe(name, () => { contract(opened); });
    test('the suite has looked at something', () => { expect(cases.length).toBeGreaterThan(Object.keys(CONTRACTS).length); });
  });
};

/** `cluster contract (TITLE): 31 passed, 2 skipped: a pod that … (may not delete pods in prod), …`. */
const closingLine = (title: string, cases: readonly TestContext['task'][]): string => {
  const [skipped, failed] = [cases.filter(({ result }) => result?.state === 'skip'), cases.filter(({ result }) => result?.state === 'fail')];
  const named = skipped.map(({ name, result }) => `${name} (${noteOf(result) ?? 'no reason given'})`);
  return [
    `cluster contract (${title}): ${cases.length - skipped.length - failed.length} passed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    `${skipped.length} skipped${named.length > 0 ? `: ${named.join('; ')}` : ''}`,
  ].join(', ');
};

// Where `skip(note)` puts it; not in the type of every state.
const noteOf = (result: TestContext['task']['result']): string | undefined => (result as { readonly note?: string } | undefined)?.note;
