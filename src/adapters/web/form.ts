import type { IncomingMessage } from 'node:http';

const FORM_BYTES_MAX = 1_024;

/** The fields of a small form; undefined when it is none, or too large, or the sender went away. */
export const readForm = async (request: IncomingMessage): Promise<URLSearchParams | undefined> => {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > FORM_BYTES_MAX) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined; // the sender went away
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
};
