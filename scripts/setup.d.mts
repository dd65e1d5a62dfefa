export type ProgramName = 'redis' | 'ss' | 'ip' | 'ps' | 'busybox';

export interface FoundProgram {
  readonly path: string;
  /** What must be added to its environment; empty for programs of the system. */
  readonly env: Readonly<Record<string, string>>;
}

export type FoundPrograms<Name extends ProgramName = ProgramName> = Readonly<Record<Name, FoundProgram>>;

export interface SetupOptions {
  /** Absolute; default UNPACK_FOLDER. */
  readonly into?: string;
  /** Unpack even when running as root. */
  readonly withoutRoot?: boolean;
}

export const UNPACK_FOLDER: string;

export class ProgramsMissingError extends Error {
  readonly found: Partial<FoundPrograms>;
  readonly missing: Partial<Readonly<Record<ProgramName, string>>>;
}

/** Finds or brings the programs; throws ProgramsMissingError when some cannot be had. */
export function ensurePrograms<Name extends ProgramName>(wanted: readonly Name[], options?: SetupOptions): Promise<FoundPrograms<Name>>;

/** Which of them are here already; changes nothing. */
export function findPrograms<Name extends ProgramName>(wanted: readonly Name[], into: string): Promise<Partial<FoundPrograms<Name>>>;
