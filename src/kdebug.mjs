/** kdebug from its sources: `node src/kdebug.mjs start`. What is built starts with dist/main.js. */
import './compiled.mjs';

await import('./main.ts');
