import type { Profile, SecurityContext } from '../../domain/container.ts';

/** One effect on the security context; a profile is a list of them. */
type Effect = (context: SecurityContext) => SecurityContext;

/** Any uid but 0 would do; 65532 is `nonroot` of distroless images. */
const NONROOT_UID = 65_532;

const runAsNonRoot: Effect = (context) => ({ ...context, runAsNonRoot: true });
// Without a uid, `runAsNonRoot` and an image that runs as root wait in CreateContainerConfigError for ever.
const runAsNobody: Effect = (context) => ({ ...context, runAsUser: NONROOT_UID });
// Added capabilities are not effective for another uid than 0, and the pod may set one.
const runAsRoot: Effect = (context) => ({ ...context, runAsUser: 0, runAsNonRoot: false });
const forbidEscalation: Effect = (context) => ({ ...context, allowPrivilegeEscalation: false });
const dropAllCapabilities: Effect = (context) => ({ ...context, capabilities: { ...context.capabilities, drop: ['ALL'] } });
const defaultSeccomp: Effect = (context) => ({ ...context, seccompProfile: { type: 'RuntimeDefault' } });
const privileged: Effect = (context) => ({ ...context, privileged: true });
const addCapabilities = (...add: readonly string[]): Effect => (context) => ({ ...context, capabilities: { ...context.capabilities, add } });

/**
 * kubectl 1.36's profiles for ephemeral containers (staging/src/k8s.io/kubectl/pkg/cmd/debug/profiles.go), plus the uid
 * without which `restricted` hangs and `netadmin` and `sysadmin` have no power. `general` keeps the image's user, as there.
 */
const PROFILE_EFFECTS: Readonly<Record<Profile, readonly Effect[]>> = {
  restricted: [runAsNonRoot, runAsNobody, forbidEscalation, dropAllCapabilities, defaultSeccomp],
  baseline: [],
  general: [addCapabilities('SYS_PTRACE')],
  netadmin: [runAsRoot, addCapabilities('NET_ADMIN', 'NET_RAW')],
  sysadmin: [runAsRoot, privileged],
};

/** The security context of a profile; undefined when it sets nothing (`baseline`). */
export const profileContext = (profile: Profile): SecurityContext | undefined => {
  const context = PROFILE_EFFECTS[profile].reduce((before, effect) => effect(before), {} as SecurityContext);
  return Object.keys(context).length === 0 ? undefined : context;
};
