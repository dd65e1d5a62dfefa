import type { IncomingMessage, ServerResponse } from 'node:http';
import { storeUpload } from './api/files.ts';
import type { createGateway } from './api/gateway.ts';
import type { Faults } from './faults.ts';
import { json, readArgs, readBody, respond, type Answer } from './http.ts';
import { parseJson, textIn, type JsonObject } from './json.ts';
import { FILE_BYTES_MAX, REQUEST_BODY_BYTES_MAX } from './limits.ts';
import type { Log } from './log.ts';
import { answerResponseUrl } from './responseUrl.ts';
import { SlackError } from './slackError.ts';
import type { Workspace } from './workspace.ts';

export interface Routes {
  readonly workspace: Workspace;
  readonly gateway: ReturnType<typeof createGateway>;
  readonly faults: Faults;
  readonly log: Log;
}

interface Route {
  /** The name in log and faults. */
  readonly name: string;
  readonly args: JsonObject;
  readonly act: () => Answer;
}

const multipartBytes = async (contentType: string, body: Buffer): Promise<Buffer> => {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
};

const upload = (workspace: Workspace, id: string, bytes: Buffer): Answer => {
  try {
    storeUpload(workspace, id, bytes);
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: `OK - ${bytes.length}` };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { status: 400, headers: { 'content-type': 'text/plain' }, body: error.code };
  }
};

const routeOf = async ({ workspace, gateway }: Routes, request: IncomingMessage, url: URL, body: Buffer): Promise<Route> => {
  const contentType = request.headers['content-type'] ?? '';
  const [, first = '', name = ''] = url.pathname.split('/');
  if (first === 'upload') {
    const bytes = contentType.startsWith('multipart/form-data') ? await multipartBytes(contentType, body) : body;
    return { name: 'upload', args: { file: name, bytes: bytes.length }, act: () => upload(workspace, name, bytes) };
  }
  const args = readArgs(url, contentType, body);
  if (first === 'commands' || first === 'actions') return { name: 'response_url', args: args ?? {}, act: () => answerResponseUrl(workspace, url.pathname, args) };
  if (first !== 'api') return { name: 'no_such_page', args: { path: url.pathname }, act: () => json({ ok: false, error: 'not_found' }, {}, 404) };
  return { name, args: args ?? {}, act: () => (args === undefined ? json({ ok: false, error: 'invalid_json' }) : gateway(name, args, request.headers.authorization)) };
};

/** What the log says of an answer; tokens never reach it. */
const summary = (answer: Answer): string => {
  const body = parseJson(answer.body);
  return textIn(body, 'error') ?? (answer.status === 200 ? 'ok' : `status ${answer.status}`);
};

const withoutToken = ({ token: _token, ...args }: JsonObject): JsonObject => args;

/** Serves one request: reads it, lets a fault strike, does the work at most once, keeps a line of it. */
export const serve = (routes: Routes) => async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { faults, log, workspace } = routes;
  const url = new URL(request.url ?? '/', workspace.origin());
  const body = await readBody(request, url.pathname.startsWith('/upload/') ? FILE_BYTES_MAX : REQUEST_BODY_BYTES_MAX);
  if (body === undefined) return respond(response, undefined, () => json({ ok: false, error: 'request_too_large' }, {}, 413));
  const route = await routeOf(routes, request, url, body);
  const fault = faults.strike(route.name, route.args);
  const keep = (answer: string): void => log.add({ atMs: workspace.clock.nowMs(), method: route.name, args: withoutToken(route.args), answer });
  const act = (): Answer => {
    const answer = route.act();
    keep(fault === undefined || fault.kind === 'slow' ? summary(answer) : `fault: ${fault.kind} after ${summary(answer)}`);
    return answer;
  };
  if (fault !== undefined && !mayWork(fault)) keep(`fault: ${fault.kind}`);
  await respond(response, fault, act);
};

const mayWork = (fault: NonNullable<ReturnType<Faults['strike']>>): boolean =>
  fault.kind === 'slow' || (fault.kind === 'cut' && fault.when !== 'before') || ('accepted' in fault && (fault.accepted ?? false));
