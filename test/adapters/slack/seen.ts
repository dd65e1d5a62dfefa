/** A message as a person reads it, as plain lines: mentions as their ids, buttons in brackets. */
import type { Message } from '../../../src/adapters/slack/render/rich.ts';

interface Node {
  readonly type?: string;
  readonly text?: string | Node;
  readonly elements?: readonly Node[];
  readonly user_id?: string;
  readonly usergroup_id?: string;
  readonly channel_id?: string;
  readonly fallback?: string;
  readonly label?: Node;
}

const words = (node: Node): string => {
  if (node.type === 'user') return `@${node.user_id}`;
  if (node.type === 'usergroup') return `@${node.usergroup_id}`;
  if (node.type === 'channel') return `#${node.channel_id}`;
  if (node.type === 'date') return node.fallback ?? '';
  if (typeof node.text === 'string') return node.text;
  const inner = typeof node.text === 'object' ? words(node.text) : (node.elements ?? []).map(words).join(node.type === 'actions' || node.type === 'rich_text' ? '\n' : '');
  return node.type === 'button' ? `[ ${inner} ]` : inner;
};

export const seen = (message: Pick<Message, 'blocks'> | undefined): readonly string[] =>
  (message?.blocks ?? []).flatMap((block) => words(block as Node).split('\n'));
