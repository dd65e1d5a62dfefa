import { filter, filterable, postFiltered, type Filtering } from '../app/filter.ts';
import { rerun, type Rerunning } from '../app/rerun.ts';
import type { AfterHandlers } from '../app/slack-port.ts';

/** What people ask of a request that was accepted: run again, a part of its output. */
export const afterHandlers = (world: Filtering & Rerunning): AfterHandlers => ({
  rerun: (input) => rerun(world, input),
  filterable: (input) => filterable(world, input),
  filter: (input) => filter(world, input),
  postFiltered: (input) => postFiltered(world, input),
});

/** The same, waiting for the ones that are on their way. */
export const afterOnce = (ready: Promise<AfterHandlers>): AfterHandlers => ({
  rerun: async (input) => (await ready).rerun(input),
  filterable: async (input) => (await ready).filterable(input),
  filter: async (input) => (await ready).filter(input),
  postFiltered: async (input) => (await ready).postFiltered(input),
});
