/** What `kdebug doctor` found, one line each. */

export type Verdict =
  | 'ok'
  /** Works, and could be better. */
  | 'advice'
  /** Nobody says. */
  | 'not verified'
  /** kdebug will not start, or something it is for will not work. */
  | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** `redis`, `cluster main`. */
  readonly about: string;
  /** One sentence: what is, and for all but `ok` what to do. */
  readonly sentence: string;
}

/** Findings about one thing. */
export interface About {
  ok(sentence: string): Finding;
  advice(sentence: string): Finding;
  notVerified(sentence: string): Finding;
  fail(sentence: string): Finding;
}

export const about = (what: string): About => {
  const of = (verdict: Verdict) => (sentence: string): Finding => ({ verdict, about: what, sentence });
  return { ok: of('ok'), advice: of('advice'), notVerified: of('not verified'), fail: of('fail') };
};

const VERDICT_CHARS = 'not verified'.length;
const ABOUT_CHARS = 16;

export const printFinding = ({ verdict, about: what, sentence }: Finding): string =>
  `${verdict.padEnd(VERDICT_CHARS)}  ${what.padEnd(ABOUT_CHARS)}  ${sentence}\n`;
