import type { ModalView } from '@slack/types';
import type { AuthorityClick, Click } from '../../../app/slack-port.ts';
import { REASON_CHARS_MAX } from '../../../domain/limits.ts';
import { code, say, type Sentence } from '../wording/sentence.ts';
import { paragraph } from './answers.ts';
import { plain } from './buttons.ts';
import { writeCardRef } from './modals.ts';

type Asking = Extract<AuthorityClick['action'], 'allow_deny' | 'review' | 'recycle_deny'>;

/** A form per button that asks why; its callback says which. */
export const AUTHORITY_VIEWS: { readonly [Action in Asking]: string } = { allow_deny: 'kdebug.allow.deny.why', review: 'kdebug.review.found', recycle_deny: 'kdebug.recycle.deny.why' };
export const AUTHORITY_BLOCK = 'kdebug.authority.reason';
export const AUTHORITY_INPUT = 'kdebug.authority.text';

const WORDS: { readonly [Action in Asking]: { readonly title: string; readonly submit: string; readonly label: string; readonly optional: boolean; readonly about: (click: Click) => Sentence } } = {
  allow_deny: { title: 'Deny it', submit: 'Deny', label: 'Why?', optional: true, about: ({ request }) => say`${code(request)} is not pre-approved. The person who asked reads your reason.` },
  recycle_deny: { title: 'Deny it', submit: 'Deny', label: 'Why?', optional: true, about: ({ request }) => say`${code(request)} is not carried out: the pod stays. The person who asked reads your reason.` },
  review: { title: 'Review', submit: 'Reviewed', label: 'What did you find?', optional: false, about: ({ request }) => say`You looked at what ${code(request)} did, and whether the emergency was one. Your words stand on the card and in the audit trail.` },
};

/** Opened at once: who may is decided when it comes back. */
export const askingView = (action: Asking, click: Click): ModalView => {
  const { title, submit, label, optional, about } = WORDS[action];
  return {
    type: 'modal', callback_id: AUTHORITY_VIEWS[action], private_metadata: writeCardRef(click), title: plain(title), submit: plain(submit), close: plain('Go back'),
    blocks: [
      paragraph(about(click)),
      { type: 'input', block_id: AUTHORITY_BLOCK, optional, label: plain(label), element: { type: 'plain_text_input', action_id: AUTHORITY_INPUT, multiline: true, max_length: REASON_CHARS_MAX, focus_on_load: true } },
    ],
  };
};
