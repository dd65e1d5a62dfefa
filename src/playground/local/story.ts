import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseRequestId, type RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request-states.ts';
import { renderText } from '../slack/render/conversation.ts';
import { watchProgress, type Progress } from './progress.ts';
import type { LocalWorld } from './world.ts';

type Say = (text: string) => void;

const [ALICE, CHANNEL, AUDIT] = ['U0ALICE', 'C0INC42', 'C0AUDIT'];
/** Who is asked to approve, in this order, until there are enough. */
const APPROVERS = ['U0BOB', 'U0CAROL'];
const PLANNED_WITHIN_MS = 20_000;
const FINISHED_WITHIN_MS = 120_000;
const OVER = ['finished', 'refused', 'denied', 'withdrawn', 'cancelled', 'expired'] as const;
const MIRRORED_WITHIN_MS = 2_500;
const DECIDED_WITHIN_MS = 5_000;
const DECIDED_POLL_MS = 20;

/** One command from the slash to the audit trail, shown as the people in the channel see it. */
export const tellStory = async (world: LocalWorld, text: string, say: Say): Promise<void> => {
  say(`\nalice types in #inc-42: /kdebug ${text}\n`);
  const asked = await world.slack.people.slash(ALICE, CHANNEL, '/kdebug', text);
  const id = requestIn(world);
  if (!asked.ok || id === undefined) {
    say(renderText(world.slack.world, CHANNEL, { viewer: ALICE }));
    if (!asked.ok) throw new Error(`Slack told alice: ${asked.error}`);
    return;
  }
  const progress = await watchProgress(world);
  try {
    await approveAll(world, progress, id, say);
    const request = await progress.until(id, OVER, FINISHED_WITHIN_MS);
    say(`\n#inc-42, at the end (${request.state}):\n`);
    say(renderText(world.slack.world, CHANNEL, { viewer: ALICE }));
  } finally {
    progress.close();
  }
  await delay(MIRRORED_WITHIN_MS);
  say(`\nthe audit channel:\n\n${renderText(world.slack.world, AUDIT)}`);
  verify(world, say);
};

/** What alice was answered names her request. */
const requestIn = (world: LocalWorld): RequestId | undefined =>
  world.slack.world.ephemerals(ALICE).flatMap((ephemeral) => parseRequestId(/kd-[0-9a-z]{8}/.exec(ephemeral.text)?.[0]) ?? []).at(-1);

const approveAll = async (world: LocalWorld, progress: Progress, id: RequestId, say: Say): Promise<void> => {
  let request: Request = await progress.until(id, ['awaiting_approval', ...OVER], PLANNED_WITHIN_MS);
  if (request.state !== 'awaiting_approval') return;
  say(`#inc-42, as alice sees it:\n\n${renderText(world.slack.world, CHANNEL, { viewer: ALICE })}`);
  for (const approver of APPROVERS) {
    if (request.state !== 'awaiting_approval') return;
    const card = world.slack.world.messages(CHANNEL).find((message) => JSON.stringify(message.blocks).includes(id));
    if (!card) throw new Error(`The card of ${id} is not in #inc-42.`);
    say(`\n${world.slack.world.person(approver)?.name ?? approver} presses Approve`);
    await world.slack.people.press(approver, CHANNEL, card.ts, 'Approve', { confirm: true });
    request = await afterClick(progress, request);
  }
};

/** A click is acknowledged at once and decided right after. */
const afterClick = async (progress: Progress, before: Request): Promise<Request> => {
  for (let waited = 0; waited < DECIDED_WITHIN_MS; waited += DECIDED_POLL_MS) {
    const request = await progress.request(before.id);
    if (request.version > before.version) return request;
    await delay(DECIDED_POLL_MS);
  }
  throw new Error(`Nothing came of the click on ${before.id} within ${DECIDED_WITHIN_MS} ms.`);
};

const verify = (world: LocalWorld, say: Say): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/kdebug.mjs', 'audit', 'verify'], { env: { ...process.env, ...world.env }, encoding: 'utf8' });
  say(`\nkdebug audit verify\n${stdout.trim()}`);
  if (status !== 0) throw new Error(`The ledger does not verify: ${stderr}`);
};
