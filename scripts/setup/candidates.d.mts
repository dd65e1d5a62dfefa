import type { ProgramName } from '../setup.mjs';

export type Candidates = Readonly<Record<string, string>>;
export type Choice = { readonly packages: readonly string[] } | { readonly why: string };

export function candidatesIn(policy: string): Candidates;
export function additionsIn(simulation: string): readonly string[];
export function choosePackages(name: ProgramName, candidates: Candidates): Choice;
export function troubleIn(answer: { readonly code: number | string; readonly stderr: string }): string | undefined;
