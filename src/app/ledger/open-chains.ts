/** What is not over by the ledger stands where decisions look for it: in a list of its own, and in the index of open ones. */
import { isAuthorityChain } from '../../domain/authority.ts';
import type { Chain } from '../../domain/ledger/chain.ts';
import type { LedgerReader } from './ports.ts';

/** What looked wrong; it may only have changed since the walk. */
export interface Suspect {
  readonly chain: string;
  readonly wrong: 'no list' | 'not in the index' | 'only in the index';
  /** Of the chain, by the ledger as it was walked then; 0: unknown to it. */
  readonly version: number;
}

/** Freezes, pre-approvals, reviews and recycles that are not over never lapse: `lists` are those that are there. */
export const seeOpen = async (reader: LedgerReader, chain: Chain, lists: ReadonlySet<string>): Promise<readonly Suspect[]> => {
  const open = new Set([...chain.open().keys()].filter(isAuthorityChain));
  const indexed = new Set<string>();
  for await (const names of reader.openIndexes()) for (const name of names) indexed.add(name);
  const suspects = (names: Iterable<string>, isThere: ReadonlySet<string>, wrong: Suspect['wrong']): readonly Suspect[] =>
    [...names].filter((name) => !isThere.has(name)).map((name) => ({ chain: name, wrong, version: versionOf(chain, name) }));
  return [...suspects(open, lists, 'no list'), ...suspects(open, indexed, 'not in the index'), ...suspects(indexed, open, 'only in the index')];
};

const versionOf = ({ heads }: Chain, name: string): number => heads.get(name)?.version ?? 0;

/** The first suspect that the ledger, walked to its present end, does not explain by a beginning or an end meanwhile. */
export const openProblem = (suspects: readonly Suspect[], chain: Chain): string | undefined => {
  const open = chain.open();
  const found = suspects.find(({ chain: name, wrong, version }) => (wrong === 'only in the index' ? !open.has(name) && versionOf(chain, name) === version : open.has(name)));
  return found && SENTENCES[found.wrong](found.chain);
};

const SENTENCES: { readonly [Wrong in Suspect['wrong']]: (chain: string) => string } = {
  'no list': (chain) => `the list of ${chain} is gone, and by the ledger it is not over`,
  'not in the index': (chain) => `the index of open ones does not name ${chain}, and by the ledger it is not over`,
  'only in the index': (chain) => `the index of open ones names ${chain}, and by the ledger there is no such thing that is not over`,
};
