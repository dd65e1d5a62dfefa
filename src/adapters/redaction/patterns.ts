import { RE2JS } from 're2js';
import type { Finder, Found } from '../../domain/output-text/found.ts';
import type { RedactionPattern } from './messages.ts';

/** The patterns of kdebug.yaml in a linear-time engine. Throws when one is not in RE2's syntax. */
export const createPatternFinder = (patterns: readonly RedactionPattern[]): Finder => {
  const compiled = patterns.map(({ name, pattern }) => ({ name, pattern: RE2JS.compile(pattern) }));
  return (text) => compiled.flatMap(({ name, pattern }) => {
    const found: Found[] = [];
    const matcher = pattern.matcher(text);
    // An empty match hides nothing, and find() goes on behind it by itself.
    while (matcher.find()) if (matcher.end() > matcher.start()) found.push({ start: matcher.start(), end: matcher.end(), what: name });
    return found;
  });
};
