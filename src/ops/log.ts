import { pino } from 'pino';
import type { Log } from '../app/ports.ts';

/** Whatever slips into a message or an error: our own tokens and keys never reach a log line. */
const SECRETS = /xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|(?<=[Bb]earer )[A-Za-z0-9._~+/-]+=*|(?<=:\/\/[^\s:@/"]{0,64}:)[^\s@/"]+(?=@)/g;

/** JSON lines on standard error; standard output belongs to what a command prints. */
export const createLog = (level: string, fields: Readonly<Record<string, unknown>> = {}): Log => {
  const log = pino({
    level,
    base: { ...fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: (line) => line.replace(SECRETS, '[secret]') },
  }, pino.destination({ fd: 2, sync: false }));
  return {
    info: (more, message) => { log.info(more, message); },
    warn: (more, message) => { log.warn(more, message); },
    error: (more, message) => { log.error(more, message); },
  };
};
