import type { FakeSlack } from '../../src/playground/slack/options.ts';
import type { Scene } from '../scenarios.ts';
import { channelsOf, NAMESPACE_OF, peopleOf, podsOf } from '../world/workspace.ts';

/** One slash command that a person is about to type. */
export interface Typed {
  readonly person: string;
  readonly channel: string;
  readonly pod: string;
  readonly text: string;
}

/** Pure: command number `index` of a scene, each of another person, channel and pod than the ones around it, no two alike. */
export const typedIn = (scene: Scene, index: number, command: string): Typed => {
  const turn = (of: readonly string[]): string => of[index % of.length] ?? '';
  const pod = turn(podsOf(scene));
  return { person: turn(peopleOf(scene)), channel: turn(channelsOf(scene)), pod, text: `${NAMESPACE_OF[scene.gate]} ${pod} ${command} n${index}` };
};

export interface Acknowledged {
  readonly ackMs: number;
  readonly typedAt: number;
  readonly request: string;
}

/** Types it and waits for the acknowledgement; throws what the person was told when it is not that the request was accepted. */
export const type = async ({ people }: Pick<FakeSlack, 'people'>, { person, channel, text }: Typed): Promise<Acknowledged> => {
  const typedAt = Date.now();
  const outcome = await people.slash(person, channel, '/kdebug', text);
  if (!outcome.ok) throw new Error(`Slack told ${person}, who typed "/kdebug ${text}": ${outcome.error} (${outcome.detail}).`);
  const told = JSON.stringify(outcome.body);
  const request = /kd-[0-9a-z]{8}/.exec(told)?.[0];
  if (request === undefined) throw new Error(`"/kdebug ${text}" of ${person} was not accepted: ${told}`);
  return { ackMs: outcome.ackMs, typedAt, request };
};
