import type { Found } from '../../app/cluster-port.ts';
import type { Json } from './json.ts';
import { podFacts } from './pod-facts.ts';

/** One that is no pod spoils them all: nobody asked for fewer. */
export const asFound = (bodies: readonly Json[]): Found => {
  const pods = bodies.map(podFacts).filter((pod) => pod !== undefined);
  return pods.length === bodies.length ? { kind: 'pods', pods }
    : { kind: 'failure', failure: { code: 'unexpected_answer', detail: 'the answer was no pod with a name and a uid' } };
};
