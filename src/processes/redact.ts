import { existsSync } from 'node:fs';
import { redactCommand } from '../adapters/redaction/command.ts';
import { loadSettings } from '../config/commands.ts';
import { settingsFile } from '../config/environment.ts';
import { printProblem } from '../config/problem.ts';
import { OUTPUT_READ_BYTES_MAX } from '../domain/limits.ts';

/** What a container may print is what is read here, at most. */
const readStdin = async (): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, OUTPUT_READ_BYTES_MAX - size));
    size += chunk.length;
    if (size >= OUTPUT_READ_BYTES_MAX) break;
  }
  return Buffer.concat(chunks);
};

/** With the patterns of kdebug.yaml when there is one; 1: the output would be withheld; 2: kdebug.yaml is there and cannot be used. */
export const redact = async (write: (text: string) => void): Promise<0 | 1 | 2> => {
  const [named, file] = [process.env['KDEBUG_CONFIG'], settingsFile(process.env['KDEBUG_CONFIG'], existsSync)];
  const loaded = loadSettings(file);
  if (!loaded.ok && (named !== undefined || existsSync(file))) {
    write(`${loaded.problems.map(printProblem).join('\n')}\nNothing was searched: what this file names as a secret would have been missed.\n`);
    return 2;
  }
  return redactCommand(readStdin, write, loaded.ok ? { patterns: loaded.settings.redaction.patterns } : {});
};
