import { z } from 'zod';
import { parseContainerName, parseImageRef } from '../../domain/names.ts';
import type { ImageRef } from '../../domain/names.ts';
import { ARGV_COUNT_MAX } from '../../domain/limits.ts';
import { isAnchored } from '../pattern.ts';
import { quoted } from '../problem.ts';
import { count, flag, imageName, line, list, mapping, named, pattern, plainName, presetName, profile, section, word } from './fields.ts';

const UID_MAX = 2_147_483_647;

/**
 * What Pod Security's baseline lets a container add. More would hand out the power of another profile behind the back
 * of the rules that name it. https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
const CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
] as const;

const dropped = named((text) => (/^[A-Z][A-Z_]{1,30}$/.test(text) ? text : undefined), 'a capability', 'a capability such as NET_RAW, or ALL', {
  description: 'A capability to drop',
  examples: ['ALL'],
});

const uid = (description: string) => count(0, UID_MAX, description);

const securityContext = section(
  {
    runAsUser: uid('User id inside the container').exactOptional(),
    runAsGroup: uid('Group id inside the container').exactOptional(),
    runAsNonRoot: flag('Refuse to start as root').exactOptional(),
    allowPrivilegeEscalation: flag('Whether a process may gain more rights than its parent').exactOptional(),
    readOnlyRootFilesystem: flag('Whether the root file system is read-only').exactOptional(),
    privileged: z.literal(false, { error: 'an overlay never adds power; write profile: sysadmin instead' }).meta({ description: 'Only false' }).exactOptional(),
    capabilities: section(
      {
        add: list(word(CAPABILITIES, 'A capability that Pod Security’s baseline allows'), 'a list of capabilities').exactOptional(),
        drop: list(dropped, 'a list of capabilities').exactOptional(),
      },
      '{ drop: [ALL] }',
    ).exactOptional(),
    seccompProfile: section({ type: word(['RuntimeDefault'], 'The seccomp profile') }, '{ type: RuntimeDefault }').exactOptional(),
  },
  'a mapping such as { runAsUser: 65532 }',
);

const workingDir = named((text) => (/^\/[^\p{Cc}\p{Cf}\p{Cs}]{0,254}$/u.test(text) ? text : undefined), 'an absolute path', 'a path that begins with /', {
  description: 'Working directory of the command',
  examples: ['/tmp'],
  pattern: '^/',
});

/**
 * Repository with an optional registry, tag and digest, as container runtimes read it:
 * https://github.com/distribution/reference. A scheme in front is the mistake that people make.
 */
const REGISTRY = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?/)?`;
const COMPONENT = String.raw`[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`;
const REFERENCE = new RegExp(String.raw`^${REGISTRY}${COMPONENT}(?:/${COMPONENT})*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`);
const parseReference = (text: string): ImageRef | undefined => {
  const ref = parseImageRef(text);
  return ref !== undefined && REFERENCE.test(ref) ? ref : undefined;
};

const image = section(
  {
    ref: named(parseReference, 'an image reference', 'repository:tag or repository@sha256:…, without a scheme', {
      description: 'Sent to Kubernetes verbatim; pin it by digest where a rule demands one',
      examples: ['nicolaka/netshoot:v0.13'],
    }),
    default: flag('The image when --image is not given').default(false),
    description: line('What people read in /kdebug images').exactOptional(),
    shell: flag('It has sh and timeout: deadline and timeout are enforced inside').default(false),
    profile: profile.exactOptional().meta({ description: 'What --profile auto means for this image; restricted when left out' }),
    overlay: section(
      { workingDir: workingDir.exactOptional(), securityContext: securityContext.exactOptional() },
      'a mapping of workingDir and securityContext',
    )
      .exactOptional()
      .meta({ description: 'Merged into the container; only these fields' }),
  },
  'a mapping with at least ref:',
);

export const images = mapping(imageName, image, 'a mapping such as netshoot: { ref: nicolaka/netshoot:v0.13 }').meta({
  description: 'What people may name after --image; nothing else runs',
});

/** Names that would change what the shell or the loader of our wrapper does. */
const ENV_REFUSED = /^(?:KDEBUG_.*|LD_.*|PATH|ENV|BASH_ENV|IFS|SHELLOPTS|PS4)$/;
const envName = named((text) => (/^[A-Z][A-Z0-9_]{0,63}$/.test(text) && !ENV_REFUSED.test(text) ? text : undefined),
  'a variable that a preset may set', 'an upper-case name, none of KDEBUG_*, LD_*, PATH, ENV, BASH_ENV, IFS, SHELLOPTS and PS4',
  { description: 'A variable', pattern: '^[A-Z][A-Z0-9_]{0,63}$' });

const VALUE = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;
const argument = (description: string) =>
  named((text) => (VALUE.test(text) ? text : undefined), 'plain text', 'text without control characters', { description });

const anchored = (text: string): string | undefined =>
  isAnchored(text) ? undefined : `${quoted(text)} would accept a value of which only a part matches; write ^(?:…)$ around it`;

const preset = section(
  {
    description: line('What people read in /kdebug presets').exactOptional(),
    image: imageName,
    profile: profile.exactOptional(),
    target: named((text) => (text === 'none' ? ('none' as const) : parseContainerName(text)), 'a container name', 'a container name, or none', {
      description: 'The container whose processes are visible; none: no container’s',
    }).exactOptional(),
    env: mapping(envName, argument('The value'), 'a mapping of names and texts').default({}).meta({ description: 'Variables of the command' }),
    command: list(argument('One argument, verbatim; {name} alone is a parameter'), 'the program and its arguments, such as [ss, -tlnp]', ARGV_COUNT_MAX).meta({
      description: 'Program and arguments; never a shell',
    }),
    parameters: mapping(
      plainName('a parameter name'),
      section({ pattern: pattern('What a value must match, from ^ to $', anchored), description: line('What people read').exactOptional() }, '{ pattern: "^…$" }'),
      'a mapping such as name: { pattern: "^[a-z]+$" }',
    )
      .default({})
      .meta({ description: 'What --set NAME=VALUE may give, each one argument of the command' }),
  },
  'a mapping with at least image: and command:',
);

export const presets = mapping(presetName, preset, 'a mapping of presets').default({}).meta({ description: 'Ready-made commands; a preset fixes everything but where' });
