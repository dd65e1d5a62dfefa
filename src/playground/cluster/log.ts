/** GET …/log: options checked here, the text comes from the kubelet. */
import type { Answer, Outlet } from './exchange.ts';
import { invalidField, forbiddenField } from './field-error.ts';
import { LOG_PENDING_BYTES_MAX } from './limits.ts';
import { podAt } from './patch/pods.ts';
import { chosenContainer, nodeOf } from './pod-options.ts';
import type { LogOptions, Pod } from './ports.ts';
import { isTrue } from './request-info.ts';
import { badRequest, invalid, StatusError, type Cause } from './status.ts';
import type { Call, World } from './world.ts';

const REASONS = { 400: 'BadRequest', 404: 'NotFound', 500: 'InternalError' } as const;

export const kubeletFailure = (refused: { readonly status: 400 | 404 | 500; readonly message: string }): StatusError =>
  new StatusError({ code: refused.status, reason: REASONS[refused.status], message: refused.message });

const wholeNumber = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^-?[0-9]+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
};

const tooSmall = (name: string, value: number | undefined, least: number, words: string): readonly Cause[] =>
  value !== undefined && value < least ? [invalidField(name, value, words)] : [];

const optionsOf = (query: URLSearchParams, pod: string): LogOptions => {
  const numbers = { tailLines: wholeNumber(query, 'tailLines'), limitBytes: wholeNumber(query, 'limitBytes'), sinceSeconds: wholeNumber(query, 'sinceSeconds') };
  const sinceTime = query.get('sinceTime') ?? undefined;
  const causes = [
    ...tooSmall('tailLines', numbers.tailLines, 0, 'must be greater than or equal to 0'),
    ...tooSmall('limitBytes', numbers.limitBytes, 1, 'must be greater than 0'),
    ...tooSmall('sinceSeconds', numbers.sinceSeconds, 1, 'must be greater than 0'),
    ...(numbers.sinceSeconds !== undefined && sinceTime !== undefined ? [forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')] : []),
    ...(query.get('stream') === null ? [] : [forbiddenField('stream', 'may not be specified')]),
  ];
  if (causes.length > 0) throw invalid('PodLogOptions', pod, causes);
  return {
    follow: isTrue(query, 'follow'), previous: isTrue(query, 'previous'), timestamps: isTrue(query, 'timestamps'),
    ...(numbers.tailLines === undefined ? {} : { tailLines: numbers.tailLines }),
    ...(numbers.limitBytes === undefined ? {} : { limitBytes: numbers.limitBytes }),
    ...(numbers.sinceSeconds === undefined ? {} : { sinceSeconds: numbers.sinceSeconds }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
};

/** Copies the kubelet's stream; a reader that lags pauses it, one that leaves ends it. */
const copy = async (body: AsyncIterable<Uint8Array>, out: Outlet): Promise<void> => {
  const chunks = body[Symbol.asyncIterator]();
  out.onClose(() => void chunks.return?.().catch(() => undefined));
  for (let next = await chunks.next(); next.done !== true && !out.closed(); next = await chunks.next()) {
    out.write(next.value);
    if (out.pendingBytes() > LOG_PENDING_BYTES_MAX) await out.drained();
  }
  out.end();
};

export const readLog = (world: World, call: Call): Answer => {
  const { query } = call.request;
  const pod = podAt(world, call.info.namespace, call.info.name);
  const options = optionsOf(query, pod.metadata.name);
  const container = chosenContainer(pod, query.get('container') ?? '');
  // A pod without a node has no kubelet to ask: the real server answers 204.
  if (nodeOf(pod) === '') return { kind: 'whole', status: 204, headers: {}, body: '' };
  const answer = world.kubelet().log(pod as unknown as Pod, container, options);
  if (answer.status !== 200) throw kubeletFailure(answer);
  return {
    kind: 'stream', status: 200, headers: { 'content-type': 'text/plain' },
    start: (out) => void copy(answer.body, out).catch(() => out.end()),
  };
};
