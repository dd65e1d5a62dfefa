/**
 * Texts in which what must be hidden is marked where it stands: `password: «password|hunter2»`, the kind and the value.
 * Whatever is not between the marks must stay.
 */
import { expect } from 'vitest';
import { createFinder, joinFound } from '../../../src/domain/output-text/redact.ts';
import type { Finder, Found } from '../../../src/domain/output-text/found.ts';

const MARK = /«([^|»]+)\|([^»]*)»/g;

export const unmarked = (marked: string): string => marked.replace(MARK, '$2');

export const marked = (text: string, found: readonly Found[]): string => {
  let [out, at] = ['', 0];
  for (const { start, end, what } of found) {
    out += `${text.slice(at, start)}«${what}|${text.slice(start, end)}»`;
    at = end;
  }
  return out + text.slice(at);
};

const everything = createFinder([]);

/** What kdebug hides of the text is what is marked in it: the same places, under the same names, and nothing more. */
export const expectHidden = (text: string, find: Finder = everything): void => {
  const plain = unmarked(text);
  expect(marked(plain, joinFound(find(plain)))).toBe(text);
};
