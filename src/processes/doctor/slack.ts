import { createSlackCheck, type SlackCheck } from '../../adapters/slack/check.ts';
import type { FeatureScope } from '../../adapters/slack/scopes.ts';
import type { SlackAccess } from '../../config/slack-environment.ts';
import type { Settings } from '../../config/settings.ts';
import type { ChannelId, GroupId } from '../../domain/names.ts';
import type { Principal } from '../../domain/policy/rule.ts';
import { about, type Finding } from '../../ops/findings.ts';

const slack = about('slack');
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const checkSlack = async ({ botToken, apiUrl, transport }: SlackAccess, settings: Settings): Promise<readonly Finding[]> => {
  const appToken = transport.kind === 'socket' ? transport.appToken : undefined;
  const check = createSlackCheck(botToken, apiUrl, appToken, silent);
  const found = await check.identity();
  if ('problem' in found) return [slack.fail(`Slack does not say who the bot token is (${found.problem}): look at SLACK_BOT_TOKEN, and whether this machine reaches Slack.`)];
  const { identity, missing } = found;
  return [
    slack.ok(`the bot token is ${identity.botUser} of team ${identity.team}.`),
    ...(identity.scopes.length === 0 ? [slack.notVerified('Slack does not tell the scopes of the bot token.')] : []),
    ...missing.map(scopeFinding),
    ...(appToken === undefined
      ? [slack.notVerified('whether SLACK_SIGNING_SECRET is right shows with the first command: Slack has no way to ask.')]
      : await socketFindings(check, appToken)),
    ...await channelFindings(check, settings),
    ...await groupFindings(check, settings),
  ];
};

const scopeFinding = ({ scope, feature, isEssential }: FeatureScope): Finding => {
  const sentence = `the app lacks the scope ${scope} (${feature}): install it again from its manifest.`;
  return isEssential ? slack.fail(sentence) : slack.advice(sentence);
};

const socketFindings = async (check: SlackCheck, appToken: string): Promise<readonly Finding[]> => {
  const problem = await check.socketProblem(appToken);
  return [problem === undefined ? slack.ok('the app token opens Socket Mode.') : slack.fail(`the app token opens no Socket Mode (${problem}): look at SLACK_APP_TOKEN and its scope connections:write.`)];
};

const channelFindings = async (check: SlackCheck, { channels: { audit, approvals } }: Settings): Promise<readonly Finding[]> => [
  await channelFinding(check, 'audit', audit),
  ...(approvals === undefined ? [] : [await channelFinding(check, 'approvals', approvals)]),
];

const channelFinding = async (check: SlackCheck, use: string, id: ChannelId): Promise<Finding> => {
  const channel = await check.channel(id);
  if (channel === 'unknown') return slack.notVerified(`Slack does not say what ${id}, the channel for ${use}, is.`);
  if (channel === undefined) return slack.fail(`there is no channel ${id}, or kdebug is not in it, for ${use}: look at channels.${use} in kdebug.yaml, and /invite kdebug there.`);
  const named = `${channel.name === '' ? '' : `#${channel.name} `}(${id})`;
  if (channel.isArchived) return slack.fail(`${named}, the channel for ${use}, is archived: name another in kdebug.yaml.`);
  if (channel.isShared) return slack.advice(`${named}, the channel for ${use}, is shared with another organisation, which reads along.`);
  return channel.isMember ? slack.ok(`kdebug is in ${named} for ${use}.`) : slack.fail(`kdebug is not in ${named}, the channel for ${use}: /invite kdebug there.`);
};

const groupFindings = async (check: SlackCheck, settings: Settings): Promise<readonly Finding[]> => {
  const groups = groupsNamed(settings);
  const sizes = await Promise.all(groups.map(async (id) => ({ id, size: await check.groupSize(id) })));
  const empty = sizes.filter(({ size }) => size === 0).map(({ id }) => id);
  if (groups.length === 0) return [];
  return empty.length === 0
    ? [slack.ok(`every user group that kdebug.yaml names has people in it (${groups.length}).`)]
    : [slack.advice(`nobody is seen in ${empty.join(', ')}: a rule that names such a user group finds nobody there, so look at its id and whether it is empty.`)];
};

const groupsNamed = ({ policy: { rules }, breakGlass }: Settings): readonly GroupId[] => {
  const principals: readonly Principal[] = [
    ...rules.flatMap((rule) => [...rule.when.requesters ?? [], ...(rule.decide === 'approve' ? rule.approvers : [])]),
    ...breakGlass?.who ?? [],
  ];
  return [...new Set(principals.flatMap((one) => (one.kind === 'usergroup' ? [one.id] : [])))];
};
