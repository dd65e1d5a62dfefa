/**
 * Variables that change how a program prints, and not what it does. Any other may: TAR_OPTIONS runs programs, NODE_OPTIONS
 * loads code, HTTPS_PROXY sends what is asked elsewhere; there is no list of all that do.
 */
const HARMLESS = new Set(['LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LC_NUMERIC', 'LC_TIME', 'TZ', 'TERM', 'COLUMNS', 'LINES', 'NO_COLOR']);

export const isHarmless = (variable: string): boolean => HARMLESS.has(variable);
