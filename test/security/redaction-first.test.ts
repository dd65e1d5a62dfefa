/** Between the cluster and everything else stands the sanitiser: what the command printed is nowhere but there. */
import { afterAll, expect, it } from 'vitest';
import { createSanitiser } from '../../src/adapters/redaction/sanitiser.ts';
import { OUTPUT_KEPT_BYTES_MAX, REDACTION_MS_MAX } from '../../src/domain/limits.ts';
import { ask, OPEN, stateOf, workAll } from '../app/stories.ts';
import { createWorld } from '../app/world.ts';

const SECRET = 'tr0ub4dor-and-3-more';
const head = new TextEncoder().encode(`LOG_LEVEL=info\nDB_PASSWORD=${SECRET}\n`);

const sanitiser = createSanitiser({ msMax: REDACTION_MS_MAX, patterns: [], own: [], digestKey: Buffer.from('key'), keptBytesMax: OUTPUT_KEPT_BYTES_MAX });
afterAll(() => sanitiser.close());

it('what is stored, shown and recorded is what the sanitiser gave', async () => {
  const world = createWorld();
  const printing = { ...world, ports: { ...world.ports, sanitiser, cluster: { ...world.ports.cluster, readOutput: async () => ({ head, bytes: head.byteLength, complete: true }) } } };
  const id = await ask(printing, OPEN);
  await workAll(printing);
  expect(stateOf(printing, id)).toBe('finished');
  expect((await world.ports.outputs.get(id, 0))?.head).toBe('LOG_LEVEL=info\nDB_PASSWORD=[hidden: password]\n');
  expect(world.slack.said.find(({ kind }) => kind === 'result')?.output).toContain('[hidden: password]');
  const everything = JSON.stringify([world.slack.said, world.memory.entries, [...world.memory.lists], world.logged, world.attempts, await world.ports.outputs.get(id, 0)]);
  expect(everything).not.toContain(SECRET);
});
