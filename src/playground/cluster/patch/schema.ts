/** What a Pod may hold where the double checks it: the whole ephemeral container, the first level of the rest. */

export type Field = 'string' | 'boolean' | 'integer' | 'any' | { readonly list: Field } | { readonly map: Field } | { readonly object: Readonly<Record<string, Field>> };

const STRINGS: Field = { list: 'string' };
const names = (text: string): Readonly<Record<string, Field>> => Object.fromEntries(text.trim().split(/\s+/).map((name) => [name, 'any']));

const SECURITY_CONTEXT: Field = {
  object: {
    capabilities: { object: { add: STRINGS, drop: STRINGS } },
    privileged: 'boolean',
    seLinuxOptions: { object: { user: 'string', role: 'string', type: 'string', level: 'string' } },
    windowsOptions: { object: { gmsaCredentialSpecName: 'string', gmsaCredentialSpec: 'string', runAsUserName: 'string', hostProcess: 'boolean' } },
    runAsUser: 'integer',
    runAsGroup: 'integer',
    runAsNonRoot: 'boolean',
    readOnlyRootFilesystem: 'boolean',
    allowPrivilegeEscalation: 'boolean',
    procMount: 'string',
    seccompProfile: { object: { type: 'string', localhostProfile: 'string' } },
    appArmorProfile: { object: { type: 'string', localhostProfile: 'string' } },
  },
};

const KEY_REF: Field = { object: { name: 'string', key: 'string', optional: 'boolean' } };

const ENV_VAR: Field = {
  object: {
    name: 'string',
    value: 'string',
    valueFrom: {
      object: {
        fieldRef: { object: { apiVersion: 'string', fieldPath: 'string' } },
        resourceFieldRef: { object: { containerName: 'string', resource: 'string', divisor: 'any' } },
        configMapKeyRef: KEY_REF,
        secretKeyRef: KEY_REF,
        fileKeyRef: { object: { volumeName: 'string', path: 'string', key: 'string', optional: 'boolean' } },
      },
    },
  },
};

const SOURCE: Field = { object: { name: 'string', optional: 'boolean' } };

/** In the order in which Go writes the fields of a container. */
export const EPHEMERAL_CONTAINER_FIELDS: Readonly<Record<string, Field>> = {
  name: 'string',
  image: 'string',
  command: STRINGS,
  args: STRINGS,
  workingDir: 'string',
  ports: { list: { object: { name: 'string', hostPort: 'integer', containerPort: 'integer', protocol: 'string', hostIP: 'string' } } },
  envFrom: { list: { object: { prefix: 'string', configMapRef: SOURCE, secretRef: SOURCE } } },
  env: { list: ENV_VAR },
  resources: { object: { limits: { map: 'any' }, requests: { map: 'any' }, claims: { list: 'any' } } },
  resizePolicy: { list: { object: { resourceName: 'string', restartPolicy: 'string' } } },
  restartPolicy: 'string',
  restartPolicyRules: { list: 'any' },
  volumeMounts: {
    list: {
      object: {
        name: 'string', readOnly: 'boolean', recursiveReadOnly: 'string', mountPath: 'string', subPath: 'string',
        mountPropagation: 'string', subPathExpr: 'string',
      },
    },
  },
  volumeDevices: { list: { object: { name: 'string', devicePath: 'string' } } },
  livenessProbe: { map: 'any' },
  readinessProbe: { map: 'any' },
  startupProbe: { map: 'any' },
  lifecycle: { map: 'any' },
  terminationMessagePath: 'string',
  terminationMessagePolicy: 'string',
  imagePullPolicy: 'string',
  securityContext: SECURITY_CONTEXT,
  stdin: 'boolean',
  stdinOnce: 'boolean',
  tty: 'boolean',
  targetContainerName: 'string',
};

export const POD: Field = {
  object: {
    kind: 'string',
    apiVersion: 'string',
    metadata: {
      object: {
        ...names(`name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp
          deletionGracePeriodSeconds ownerReferences finalizers managedFields`),
        labels: { map: 'string' },
        annotations: { map: 'string' },
      },
    },
    spec: {
      object: {
        ...names(`volumes initContainers containers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy
          nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC
          shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity schedulerName tolerations
          hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks
          preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims
          resources hostnameOverride workloadRef schedulingGroup`),
        ephemeralContainers: { list: { object: EPHEMERAL_CONTAINER_FIELDS } },
      },
    },
    status: 'any',
  },
};
