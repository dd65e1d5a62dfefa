/** Debug containers stay in a pod for as long as it lives, so the suite counts those it adds, and stops. */

/** In all, the pods that the suite makes and takes away included. */
export const CONTAINERS_MAX = 60;
/** In pods that were there before, in turn; kdebug itself begins to warn at 20 in one pod. */
export const FOREIGN_CONTAINERS_MAX = 24;

export interface Budget {
  /** Counts one more; or says why there is none left. */
  spend(isOwnPod: boolean): string | undefined;
  /** `31 of at most 60 debug containers, 0 of at most 18 in pods that were there before`. */
  text(): string;
}

export const createBudget = (): Budget => {
  let [all, foreign] = [0, 0];
  return {
    spend: (isOwnPod) => {
      if (all >= CONTAINERS_MAX) return `all ${CONTAINERS_MAX} debug containers of a run are used up`;
      if (!isOwnPod && foreign >= FOREIGN_CONTAINERS_MAX) return `all ${FOREIGN_CONTAINERS_MAX} debug containers for pods that were there before are used up`;
      all += 1;
      if (!isOwnPod) foreign += 1;
      return undefined;
    },
    text: () => `${all} of at most ${CONTAINERS_MAX} debug containers, ${foreign} of at most ${FOREIGN_CONTAINERS_MAX} in pods that were there before`,
  };
};
