import { BLOCK_KIT, MESSAGE_TEXT_CHARS_MAX } from '../limits.ts';
import { byType, flag, integer, list, matching, object, oneOf, string, type Check } from './check.ts';

/** rich_text and its elements: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const ELEMENTS_MAX = 1_000;
const style = object({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag, highlight: flag, client_highlight: flag, unlink: flag });
const ID = matching(/^[A-Z][A-Z0-9]{1,20}$/, 'a Slack id');

const text = object({ text: string(MESSAGE_TEXT_CHARS_MAX) }, { style });
const link = object({ url: string(BLOCK_KIT.url) }, { text: string(BLOCK_KIT.textObject), unsafe: flag, style });

const leaf: Check = byType({
  text,
  link,
  user: object({ user_id: ID }, { style }),
  usergroup: object({ usergroup_id: ID }, { style }),
  channel: object({ channel_id: ID }, { style }),
  team: object({ team_id: ID }, { style }),
  broadcast: object({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  emoji: object({ name: string(BLOCK_KIT.id) }, { unicode: string(BLOCK_KIT.id), skin_tone: integer(1, 6), style }),
  date: object({ timestamp: integer(0, 9_999_999_999), format: string(BLOCK_KIT.id) }, { url: string(BLOCK_KIT.url), fallback: string(BLOCK_KIT.textObject), style }),
  color: object({ value: matching(/^#[0-9a-fA-F]{6}$/, 'a colour #rrggbb') }, { style }),
});

const leaves = { elements: list(leaf, ELEMENTS_MAX) };
const border = { border: integer(0, 1) };
const section = object(leaves);

const element: Check = byType({
  rich_text_section: section,
  // Only text and links: whatever stands in a box is literal, which is why output of strangers goes there.
  rich_text_preformatted: object({ elements: list(byType({ text, link }), ELEMENTS_MAX) }, { ...border, language: string(BLOCK_KIT.id) }),
  rich_text_quote: object(leaves, border),
  rich_text_list: object(
    { style: oneOf('bullet', 'ordered'), elements: list(byType({ rich_text_section: section }), ELEMENTS_MAX) },
    { ...border, indent: integer(0, 8), offset: integer(0, ELEMENTS_MAX) },
  ),
});

export const richTextFields = { elements: list(element, ELEMENTS_MAX) };
