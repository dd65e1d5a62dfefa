import { describe, expect, it } from 'vitest';
import { composeForm, type FormField, type FormFields } from '../../../src/domain/command/form.ts';
import { parseCommand } from '../../../src/domain/command/parse.ts';

const FILLED: FormFields = { cluster: 'main', namespace: 'prod', target: 'api-7f9', image: 'netshoot', preset: '', set: [], command: 'ss -tlnp', container: '', timeout: '', reason: '' };
const parsed = (change: Partial<FormFields>) => {
  const form = composeForm({ ...FILLED, ...change });
  return { form, read: parseCommand(form.text) };
};

describe('a form as a text', () => {
  it.each<readonly [string, Partial<FormFields>, string]>([
    ['the usual', {}, 'main/prod api-7f9 --image=netshoot -- ss -tlnp'],
    ['a preset', { image: '', preset: 'dns', set: [['name', 'example.org']], command: '' }, 'main/prod api-7f9 --preset=dns --set=name=example.org'],
    ['all options', { container: 'api', timeout: '30s', reason: "it's slow" }, String.raw`main/prod api-7f9 --image=netshoot --target=api --timeout=30s --reason='it'\''s slow' -- ss -tlnp`],
    ['a workload', { target: 'deploy/api' }, 'main/prod deploy/api --image=netshoot -- ss -tlnp'],
    ['a namespace that is named like a command', { namespace: 'status' }, 'main/status api-7f9 --image=netshoot -- ss -tlnp'],
    ['dashes and quotes in the command', { command: '-- "a b" $HOME' }, 'main/prod api-7f9 --image=netshoot -- -- "a b" $HOME'],
  ])('with %s is read by the parser', (_what, change, text) => {
    const { form, read } = parsed(change);
    expect(form.text).toBe(text);
    expect(read).toMatchObject({ ok: true, command: { kind: 'run' } });
  });

  it.each<readonly [string, Partial<FormFields>, FormField, number | null]>([
    ['a pipe', { command: 'ss | head' }, 'command', 3],
    ['no command', { command: '' }, 'command', null],
    ['a wrong pod', { target: 'api_7' }, 'target', 3],
    ['a wrong namespace', { namespace: 'Prod' }, 'namespace', 0],
    ['an option among the pod', { target: 'api --imag x' }, 'target', 4],
    ['a wrong timeout', { timeout: 'soon' }, 'timeout', 0],
    ['a wrong container', { container: 'API' }, 'container', 0],
    ['a parameter that begins with a dash', { image: '', preset: 'dns', set: [['name', '-x']], command: '' }, 'set:name', null],
    ['a credential', { command: 'curl -H "Authorization: Bearer abcdef0123456789abcdef"' }, 'command', 9],
  ])('finds the field of %s', (_what, change, field, offset) => {
    const { form, read } = parsed(change);
    if (read.ok) throw new Error(`This should not be read: ${form.text}`);
    const found = form.fieldAt(read.error.offset);
    expect(found.field).toBe(field);
    if (offset === null) expect(found.offset).toBeNull(); else expect(Math.abs((found.offset ?? -99) - offset)).toBeLessThan(20);
  });

  it('never puts more into a command than its own field holds', () => {
    const { read } = parsed({ reason: '--private -- rm -rf /' });
    expect(read).toMatchObject({ ok: true, command: { argv: ['ss', '-tlnp'], options: { reason: '--private -- rm -rf /' } } });
  });
});
