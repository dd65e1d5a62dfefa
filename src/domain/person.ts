/** Whom a member of Slack is in a cluster: the name and the groups that its RBAC knows. */
export interface KubernetesPerson {
  readonly user: string;
  readonly groups: readonly string[];
}

const NAME_CHARS_MAX = 256;
export const PERSON_GROUPS_MAX = 100;
/** A name travels as the value of a header: printable ASCII, and no space at an end, which a parser would cut off. */
const NAME = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Kubernetes' own names: nodes, service accounts, `system:masters`. Nobody in Slack is one of them. */
const OWN = /^system:/i;

/** Why kdebug does not act as, nor ask about, somebody of that name; undefined when it may. */
export const whyNotThisPerson = ({ user, groups }: KubernetesPerson): string | undefined => {
  const names = [user, ...groups];
  if (groups.length > PERSON_GROUPS_MAX) return `${groups.length} groups are more than kdebug tells a cluster (${PERSON_GROUPS_MAX})`;
  if (names.some((name) => name.length > NAME_CHARS_MAX || !NAME.test(name))) return 'a name of the person or of a group is empty, too long or not plain text';
  return names.some((name) => OWN.test(name)) ? 'names that begin with system: belong to Kubernetes, never to a person' : undefined;
};
