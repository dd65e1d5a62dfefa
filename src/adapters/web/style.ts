import type { Html } from './html.ts';

/** The one style of our pages; the policy names its digest, so it holds no word of anybody's. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1d21; --soft: #5b6470; --paper: #fff; --ground: #f3f4f6; --edge: #d8dce1; --box: #f7f8fa; --go: #0b6b4f; --warn: #9a3412; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a3abb6; --paper: #1e2126; --ground: #14161a; --edge: #363b43; --box: #17191d; --go: #12805f; --warn: #fdba74; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 2rem 1.25rem; background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
p { margin: .5rem 0; }
dl { display: grid; grid-template-columns: 8rem minmax(0, 1fr); margin: 1.25rem 0; border-top: 1px solid var(--edge); }
dt, dd { margin: 0; padding: .55rem 0; border-bottom: 1px solid var(--edge); overflow-wrap: anywhere; unicode-bidi: isolate; }
dt { color: var(--soft); }
ol { margin: 0; padding: .5rem .75rem .5rem 2.75rem; background: var(--box); border: 1px solid var(--edge); border-radius: 6px; }
ol.plain { padding-left: .75rem; list-style: none; }
li::marker { color: var(--soft); }
code { font: .92em/1.5 ui-monospace, monospace; white-space: pre-wrap; }
.digest { font-weight: 600; }
.more { color: var(--soft); font-size: .9em; }
.flag { color: var(--warn); font-size: .9em; }
button { width: 100%; padding: .75rem 1rem; border: 0; border-radius: 6px; background: var(--go); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--soft); outline-offset: 2px; }
a { color: inherit; }
@media (max-width: 34rem) { main { padding: 1.25rem 1rem; } dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; } dd { padding-top: .1rem; } }
` as Html;
