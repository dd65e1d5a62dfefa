/** Pure: the workspace and the configuration that a scene describes. */
import { ACME, DEFAULT_SCOPES } from '../../src/playground/slack/seed.ts';
import type { Channel, Person, Seed } from '../../src/playground/slack/world/model.ts';
import type { Scene } from '../scenarios.ts';

export const AUDIT_CHANNEL = 'C0AUDIT';
export const ENGINEERS = 'S0ENG';
export const APPROVER = 'U0APPROVER';
/** Namespaces: in one a rule allows, in the other somebody must approve. */
export const NAMESPACE_OF = { open: 'open', held: 'held' } as const;

const numbered = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);

export const peopleOf = (scene: Scene): readonly string[] => numbered('U0P', scene.people);
export const channelsOf = (scene: Scene): readonly string[] => numbered('C0B', scene.channels);
export const podsOf = (scene: Scene): readonly string[] => numbered('app-', scene.pods);

const person = (id: string): Person => ({
  id, name: id.toLowerCase(), realName: id, teamId: ACME.team.id, email: `${id.toLowerCase()}@example.org`,
  emailConfirmed: true, bot: false, deleted: false, restricted: false, stranger: false,
});

export const workspaceOf = (scene: Scene): Seed => {
  const people = peopleOf(scene);
  const bot: Person = { ...person(ACME.app.botUserId), bot: true };
  const channel = (id: string, members: readonly string[]): Channel => ({ id, name: id.toLowerCase(), kind: 'public', members, archived: false, externallyShared: false });
  return {
    team: ACME.team, app: ACME.app, scopes: DEFAULT_SCOPES,
    people: [...people.map(person), person(APPROVER), bot],
    groups: [{ id: ENGINEERS, handle: 'eng', name: 'Engineers', users: people, disabled: false }],
    channels: [...channelsOf(scene).map((id) => channel(id, [...people, bot.id])), channel(AUDIT_CHANNEL, [APPROVER, bot.id])],
  };
};

export const IMAGES = { answer: 'bench.local/answer:1', tools: 'bench.local/tools:1', app: 'bench.local/app:1' } as const;

/** Text of kdebug.yaml. */
export const configurationOf = ({ pendingPerPerson, runsPerCluster, durability }: Scene): string => `
clusters: { main: { default: true } }
images:
  answer: { ref: "${IMAGES.answer}", default: true, shell: true, profile: general }
  tools: { ref: "${IMAGES.tools}", shell: true, profile: general }
rules:
  - { name: open to engineers, when: { namespaces: [${NAMESPACE_OF.open}], profiles: [general], requesters: ["usergroup:${ENGINEERS}"] }, decide: allow }
  - { name: held, when: { namespaces: [${NAMESPACE_OF.held}], requesters: ["usergroup:${ENGINEERS}"] }, decide: approve, approvals: 1, approvers: ["user:${APPROVER}"] }
channels: { audit: ${AUDIT_CHANNEL} }
redis: { durability: ${durability === 'keeps nothing' ? 'none' : 'required'} }
limits: { pending_per_person: ${pendingPerPerson}, runs_per_cluster: ${runsPerCluster}, commands_per_person: 60000, commands_per_channel: 60000, commands_total: 60000, waiting_per_cluster: 100000 }
`;
