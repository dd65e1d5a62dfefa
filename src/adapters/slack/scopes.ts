/** Each method of Slack that kdebug calls, and the scope it needs. The manifests ask for these and no other. */
export const METHOD_SCOPES = {
  'auth.test': null,
  'bots.info': 'users:read',
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.info': ['channels:read', 'groups:read'],
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'views.open': null,
  'views.update': null,
} as const satisfies Readonly<Record<string, string | readonly string[] | null>>;

/** What Slack sends, and the scope it needs. */
export const DELIVERY_SCOPES = { slash_command: 'commands', app_mention: 'app_mentions:read' } as const;

export const SCOPES: readonly string[] = [
  ...new Set([...Object.values(DELIVERY_SCOPES), ...Object.values(METHOD_SCOPES).flatMap((scope) => scope ?? [])]),
];
