/** Long output as a file in the thread: https://docs.slack.dev/messaging/working-with-files/#upload */
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';
import type { ChannelId, MessageTs } from '../../domain/names.ts';
import { ATTACH_TRIES_MAX, ATTACH_WAIT_MS, UPLOAD_TIMEOUT_MS } from './limits.ts';
import { errorLine } from './logger.ts';
import { isSlackFileHost } from './origins.ts';
import { notSent } from './sent.ts';

export const OUTPUT_FILE = { name: 'output.log', type: 'text' } as const;
export const MARKDOWN_FILE = { name: 'timeline.md', type: 'markdown' } as const;
export type FileKind = typeof OUTPUT_FILE | typeof MARKDOWN_FILE;

export interface Files {
  /** Uploads without showing it to anybody; undefined when it could not be. */
  upload(text: string, kind?: FileKind): Promise<string | undefined>;
  /** Shows an uploaded file in the thread, trying a few times. */
  attach(file: string, title: string, to: { readonly channel: ChannelId; readonly thread?: MessageTs }): Promise<boolean>;
}

const sendBytes = async (url: string, bytes: Buffer, apiUrl: string | undefined): Promise<void> => {
  if (!isSlackFileHost(url, apiUrl)) throw new Error('Slack named an upload address that is not one of its own, so nothing was sent there.');
  const response = await fetch(url, {
    method: 'POST', body: new Uint8Array(bytes), redirect: 'error', signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    headers: { 'content-type': 'application/octet-stream' },
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Slack's upload service answered with HTTP status ${response.status}.`);
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

export const createFiles = (client: WebClient, apiUrl: string | undefined, log: Log): Files => ({
  upload: async (text, kind = OUTPUT_FILE) => {
    try {
      const bytes = Buffer.from(text.toWellFormed(), 'utf8');
      const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({ filename: kind.name, length: bytes.length, snippet_type: kind.type });
      if (url === undefined || id === undefined) return undefined;
      await sendBytes(url, bytes, apiUrl);
      return id;
    } catch (error) {
      log.warn({ error: errorLine(error) }, 'an output could not be uploaded to Slack');
      return undefined;
    }
  },

  attach: async (file, title, { channel, thread }) => {
    for (let tries = 1; tries <= ATTACH_TRIES_MAX; tries += 1) {
      try {
        await client.files.completeUploadExternal({ files: [{ id: file, title: title.toWellFormed() }], channel_id: channel, ...(thread !== undefined && { thread_ts: thread }) });
        return true;
      } catch (error) {
        const outcome = notSent(error);
        log.warn({ error: errorLine(error), tries }, 'an uploaded output could not be shown in its thread');
        // completing twice is an error of Slack's, so an uncertain one is not repeated
        if (outcome.kind !== 'later') return outcome.kind === 'uncertain';
        await pause(Math.min(ATTACH_WAIT_MS * tries, outcome.afterMs));
      }
    }
    return false;
  },
});
