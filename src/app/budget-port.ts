/** One use of a budget: one is allowed every `perMs` milliseconds, `burst` at once. */
export interface BudgetUse {
  readonly key: string;
  readonly perMs: number;
  readonly burst: number;
  /** The wait reserves his slot: he asks once more when it is over. */
  readonly holder?: string | undefined;
}

/** The first use that must wait, and the milliseconds after which to ask again. */
export interface BudgetWait {
  readonly use: number;
  readonly afterMs: number;
}

/** Budgets of Slack and of people, counted where every process of an installation can see them. */
export interface Budget {
  /** All of the uses, and then the answer is undefined, or none of them. */
  take(uses: readonly BudgetUse[]): Promise<BudgetWait | undefined>;
}
