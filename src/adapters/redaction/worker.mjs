/** The thread from its sources. What is built starts with worker.js. */
import { flushCompileCache } from 'node:module';
import '../../compiled.mjs';

await import('./worker.ts');
// a thread that is ended keeps nothing by itself
flushCompileCache();
