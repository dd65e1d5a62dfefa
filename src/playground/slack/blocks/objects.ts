import { BLOCK_KIT } from '../limits.ts';
import { both, byType, flag, list, notBoth, object, oneOf, someOf, string, type Check } from './check.ts';

/** Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects */
export const plainBody = (max: number): Check => object({ text: string(max) }, { emoji: flag });
export const mrkdwnBody = (max: number): Check => object({ text: string(max) }, { verbatim: flag });
export const plainText = (max: number): Check => byType({ plain_text: plainBody(max) });
export const anyText = (max: number): Check => byType({ plain_text: plainBody(max), mrkdwn: mrkdwnBody(max) });

export const id = string(BLOCK_KIT.id);
export const style = oneOf('primary', 'danger');

export const confirm = object(
  {
    title: plainText(BLOCK_KIT.confirmTitle),
    text: anyText(BLOCK_KIT.confirmText),
    confirm: plainText(BLOCK_KIT.confirmButton),
    deny: plainText(BLOCK_KIT.confirmButton),
  },
  { style },
);

const optionWith = (text: Check, more: Readonly<Record<string, Check>>): Check =>
  object({ text, value: string(BLOCK_KIT.optionValue) }, { description: plainText(BLOCK_KIT.optionText), ...more });

export const option = optionWith(plainText(BLOCK_KIT.optionText), {});
export const checkOption = object(
  { text: anyText(BLOCK_KIT.optionText), value: string(BLOCK_KIT.optionValue) },
  { description: anyText(BLOCK_KIT.optionText) },
);
export const overflowOption = optionWith(plainText(BLOCK_KIT.optionText), { url: string(BLOCK_KIT.url) });

export const optionGroup = object({ label: plainText(BLOCK_KIT.groupLabel), options: list(option, BLOCK_KIT.selectOptions) });

/** What a menu may hold, and what the answer to a block_suggestion must hold. */
export const choices = both(someOf('options', 'option_groups'), notBoth('options', 'option_groups'));
export const choiceFields = { options: list(option, BLOCK_KIT.selectOptions), option_groups: list(optionGroup, BLOCK_KIT.selectOptions) };

export const suggestions = both(
  object({}, { options: list(option, BLOCK_KIT.suggestions, 0), option_groups: list(optionGroup, BLOCK_KIT.suggestions, 0) }),
  choices,
);
