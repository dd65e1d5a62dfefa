/** Which handler answers which verb on which resource. */
import { createEvent } from './events.ts';
import { evictPod, removePod } from './deletion.ts';
import { text, type Answer } from './exchange.ts';
import { readLog } from './log.ts';
import { patchEphemeralContainers, patchPod, podAt, putEphemeralContainers } from './patch/pods.ts';
import { json } from './exchange.ts';
import { readList, readOne, readWatch } from './read.ts';
import { selfSubjectAccessReview, selfSubjectReview, subjectAccessReview } from './reviews.ts';
import { badRequest, methodNotAllowed, notFound } from './status.ts';
import type { Call, World } from './world.ts';

type Handler = (world: World, call: Call) => Answer;

const getPod: Handler = (world, call) => json(200, podAt(world, call.info.namespace, call.info.name));

/** `verb resource` for what is not plain reading. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  'patch pods': patchPod,
  'delete pods': removePod,
  'get pods/ephemeralcontainers': getPod,
  'patch pods/ephemeralcontainers': patchEphemeralContainers,
  'update pods/ephemeralcontainers': putEphemeralContainers,
  'get pods/log': readLog,
  'create pods/eviction': evictPod,
  'create events': createEvent,
  'create selfsubjectaccessreviews': selfSubjectAccessReview,
  'create subjectaccessreviews': subjectAccessReview,
  'create selfsubjectreviews': selfSubjectReview,
};

const READERS: Readonly<Record<string, Handler>> = { get: readOne, list: readList, watch: readWatch };

const fullName = (call: Call): string => (call.info.subresource === '' ? call.info.plural : `${call.info.plural}/${call.info.subresource}`);

const readerOf = (call: Call): Handler | undefined =>
  call.info.subresource === '' && call.resource.verbs.includes(call.info.verb) ? READERS[call.info.verb] : undefined;

/** @throws the Status of a request that the resource does not serve */
export const route = (world: World, call: Call): Answer => {
  const name = fullName(call);
  if (name === 'pods/exec') throw badRequest('Upgrade request required');
  const handler = HANDLERS[`${call.info.verb} ${name}`] ?? readerOf(call);
  if (handler !== undefined) return handler(world, call);
  const known = call.info.subresource === '' || call.resource.subresources.some((sub) => sub.name === call.info.subresource);
  if (known) throw methodNotAllowed();
  return text(404, '404 page not found\n');
};

/** A namespaced resource addressed without a namespace can be listed and watched, not read by name. */
export const checkScope = (call: Call): void => {
  const { info, resource } = call;
  const collective = info.verb === 'list' || info.verb === 'watch';
  if (resource.namespaced && info.namespace === '' && !collective && info.name !== '') throw notFound(resource.group, resource.plural, info.name);
};
