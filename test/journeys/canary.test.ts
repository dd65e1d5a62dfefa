/** P5: whatever a command prints of the pod's secrets, they stand nowhere that kdebug writes. The long form: `node bench/canary.ts`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Aviary, COMMANDS, createCanary, findCanary, openAviary } from './canary.ts';

const RUNS = 2 * COMMANDS.length;

describe('a canary in the environment of a pod', () => {
  let aviary: Aviary;
  beforeAll(async () => { aviary = await openAviary(); });
  afterAll(() => aviary.close());

  it(`is printed ${RUNS} times, and stands in no message, file, key, log line, ledger entry or file of the state folder`, async (context) => {
    if (aviary.stage.world.kubelet.isolation !== 'available') context.skip(`no container can see another's /proc here: ${aviary.stage.world.kubelet.isolation}`);
    const { finished, nothingHidden } = await aviary.run(RUNS);
    // that something was hidden shows that it was printed
    expect({ finished, nothingHidden }).toEqual({ finished: RUNS, nothingHidden: [] });
    const { found, searchedChars } = await aviary.search();
    expect(found).toEqual([]);
    for (const place of ['Slack messages', 'Slack files', 'Slack requests', 'redis', 'log', 'ledger as jsonl', 'ledger as ocsf']) expect(searchedChars[place], place).toBeGreaterThan(100);
  }, 60_000);
});

describe('the search finds it', () => {
  const canary = createCanary();
  const password = canary.secrets['password'] ?? '';
  it.each<readonly [string, string]>([
    ['as it is', password], ['a piece of ten characters', password.slice(5, 15)], ['in hex', Buffer.from(`x=${password}`).toString('hex')],
    ...['', 'a', 'ab'].map((before) => [`in base64, ${before.length} characters off`, Buffer.from(`${before}${password}y`).toString('base64')] as const),
  ])('%s', (_, text) => expect(findCanary(canary, 'text', `-- ${text} --`)).toEqual(['text: password']));
  it('and nothing where it is not', () => expect(findCanary(canary, 'text', JSON.stringify(createCanary()))).toEqual([]));
});
