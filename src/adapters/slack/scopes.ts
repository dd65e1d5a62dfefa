/** Each method of Slack that kdebug calls, and the scope it needs. The manifests ask for these and no other. */
export const METHOD_SCOPES = {
  'auth.test': null,
  'bots.info': 'users:read',
  'chat.getPermalink': null,
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.members': ['channels:read', 'groups:read'],
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'views.open': null,
  'views.publish': null,
  'views.update': null,
} as const satisfies Readonly<Record<string, string | readonly string[] | null>>;

/** What Slack sends, and the scope it needs. */
export const DELIVERY_SCOPES = { slash_command: 'commands', app_mention: 'app_mentions:read' } as const;

/** What does not work without a scope; without an essential one nothing does, and kdebug is not ready. */
export interface FeatureScope {
  readonly scope: string;
  readonly feature: string;
  readonly isEssential: boolean;
}

export const FEATURE_SCOPES: readonly FeatureScope[] = [
  { scope: 'commands', feature: '/kdebug, the form and the message shortcut', isEssential: true },
  { scope: 'chat:write', feature: 'cards, results and answers', isEssential: true },
  { scope: 'files:write', feature: 'long output as a file', isEssential: false },
  { scope: 'app_mentions:read', feature: 'mentions in channels and threads', isEssential: false },
  { scope: 'users:read', feature: 'knowing who is a member: everybody is refused', isEssential: false },
  { scope: 'usergroups:read', feature: 'rules that name a user group: it counts as empty', isEssential: false },
  { scope: 'channels:read', feature: 'cards in public channels: they go to the approvals channel', isEssential: false },
  { scope: 'groups:read', feature: 'cards in private channels: they go to the approvals channel', isEssential: false },
];

/** Of the token's scopes; none at all said means that nobody knows, and nothing is missing. */
export const missingScopes = (granted: readonly string[]): readonly FeatureScope[] =>
  (granted.length === 0 ? [] : FEATURE_SCOPES.filter(({ scope }) => !granted.includes(scope)));

export const SCOPES: readonly string[] = [
  ...new Set([...Object.values(DELIVERY_SCOPES), ...Object.values(METHOD_SCOPES).flatMap((scope) => scope ?? [])]),
];
