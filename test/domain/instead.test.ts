import { describe, expect, it } from 'vitest';
import { changedCommand, insteadFor } from '../../src/domain/instead.ts';
import type { ImageName } from '../../src/domain/names.ts';
import type { Failure } from '../../src/domain/outcome.ts';
import { runCommand } from '../fixtures/requests.ts';

const NOT_FOUND: Failure = { code: 'command_not_found', program: 'strace', detail: '' };
const POD_SECURITY: Failure = { code: 'pod_security', detail: '' };

describe('what can be asked instead', () => {
  it.each<readonly [string, string, Failure, unknown]>([
    ['a command that is not in the image', 'prod api --image busybox -- strace', NOT_FOUND, { change: 'image', image: 'netshoot' }],
    ['a command that is not in the default image', 'prod api -- strace', NOT_FOUND, undefined],
    ['a profile that Pod Security refuses', 'prod api --profile general -- ls', POD_SECURITY, { change: 'profile' }],
    ['the weakest profile', 'prod api --profile restricted -- ls', POD_SECURITY, undefined],
    ['auto, which has tried the weakest', 'prod api -- ls', POD_SECURITY, undefined],
    ['a preset, which fixes both', 'prod api --preset sockets', NOT_FOUND, undefined],
    ['anything else', 'prod api --image busybox -- ls', { code: 'unreachable', detail: '' }, undefined],
  ])('for %s', (_what, text, failure, expected) => {
    expect(insteadFor(runCommand(text), failure, 'netshoot' as ImageName)).toEqual(expected);
  });

  it('changes that one thing', () => {
    const before = runCommand('prod api --image busybox --timeout 30s -- strace -V');
    expect(changedCommand(before, { change: 'image', image: 'netshoot' as ImageName })).toEqual({ ...before, options: { ...before.options, image: 'netshoot' } });
    expect(changedCommand(before, { change: 'profile' })).toEqual({ ...before, options: { ...before.options, profile: 'restricted' } });
  });
});
