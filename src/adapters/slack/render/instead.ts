import type { Button, KnownBlock } from '@slack/types';
import { insteadOf, type Instead } from '../../../domain/instead.ts';
import type { ImageName, RequestId } from '../../../domain/names.ts';
import type { Request } from '../../../domain/request-states.ts';
import { BUTTON_CHARS_MAX } from '../limits.ts';
import { ACTIONS, CARD_ACTIONS, plain } from './buttons.ts';
import { cut } from './escape.ts';
import type { Message } from './rich.ts';

const buttonOf = (id: RequestId, instead: Instead): Button => ({
  type: 'button', value: id, style: 'primary',
  action_id: instead.change === 'image' ? ACTIONS.insteadImage : ACTIONS.insteadProfile,
  text: plain(cut(instead.change === 'image' ? `Run with ${instead.image}` : 'Run with --profile restricted', BUTTON_CHARS_MAX)),
});

const withButton = (blocks: readonly KnownBlock[], button: Button): readonly KnownBlock[] => {
  const isOurs = (block: KnownBlock): boolean => block.type === 'actions' && block.block_id === CARD_ACTIONS;
  if (!blocks.some(isOurs)) return [...blocks, { type: 'actions', block_id: CARD_ACTIONS, elements: [button] }];
  return blocks.map((block) => (block.type === 'actions' && isOurs(block) ? { ...block, elements: [button, ...block.elements] } : block));
};

/** What failed in a way that another image or profile would mend has the button that asks so. */
export const withInstead = <Shown extends Message & { readonly plain?: Message }>(message: Shown, request: Request, fallback: ImageName | undefined): Shown => {
  const instead = insteadOf(request, fallback);
  if (instead === undefined) return message;
  const button = buttonOf(request.id, instead);
  return { ...message, blocks: withButton(message.blocks, button), ...(message.plain && { plain: { ...message.plain, blocks: withButton(message.plain.blocks, button) } }) };
};
