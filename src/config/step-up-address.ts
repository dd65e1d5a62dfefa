import { join } from 'node:path';
import { isHttpsOrLoopback } from './addresses.ts';

const FILE_NAME = 'step-up-url';

/** Where the address is written under which people reach the pages of the step-up. */
export const stepUpAddressFile = (stateDir: string): string => join(stateDir, FILE_NAME);

/** An origin and nothing else: https, or http on this machine. */
export const parseStepUpAddress = (text: string): string | undefined => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url !== undefined && isHttpsOrLoopback(url) && url.href === `${url.origin}/` ? url.origin : undefined;
};

export type StepUpAddressRead =
  | { readonly ok: true; readonly origin: string | undefined }
  | { readonly ok: false; readonly problem: string };

/** `readFile` answers undefined when there is no such file: then only this machine reaches the pages. */
export const readStepUpAddress = (stateDir: string, readFile: (path: string) => string | undefined): StepUpAddressRead => {
  const path = stepUpAddressFile(stateDir);
  const text = readFile(path);
  if (text === undefined) return { ok: true, origin: undefined };
  const origin = parseStepUpAddress(text);
  return origin === undefined
    ? { ok: false, problem: `${path}: is not an https origin; write the one address under which people reach PORT of serve, such as https://kdebug.example.org` }
    : { ok: true, origin };
};
