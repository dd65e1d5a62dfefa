import type { ContainerWanted } from '../../app/cluster-port.ts';
import type { EnvVar, EphemeralContainer, Overlay, SecurityContext } from '../../domain/container.ts';
import { profileContext } from './profiles.ts';
import { literal, timeoutSeconds, WRAPPER } from './wrapper.ts';

/**
 * The ephemeral container for one command, less its name and its deadline (`containerOf` of the domain adds both).
 * `imagePullPolicy` is left to the server's default: Always for a tag `latest` or none, else IfNotPresent.
 */
export const buildContainer = (wanted: ContainerWanted): Omit<EphemeralContainer, 'name'> => {
  const env = environment([...wanted.env, [MARKER_NAME, wanted.marker]]);
  const workingDir = wanted.image.overlay?.workingDir;
  const securityContext = layOver(profileContext(wanted.profile), wanted.image.overlay);
  return {
    image: wanted.image.ref,
    command: command(wanted).map(literal),
    env,
    ...(workingDir !== undefined && { workingDir }),
    ...(wanted.target !== null && { targetContainerName: wanted.target }),
    ...(securityContext && { securityContext }),
    terminationMessagePolicy: 'File',
  };
};

/** The request, in the environment of everything that the command starts: what a cancel looks for. */
export const MARKER_NAME = 'KDEBUG_REQUEST';

const command = (wanted: ContainerWanted): readonly string[] =>
  wanted.image.shell ? ['sh', '-c', WRAPPER, 'kdebug', String(timeoutSeconds(wanted.timeoutMs)), ...wanted.argv] : wanted.argv;

// The list is merged by name on the server: a name given twice would not be the same patch twice.
const environment = (pairs: ContainerWanted['env']): readonly EnvVar[] =>
  [...new Map(pairs)].map(([name, value]) => ({ name, value: literal(value) }));

/** An image's overlay wins field by field; capability lists are replaced, as a strategic merge does. */
const layOver = (profile: SecurityContext | undefined, overlay: Overlay | undefined): SecurityContext | undefined => {
  const over = overlay?.securityContext;
  if (!over) return profile;
  const capabilities = { ...profile?.capabilities, ...over.capabilities };
  return { ...profile, ...allowed(over), ...(Object.keys(capabilities).length > 0 && { capabilities }) };
};

const SCALARS = ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'privileged', 'seccompProfile'] as const;

// Field by field: what a configuration file may hold beyond the type never reaches a cluster.
const allowed = (context: SecurityContext): SecurityContext =>
  Object.fromEntries(SCALARS.flatMap((field) => (context[field] === undefined ? [] : [[field, context[field]]])));
