/** Which container a log or exec request means (kubernetes pkg/registry/core/pod/strategy.go, validateContainer). */
import { objectOf, objectsOf, stringOf } from './json.ts';
import type { StoredObject } from './objects.ts';
import { badRequest } from './status.ts';

const namesIn = (pod: StoredObject, field: string): readonly string[] =>
  objectsOf(objectOf(pod['spec'])[field]).map((container) => stringOf(container['name']));

/** @throws 400 when the name is missing and needed, or is no container of the pod */
export const chosenContainer = (pod: StoredObject, asked: string): string => {
  const regular = namesIn(pod, 'containers');
  const init = namesIn(pod, 'initContainers');
  const { name } = pod.metadata;
  if (asked === '') {
    const [only, ...others] = regular;
    if (only !== undefined && others.length === 0) return only;
    const choices = `choose one of: [${regular.join(' ')}]${init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : ''}`;
    throw badRequest(`a container name must be specified for pod ${name}${regular.length === 0 ? '' : `, ${choices}`}`);
  }
  if ([...regular, ...init, ...namesIn(pod, 'ephemeralContainers')].includes(asked)) return asked;
  throw badRequest(`container ${asked} is not valid for pod ${name}`);
};

export const nodeOf = (pod: StoredObject): string => stringOf(objectOf(pod['spec'])['nodeName']);
