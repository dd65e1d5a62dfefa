import type { PlainTextOption } from '@slack/types';
import type { Suggestion, Suggestions } from '../../../app/entry-port.ts';
import { formOption, OPTION_VALUE_CHARS_MAX } from './form.ts';

const about = ({ kind, detail }: Suggestion, isBlind: boolean): string | undefined => {
  if (kind === 'mentioned') return 'named in the message';
  if (kind === 'known') return detail;
  return isBlind ? 'as you typed it; the cluster did not answer in time' : 'as you typed it';
};

/** A name that is too long for a menu can still be typed after /kdebug. */
export const suggestionOptions = ({ suggestions, isBlind }: Suggestions): readonly PlainTextOption[] =>
  suggestions.filter(({ value }) => value.length <= OPTION_VALUE_CHARS_MAX).map((one) => formOption(one.value, one.value, about(one, isBlind)));
