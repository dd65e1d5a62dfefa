import { PROGRAMS } from './programs.mjs';
import { reasonOf, run } from './run.mjs';

const BREW_MS_MAX = 600_000;

/** On macOS. A formula does not start its service by itself. Answers with the sentences of what could not be had. */
export const brewInstall = async (missing) => {
  const refused = {};
  for (const name of missing) {
    const { formula } = PROGRAMS[name];
    if (formula === undefined) refused[name] = 'macOS has no such program: the playground answers "not found" where a command uses it';
    else {
      const answer = await run('brew', ['install', formula], { timeoutMs: BREW_MS_MAX });
      if (answer.code !== 0) refused[name] = `brew install ${formula}: ${reasonOf(answer)}`;
    }
  }
  return refused;
};
