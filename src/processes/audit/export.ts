/** `kdebug audit export`: the ledger as JSON Lines or OCSF, to standard output or into a copy that is kept up. */
import type { RedisClient } from '../../adapters/redis/client.ts';
import { openCopy } from '../../adapters/files/copy.ts';
import { toLedgerEntry } from '../../adapters/redis/entries.ts';
import { isLastOfRequest, type ChainedEntry } from '../../domain/ledger/chain.ts';
import { contextAfter, toOcsf, type RequestContext } from '../../domain/ledger/ocsf.ts';
import { escapeUnseen } from '../../domain/output-text/unseen.ts';
import { sinceFrom } from './chosen.ts';
import { entryLine, interrupted, pagesAfter, pagesFollowing } from './read.ts';
import { AuditUseError, withRedis, type ExitCode, type Write } from './reach.ts';

export interface ExportOptions {
  readonly format: string;
  readonly since?: string;
  readonly out?: string;
  readonly follow?: boolean;
  readonly version: string;
}

const FORMATS = ['jsonl', 'ocsf'];

/** Each entry as one line; called for every entry in order, so that later ones of a request know the earlier. */
type LineOf = (entry: ChainedEntry) => string;

const ocsfLines = (version: string): LineOf => {
  const contexts = new Map<string, RequestContext>();
  return (chained) => {
    const entry = toLedgerEntry(chained);
    const context = contextAfter(contexts.get(chained.request), entry.event);
    if (context && !isLastOfRequest(chained.text)) contexts.set(chained.request, context);
    else contexts.delete(chained.request);
    return JSON.stringify(toOcsf(entry, context, version));
  };
};

/** With `out` the file is appended to from where it ends; with `follow` until it is interrupted. */
export const auditExport = (options: ExportOptions, write: Write): Promise<ExitCode> => withRedis(async (redis) => {
  if (!FORMATS.includes(options.format)) throw new AuditUseError(`--format ${options.format}: write ${FORMATS.join(' or ')}.`);
  if (options.follow === true && (options.out === undefined || options.format !== 'jsonl')) throw new AuditUseError('--follow keeps a copy in JSON Lines: write --follow --out FILE, without --format ocsf.');
  if (options.out !== undefined && options.format === 'jsonl') return toCopy(redis, options.out, options);
  if (options.out !== undefined) throw new AuditUseError('--out keeps a copy in JSON Lines; for OCSF redirect the output: kdebug audit export --format ocsf > FILE.');
  const lineOf = options.format === 'ocsf' ? ocsfLines(options.version) : entryLine;
  const since = options.since === undefined ? 0 : sinceFrom(options.since);
  for await (const page of pagesAfter(redis, 0)) await write(page.map((entry) => ({ at: entry.at, line: lineOf(entry) })).filter(({ at }) => at >= since).map(({ line }) => `${line}\n`).join(''));
  return 0;
});

const toCopy = async (redis: RedisClient, path: string, { follow, since }: ExportOptions): Promise<ExitCode> => {
  const copy = await openCopy(path);
  const from = since === undefined ? 0 : sinceFrom(since);
  try {
    const pages = follow === true ? pagesFollowing(redis, copy.position, interrupted()) : pagesAfter(redis, copy.position);
    let position = copy.position;
    for await (const page of pages) {
      refuseGap(path, position, page);
      await copy.append(page.filter((entry) => entry.at >= from).map((entry) => escapeUnseen(entryLine(entry))));
      position = page.at(-1)?.position ?? position;
    }
    return 0;
  } finally {
    await copy.close();
  }
};

const refuseGap = (path: string, position: number, [first]: readonly ChainedEntry[]): void => {
  if (!first || position === 0 || first.position === position + 1) return;
  throw new AuditUseError(`${path} ends with entry ${position}, and the ledger goes on at entry ${first.position}: the entries between are in the sealed segments. Begin another file.`);
};
