import type { Request } from '../domain/request-states.ts';
import type { RequestLine } from './slack-port.ts';

/** A request as one line of a list. */
export const toLine = ({ id, state, ask, askedAt }: Request): RequestLine => ({
  request: id, state, requester: ask.requester, cluster: ask.cluster, namespace: ask.command.namespace, target: targetText(ask.command.target), argv: ask.command.argv, askedAt,
});

const targetText = (target: Request['ask']['command']['target']): string => {
  switch (target.kind) {
    case 'name': return target.name;
    case 'workload': return `${target.resource}/${target.name}`;
    case 'selector': return `-l ${target.selector}`;
  }
};
