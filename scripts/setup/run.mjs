import { execFile } from 'node:child_process';

const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Runs one program without a shell and always answers: `code` is its exit code, or a word when it could not be started
 * (`ENOENT`) or was ended after `timeoutMs` (`timeout`).
 */
export const run = (command, args, { timeoutMs, env = process.env, cwd } = {}) =>
  new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: OUTPUT_BYTES_MAX, env, cwd };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.killed ? 'timeout' : error.code, stdout, stderr });
    });
    child.stdin?.end();
  });

/** The last line a failed program wrote: nearly always the one that says why. */
export const reasonOf = ({ code, stderr, stdout }) => {
  if (code === 'timeout') return 'it took too long';
  if (code === 'ENOENT') return 'it is not installed';
  return (stderr.trim() || stdout.trim()).split('\n').at(-1) || `it ended with ${code}`;
};
