import { clock } from '../render/rich.ts';
import { oneLine } from '../render/escape.ts';
import type { Sentence, Span } from './sentence.ts';

const words = (span: Span): string => {
  if (typeof span === 'string') return oneLine(span);
  if ('code' in span) return oneLine(span.code);
  if ('strong' in span) return oneLine(span.strong);
  if ('user' in span) return span.user;
  if ('group' in span) return span.group;
  if ('channel' in span) return span.channel;
  return 'at' in span ? clock(span.at) : span.label;
};

/** Where Slack shows no markup at all: under a field of a form. */
export const plainWords = (sentence: Sentence): string => sentence.map(words).join('');
