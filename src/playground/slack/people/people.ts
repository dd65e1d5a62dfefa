import { choose, chooseInView, globalShortcut, messageShortcut, press, pressInView, suggest } from './click.ts';
import { closeView, submit } from './form.ts';
import { mention, openHome, say, slash } from './typed.ts';
import type { Hand } from './who.ts';

/**
 * The hands of the people in the workspace. Each acts as Slack lets a person act, sends what Slack would send by the
 * transport the app is connected with, and answers how the delivery ended; what the person then sees is in `world`.
 * What Slack's own client would not let them do throws: that is a mistake of the test.
 */
export const createHands = (hand: Hand) => ({
  slash: slash(hand),
  mention: mention(hand),
  say: say(hand),
  openHome: openHome(hand),
  press: press(hand),
  pressInView: pressInView(hand),
  choose: choose(hand),
  chooseInView: chooseInView(hand),
  suggest: suggest(hand),
  messageShortcut: messageShortcut(hand),
  globalShortcut: globalShortcut(hand),
  submit: submit(hand),
  closeView: closeView(hand),
});

export type Hands = ReturnType<typeof createHands>;
