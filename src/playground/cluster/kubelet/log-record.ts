/**
 * The CRI log format, byte for byte: `<RFC 3339 with nanoseconds> stdout <F|P> <text>\n`. `P` marks a piece of a line
 * that goes on, so that what is read back is exactly what was written. Texts are latin1: one character a byte.
 */
export const LINE_BYTES_MAX = 16 * 1_024;

/** Nanoseconds since 1970, from the wall clock and the fine part of the monotonic one. */
export const timestampNow = (): string => {
  const fine = String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0');
  return `${new Date().toISOString().slice(0, -1)}${fine}Z`;
};

export interface Cut {
  readonly records: string;
  /** The beginning of a line whose end has not been read yet. */
  readonly rest: string;
}

/** Whole lines become records; a rest longer than 16 KiB goes out in pieces, as containerd does. */
export const cutRecords = (text: string, timestamp: string): Cut => {
  const lines = text.split('\n');
  let rest = lines.pop() ?? '';
  const records: string[] = [];
  for (const line of lines) records.push(line.length > LINE_BYTES_MAX ? pieces(line, timestamp) : `${timestamp} stdout F ${line}\n`);
  while (rest.length > LINE_BYTES_MAX) {
    records.push(piece(rest.slice(0, LINE_BYTES_MAX), timestamp));
    rest = rest.slice(LINE_BYTES_MAX);
  }
  return { records: records.join(''), rest };
};

/** The last words of a process that wrote no newline. */
export const lastRecord = (rest: string, timestamp: string): string => (rest === '' ? '' : piece(rest, timestamp));

const piece = (text: string, timestamp: string): string => `${timestamp} stdout P ${text}\n`;
const pieces = (line: string, timestamp: string): string => {
  let out = '';
  let at = 0;
  for (; line.length - at > LINE_BYTES_MAX; at += LINE_BYTES_MAX) out += piece(line.slice(at, at + LINE_BYTES_MAX), timestamp);
  return `${out}${timestamp} stdout F ${line.slice(at)}\n`;
};

export interface LogRecord {
  readonly timestamp: string;
  readonly text: string;
}

const SEPARATORS = ' stdout F '.length;

/** One line of the file (without its newline) as what the log endpoint shows of it. */
export const parseRecord = (line: string): LogRecord => {
  const space = line.indexOf(' ');
  const full = line.charAt(space + SEPARATORS - 2) === 'F';
  const text = line.slice(space + SEPARATORS);
  return { timestamp: line.slice(0, space), text: full ? `${text}\n` : text };
};
