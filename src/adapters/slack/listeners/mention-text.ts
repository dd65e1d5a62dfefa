import type { TypedCommand } from '../../../app/slack-port.ts';
import { RICH_TEXT, type Element } from './shapes.ts';

const isBlank = (text: string): boolean => /^[\s\u00a0]*$/.test(text);

/** All leaves of the composer's rich text, those in a fence marked as code. */
const leavesOf = (elements: readonly Element[], inFence = false): readonly Element[] =>
  elements.flatMap((element) => element.elements === undefined
    ? [inFence ? { ...element, style: { code: true } } : element]
    : leavesOf(element.elements, inFence || element.type === 'rich_text_preformatted'));

/**
 * The command in code ticks: what is in them is what the person typed, whatever Slack does to plain text. Only when
 * there is one stretch of code and nothing else but mentions of the bot; `prod api -- grep `x`` is not code alone.
 */
const inTicks = (blocks: readonly unknown[] | undefined, botUser: string): string | undefined => {
  const parsed = RICH_TEXT.safeParse(blocks ?? []);
  if (!parsed.success) return undefined;
  const leaves = leavesOf(parsed.data).filter((leaf) => !(leaf.type === 'user' && leaf.user_id === botUser) && !(leaf.type === 'text' && leaf.style?.code !== true && isBlank(leaf.text ?? '')));
  const [only] = leaves;
  return leaves.length === 1 && only?.type === 'text' && only.style?.code === true ? only.text : undefined;
};

/** Without the mention of the bot that it begins with; another one stays, and the parser says what is wrong with it. */
const withoutBot = (text: string, botUser: string): string => {
  const mention = /^[\s\u00a0]*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s\u00a0]*/.exec(text);
  return mention?.[1] === botUser ? text.slice(mention[0].length) : text;
};

/** What a mention says, and whether Slack has escaped it. */
export const typedIn = (event: { readonly text: string; readonly blocks?: readonly unknown[] | undefined }, botUser: string): Pick<TypedCommand, 'text' | 'escaped'> => {
  const code = inTicks(event.blocks, botUser);
  return code === undefined ? { text: withoutBot(event.text, botUser), escaped: true } : { text: code, escaped: false };
};
