import { describe, expect, it } from 'vitest';
import { entries } from '../../src/playground/gallery/entries.ts';
import { idOf, page } from '../../src/playground/gallery/page.ts';
import { problemsOf } from '../../src/playground/gallery.ts';
import { startFakeSlack } from '../../src/playground/slack/server.ts';

describe('the gallery', () => {
  const all = entries();
  it.each(all.map((entry) => [entry.name, entry] as const))('Slack takes: %s', (_name, entry) => {
    expect(problemsOf(entry)).toEqual([]);
    if (entry.surface === 'message') expect(entry.text.length).toBeGreaterThan(10);
  });
  it('has every name once, and every picture its place on the page', async () => {
    const slack = await startFakeSlack();
    const html = page({ world: slack.world, timeZone: 'UTC' }, all);
    await slack.close();
    expect(new Set(all.map(idOf)).size).toBe(all.length);
    for (const entry of all) expect(html).toContain(`id="${idOf(entry)}"`);
    expect(html).not.toMatch(/<script|https?:\/\/(?!acme)/);
  });
  it('would see what Slack refuses', () => {
    expect(problemsOf({ name: 'x', surface: 'message', text: 'x', blocks: [{ type: 'carousel' }] })).not.toEqual([]);
    expect(problemsOf({ name: 'x', surface: 'modal', view: { type: 'modal', blocks: [] } })).not.toEqual([]);
  });
});
