import { expect, test } from 'vitest';
import { problemsOf, yaml } from './base.ts';
import type { SECTIONS } from './base.ts';

interface Case {
  readonly name: string;
  /** Sections written in the place of the good ones; lines 1 to 6 of the file are the sections of base.ts. */
  readonly sections?: Partial<Record<keyof typeof SECTIONS, string>>;
  /** What follows from line 7 on. */
  readonly more?: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'an unknown section',
    more: 'chanels: 1',
    says: [
      'kdebug.yaml:7:1: chanels: is not a key here; did you mean channels?',
    ],
  },
  {
    name: 'an unknown key far from any other',
    more: 'zzzzzz: 1',
    says: [
      'kdebug.yaml:7:1: zzzzzz: is not a key here; write clusters, images, presets, environments, rules, channels, identity, break_glass, redis, limits or redaction',
    ],
  },
  {
    name: '__proto__ as a key',
    more: '__proto__: {}',
    says: [
      'kdebug.yaml:7:1: __proto__: is not a key; take it out',
    ],
  },
  {
    name: 'a key twice',
    sections: { clusters: 'clusters: { main: {}, main: {} }' },
    says: [
      'kdebug.yaml:1:23: clusters.main: is here twice; keep one',
    ],
  },
  {
    name: 'a merge key',
    sections: { clusters: 'clusters: { main: { <<: {} } }' },
    says: [
      'kdebug.yaml:1:21: clusters.main."<<": merge keys are not read; write the keys in full',
    ],
  },
  {
    name: 'an anchor',
    sections: { clusters: 'clusters: { main: &m {} }' },
    says: [
      'kdebug.yaml:1:22: clusters.main: &m is an anchor; write the value in full: anchors, aliases and tags are not read',
    ],
  },
  {
    name: 'an alias',
    sections: { clusters: 'clusters: { main: *m }' },
    says: [
      'kdebug.yaml:1:19: clusters.main: *m is an alias; write the value in full: anchors, aliases and tags are not read',
    ],
  },
  {
    name: 'a tag',
    sections: { clusters: 'clusters: { main: !!map {} }' },
    says: [
      'kdebug.yaml:1:25: clusters.main: "tag:yaml.org,2002:map" is a tag; write the value in full: anchors, aliases and tags are not read',
    ],
  },
  {
    name: 'two documents',
    more: "---\na: 1",
    says: [
      'kdebug.yaml:7:1: yaml: a second document begins here; keep one document and take out the --- line',
    ],
  },
  {
    name: 'a tab as indentation',
    more: "limits:\n\ttimeout_max: 1m",
    says: [
      'kdebug.yaml:8:1: yaml: a tab indents this line; indent with spaces',
    ],
  },
  {
    name: 'a bracket never closed',
    sections: { clusters: 'clusters: { main: {}' },
    says: [
      'kdebug.yaml:2:1: yaml: Flow map in block collection must be sufficiently indented and end with a }; check indentation and quotes here',
    ],
  },
  {
    name: 'a list as a key',
    sections: { clusters: 'clusters: { [a]: {}, main: {} }' },
    says: [
      'kdebug.yaml:1:11: clusters: has a key that is not a word; write name: value',
    ],
  },
  {
    name: 'no clusters',
    sections: { clusters: '' },
    says: [
      'kdebug.yaml:2:1: clusters: is missing; write a mapping such as main: {}',
    ],
  },
  {
    name: 'an empty mapping of clusters',
    sections: { clusters: 'clusters: {}' },
    says: [
      'kdebug.yaml:1:11: clusters: is an empty mapping; write at least one cluster, such as main: {}',
    ],
  },
  {
    name: 'a cluster left empty',
    sections: { clusters: 'clusters: { main: }' },
    says: [
      'kdebug.yaml:1:13: clusters.main: is empty; write {} for the current context of the kubeconfig',
    ],
  },
  {
    name: 'a cluster name in capitals',
    sections: { clusters: 'clusters: { Main: {} }' },
    says: [
      'kdebug.yaml:1:13: clusters.Main: "Main" is not a cluster name; write lower-case letters, digits and dashes, at most 40',
    ],
  },
  {
    name: 'a cluster name of 41 characters',
    sections: { clusters: 'clusters: { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: {} }' },
    says: [
      'kdebug.yaml:1:13: clusters.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not a cluster name; write lower-case letters, digits and dashes, at most 40',
    ],
  },
  {
    name: 'two clusters, no default',
    sections: { clusters: 'clusters: { a: {}, b: {} }' },
    says: [
      'kdebug.yaml:1:1: clusters: has several clusters and no default one; write default: true at one of them',
    ],
  },
  {
    name: 'two clusters, two defaults',
    sections: { clusters: 'clusters: { a: { default: true }, b: { default: true } }' },
    says: [
      'kdebug.yaml:1:49: clusters.b.default: is a second default beside a; keep one',
    ],
  },
  {
    name: 'a cancel that does not exist',
    sections: { clusters: 'clusters: { main: { cancel: kill } }' },
    says: [
      'kdebug.yaml:1:29: clusters.main.cancel: "kill" is not a choice here; write none or exec',
    ],
  },
  {
    name: 'a URL as image ref',
    sections: { images: 'images: { netshoot: { ref: "https://a/b:1" } }' },
    says: [
      'kdebug.yaml:2:28: images.netshoot.ref: "https://a/b:1" is not an image reference; write repository:tag or repository@sha256:…, without a scheme',
    ],
  },
  {
    name: 'an image name in capitals',
    sections: { images: 'images: { Netshoot: { ref: "a:1" } }' },
    says: [
      'kdebug.yaml:2:11: images.Netshoot: "Netshoot" is not an image name; write lower-case letters, digits, dots, dashes and underscores, at most 63',
    ],
  },
  {
    name: 'no ref',
    sections: { images: 'images: { netshoot: { shell: true } }' },
    says: [
      'kdebug.yaml:2:11: images.netshoot.ref: is missing; write repository:tag or repository@sha256:…, without a scheme',
    ],
  },
  {
    name: 'yes for true',
    sections: { images: 'images: { netshoot: { ref: "a:1", shell: yes } }' },
    says: [
      'kdebug.yaml:2:42: images.netshoot.shell: "yes" is text; write true or false',
    ],
  },
  {
    name: 'a profile that does not exist',
    sections: { images: 'images: { netshoot: { ref: "a:1", profile: root } }' },
    says: [
      'kdebug.yaml:2:44: images.netshoot.profile: "root" is not a choice here; write restricted, baseline, general, netadmin or sysadmin',
    ],
  },
  {
    name: 'two default images',
    sections: { images: 'images: { a: { ref: "a:1", default: true }, b: { ref: "b:1", default: true } }' },
    says: [
      'kdebug.yaml:2:71: images.b.default: is a second default beside a; keep one',
    ],
  },
  {
    name: 'an overlay with envFrom',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { envFrom: [] } } }' },
    says: [
      'kdebug.yaml:2:46: images.netshoot.overlay.envFrom: is not a key here; write workingDir or securityContext',
    ],
  },
  {
    name: 'an overlay that is privileged',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { securityContext: { privileged: true } } } }' },
    says: [
      'kdebug.yaml:2:77: images.netshoot.overlay.securityContext.privileged: an overlay never adds power; write profile: sysadmin instead',
    ],
  },
  {
    name: 'an overlay with SYS_PTRACE',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { securityContext: { capabilities: { add: [SYS_PTRACE] } } } } }' },
    says: [
      'kdebug.yaml:2:87: images.netshoot.overlay.securityContext.capabilities.add.0: "SYS_PTRACE" is not a choice here; write one of AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, …',
    ],
  },
  {
    name: 'an overlay with seccomp off',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { securityContext: { seccompProfile: { type: Unconfined } } } } }' },
    says: [
      'kdebug.yaml:2:89: images.netshoot.overlay.securityContext.seccompProfile.type: "Unconfined" is not a choice here; write RuntimeDefault',
    ],
  },
  {
    name: 'a relative working folder',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { workingDir: tmp } } }' },
    says: [
      'kdebug.yaml:2:58: images.netshoot.overlay.workingDir: "tmp" is not an absolute path; write a path that begins with /',
    ],
  },
  {
    name: 'a negative user id',
    sections: { images: 'images: { netshoot: { ref: "a:1", overlay: { securityContext: { runAsUser: -1 } } } }' },
    says: [
      'kdebug.yaml:2:76: images.netshoot.overlay.securityContext.runAsUser: -1 is not allowed; write a whole number from 0 to 2147483647',
    ],
  },
  {
    name: 'a preset of an unknown image',
    sections: { presets: 'presets: { p: { image: netshot, command: [ls] } }' },
    says: [
      'kdebug.yaml:3:24: presets.p.image: "netshot" is not in images:; did you mean netshoot?',
    ],
  },
  {
    name: 'a preset without a command',
    sections: { presets: 'presets: { p: { image: netshoot } }' },
    says: [
      'kdebug.yaml:3:12: presets.p.command: is missing; write the program and its arguments, such as [ss, -tlnp]',
    ],
  },
  {
    name: 'a preset with a command in one text',
    sections: { presets: 'presets: { p: { image: netshoot, command: "ls -l" } }' },
    says: [
      'kdebug.yaml:3:43: presets.p.command: "ls -l" is text; write the program and its arguments, such as [ss, -tlnp]',
    ],
  },
  {
    name: 'a preset with an empty command',
    sections: { presets: 'presets: { p: { image: netshoot, command: [] } }' },
    says: [
      'kdebug.yaml:3:43: presets.p.command: is an empty list; write the program and its arguments, such as [ss, -tlnp]',
    ],
  },
  {
    name: 'a number among the arguments',
    sections: { presets: 'presets: { p: { image: netshoot, command: [sleep, 10] } }' },
    says: [
      'kdebug.yaml:3:51: presets.p.command.1: 10 is a number to YAML; write it in quotes',
    ],
  },
  {
    name: 'a placeholder without a parameter',
    sections: { presets: 'presets: { p: { image: netshoot, command: [dig, "{name}"] } }' },
    says: [
      'kdebug.yaml:3:49: presets.p.command.1: {name} has no parameter; write parameters: { name: { pattern: "^…$" } }',
    ],
  },
  {
    name: 'a parameter that nobody uses',
    sections: { presets: 'presets: { p: { image: netshoot, command: [dig], parameters: { name: { pattern: "^a$" } } } }' },
    says: [
      'kdebug.yaml:3:64: presets.p.parameters.name: is not used; write "{name}" in command:, or take it out',
    ],
  },
  {
    name: 'a placeholder inside other text',
    sections: { presets: 'presets: { p: { image: netshoot, command: [dig, "@{name}", "{name}"], parameters: { name: { pattern: "^a$" } } } }' },
    says: [
      'kdebug.yaml:3:49: presets.p.command.1: "@{name}" holds {name} inside other text; write "{name}" as an argument of its own',
    ],
  },
  {
    name: 'a parameter as the program',
    sections: { presets: 'presets: { p: { image: netshoot, command: ["{name}"], parameters: { name: { pattern: "^a$" } } } }' },
    says: [
      'kdebug.yaml:3:44: presets.p.command.0: {name} would let people choose the program; write the program here',
    ],
  },
  {
    name: 'a parameter pattern that is not anchored',
    sections: { presets: 'presets: { p: { image: netshoot, command: [dig, "{name}"], parameters: { name: { pattern: "[a-z]+" } } } }' },
    says: [
      'kdebug.yaml:3:91: presets.p.parameters.name.pattern: "[a-z]+" would accept a value of which only a part matches; write ^(?:…)$ around it',
    ],
  },
  {
    name: 'a parameter pattern with an open alternative',
    sections: { presets: 'presets: { p: { image: netshoot, command: [dig, "{name}"], parameters: { name: { pattern: "^a|b$" } } } }' },
    says: [
      'kdebug.yaml:3:91: presets.p.parameters.name.pattern: "^a|b$" would accept a value of which only a part matches; write ^(?:…)$ around it',
    ],
  },
  {
    name: 'a variable of the wrapper',
    sections: { presets: 'presets: { p: { image: netshoot, command: [ls], env: { LD_PRELOAD: x } } }' },
    says: [
      'kdebug.yaml:3:56: presets.p.env.LD_PRELOAD: "LD_PRELOAD" is not a variable that a preset may set; write an upper-case name, none of KDEBUG_*, LD_*, PATH, ENV, BASH_ENV, IFS, SHELLOPTS and PS4',
    ],
  },
  {
    name: 'a target that is no container name',
    sections: { presets: 'presets: { p: { image: netshoot, command: [ls], target: App } }' },
    says: [
      'kdebug.yaml:3:57: presets.p.target: "App" is not a container name; write a container name, or none',
    ],
  },
  {
    name: 'an environment of an unknown cluster',
    sections: { environments: 'environments: { prod: { clusters: [mian], namespaces: [prod] } }' },
    says: [
      'kdebug.yaml:4:36: environments.prod.clusters.0: "mian" matches none of clusters:; did you mean main?',
    ],
  },
  {
    name: 'a namespace pattern in capitals',
    sections: { environments: 'environments: { prod: { clusters: [main], namespaces: [Prod] } }' },
    says: [
      'kdebug.yaml:4:56: environments.prod.namespaces.0: "Prod" is not a name or a pattern of names; write a name such as prod, or a pattern such as "prod-*"',
    ],
  },
  {
    name: 'no rules',
    sections: { rules: 'rules: []' },
    says: [
      'kdebug.yaml:5:8: rules: is an empty list; write a list of rules, each with name:, when: and decide:',
    ],
  },
  {
    name: 'a rule that is only text',
    sections: { rules: 'rules: [allow everything]' },
    says: [
      'kdebug.yaml:5:9: rules.0: "allow everything" is text; write a rule with name:, when: and decide:',
    ],
  },
  {
    name: 'a rule without when',
    sections: { rules: 'rules: [{ name: a, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:9: rules.0.when: is missing; write a mapping of conditions; {} matches everything',
    ],
  },
  {
    name: 'a rule without a name',
    sections: { rules: 'rules: [{ when: {}, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:9: rules.0.name: is missing; write one line of 1 to 100 characters',
    ],
  },
  {
    name: 'a decide that does not exist',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: deny }]' },
    says: [
      'kdebug.yaml:5:38: rules.0.decide: "deny" is not a choice here; write refuse, allow or approve',
    ],
  },
  {
    name: 'two rules of one name',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: refuse }, { name: a, when: {}, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:56: rules.1.name: "a" is already the name of rules.0; write another name',
    ],
  },
  {
    name: 'aprovers',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, aprovers: ["user:U1"] }]' },
    says: [
      'kdebug.yaml:5:9: rules.0.approvers: is missing; write who may approve, such as approvers: ["usergroup:S0SRE"]',
      'kdebug.yaml:5:47: rules.0.aprovers: is not a key here; did you mean approvers?',
    ],
  },
  {
    name: 'approve with nobody',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvers: [] }]' },
    says: [
      'kdebug.yaml:5:58: rules.0.approvers: is an empty list; write a list such as ["usergroup:S0SRE", "user:U0BOB"]',
    ],
  },
  {
    name: 'approve without approvers',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve }]' },
    says: [
      'kdebug.yaml:5:9: rules.0.approvers: is missing; write who may approve, such as approvers: ["usergroup:S0SRE"]',
    ],
  },
  {
    name: 'no approvals needed',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvals: 0, approvers: ["user:U1"] }]' },
    says: [
      'kdebug.yaml:5:58: rules.0.approvals: 0 is not allowed; write a whole number from 1 to 10',
    ],
  },
  {
    name: 'half an approval',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvals: 0.5, approvers: ["user:U1"] }]' },
    says: [
      'kdebug.yaml:5:58: rules.0.approvals: 0.5 is not allowed; write a whole number from 1 to 10',
    ],
  },
  {
    name: 'more approvals than people',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvals: 2, approvers: ["user:U1", "user:U1"] }]' },
    says: [
      'kdebug.yaml:5:58: rules.0.approvals: 2 approvals can never be had from 1 named person; write 1 or less, or name more',
    ],
  },
  {
    name: 'approvers by name',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvers: ["@bob"] }]' },
    says: [
      'kdebug.yaml:5:59: rules.0.approvers.0: "@bob" is not a person or a user group; write "user:U0ALICE" or "usergroup:S0SRE", by id',
    ],
  },
  {
    name: 'a group id behind user:',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvers: ["user:S0SRE"] }]' },
    says: [
      'kdebug.yaml:5:59: rules.0.approvers.0: "user:S0SRE" is not a person or a user group; write "user:U0ALICE" or "usergroup:S0SRE", by id',
    ],
  },
  {
    name: 'approvers of an allow rule',
    sections: { rules: 'rules: [{ name: a, when: { profiles: [general] }, decide: allow, approvers: ["user:U1"] }]' },
    says: [
      'kdebug.yaml:5:66: rules.0.approvers: means nothing where decide: allow; take it out, or write another decide:',
    ],
  },
  {
    name: 'a message of an allow rule',
    sections: { rules: 'rules: [{ name: a, when: { profiles: [general] }, decide: allow, message: hi }]' },
    says: [
      'kdebug.yaml:5:66: rules.0.message: means nothing where decide: allow; take it out, or write another decide:',
    ],
  },
  {
    name: 'unbounded on a refuse rule',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: refuse, unbounded: true }]' },
    says: [
      'kdebug.yaml:5:46: rules.0.unbounded: means nothing where decide: refuse; take it out, or write another decide:',
    ],
  },
  {
    name: 'pods that reach their node on a refuse rule, and a word that is none',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: refuse, node_access: refuse }, { name: b, when: {}, decide: allow, node_access: never }]' },
    says: [
      'kdebug.yaml:5:46: rules.0.node_access: means nothing where decide: refuse; take it out, or write another decide:',
      'kdebug.yaml:5:118: rules.1.node_access: "never" is not a choice here; write allow or refuse',
    ],
  },
  {
    name: 'unbounded where every image is bounded',
    sections: { rules: 'rules: [{ name: a, when: { images: [netshoot], profiles: [general] }, decide: allow, unbounded: true }]' },
    says: [
      'kdebug.yaml:5:97: rules.0.unbounded: is needless: every image of this rule has sh and timeout (shell: true); write false or take it out',
    ],
  },
  {
    name: 'an unknown image in a rule',
    sections: { rules: 'rules: [{ name: a, when: { images: [netshot] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:37: rules.0.when.images.0: "netshot" is not in images:; did you mean netshoot?',
    ],
  },
  {
    name: 'an unknown preset in a rule',
    sections: { rules: 'rules: [{ name: a, when: { presets: [dns] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:38: rules.0.when.presets.0: "dns" is not in presets:; there is none yet',
    ],
  },
  {
    name: 'an unknown environment in a rule',
    sections: { rules: 'rules: [{ name: a, when: { environments: [prod] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:43: rules.0.when.environments.0: "prod" is not in environments:; there is none yet',
    ],
  },
  {
    name: 'an unknown cluster in a rule',
    sections: { rules: 'rules: [{ name: a, when: { clusters: [west] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:39: rules.0.when.clusters.0: "west" is not in clusters:; write main',
    ],
  },
  {
    name: 'an empty list in when',
    sections: { rules: 'rules: [{ name: a, when: { requesters: [] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:40: rules.0.when.requesters: is an empty list; write a list such as ["usergroup:S0ENG"]',
    ],
  },
  {
    name: 'an empty mapping of labels',
    sections: { rules: 'rules: [{ name: a, when: { labels: {} }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:36: rules.0.when.labels: is an empty mapping; write a label such as { team: payments }',
    ],
  },
  {
    name: 'a label that is a number',
    sections: { rules: 'rules: [{ name: a, when: { labels: { tier: 1 } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:44: rules.0.when.labels.tier: 1 is a number to YAML; write it in quotes',
    ],
  },
  {
    name: 'images that none of the presets has',
    sections: { images: 'images: { a: { ref: "a:1" }, b: { ref: "b:1" } }', presets: 'presets: { p: { image: a, command: [ls] } }', rules: 'rules: [{ name: a, when: { presets: [p], images: [b] }, decide: allow }]' },
    says: [
      'kdebug.yaml:5:50: rules.0.when.images: is the image of none of the presets beside it, so the rule never matches; take one of the two out',
    ],
  },
  {
    name: 'allow for everything',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: allow }]' },
    says: [
      'kdebug.yaml:5:38: rules.0.decide: allow would let people use the profile sysadmin, which is root on the node; write when.profiles: with the profiles you mean, or a rule for sysadmin above',
    ],
  },
  {
    name: 'allow for a preset with sysadmin',
    sections: { presets: 'presets: { p: { image: netshoot, profile: sysadmin, command: [ls] } }', rules: 'rules: [{ name: a, when: { presets: [p] }, decide: allow }]' },
    says: [
      'kdebug.yaml:5:52: rules.0.decide: allow would let people use the profile sysadmin, which is root on the node; write when.profiles: with the profiles you mean, or a rule for sysadmin above',
    ],
  },
  {
    name: 'sysadmin caught only in another environment',
    sections: { environments: 'environments: { prod: { clusters: [main], namespaces: [prod] } }', rules: 'rules: [{ name: a, when: { profiles: [sysadmin], environments: [prod] }, decide: refuse }, { name: b, when: {}, decide: allow }]' },
    says: [
      'kdebug.yaml:5:121: rules.1.decide: allow would let people use the profile sysadmin, which is root on the node; write when.profiles: with the profiles you mean, or a rule for sysadmin above',
    ],
  },
  {
    name: 'sysadmin caught too late',
    sections: { rules: 'rules: [{ name: b, when: { images: [netshoot] }, decide: allow }, { name: a, when: { profiles: [sysadmin] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:58: rules.0.decide: allow would let people use the profile sysadmin, which is root on the node; write when.profiles: with the profiles you mean, or a rule for sysadmin above',
    ],
  },
  {
    name: 'a day in full',
    sections: { rules: 'rules: [{ name: a, when: { hours: { days: [monday], from: "07:00", to: "20:00", zone: UTC } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:44: rules.0.when.hours.days.0: "monday" is not a choice here; write mon, tue, wed, thu, fri, sat or sun',
    ],
  },
  {
    name: 'an hour without its zero',
    sections: { rules: 'rules: [{ name: a, when: { hours: { days: [mon], from: 7:00, to: "20:00", zone: UTC } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:56: rules.0.when.hours.from: "7:00" is not a time of day; write "07:00", from "00:00" to "24:00"',
    ],
  },
  {
    name: 'a zone on Mars',
    sections: { rules: 'rules: [{ name: a, when: { hours: { days: [mon], from: "07:00", to: "20:00", zone: Mars/Base } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:84: rules.0.when.hours.zone: "Mars/Base" is not a time zone; write a name such as Europe/Berlin or UTC',
    ],
  },
  {
    name: 'hours without a minute',
    sections: { rules: 'rules: [{ name: a, when: { hours: { days: [mon], from: "07:00", to: "07:00", zone: UTC } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:69: rules.0.when.hours.to: "07:00" is also from:, so no minute is left; write "00:00" and "24:00" for a whole day',
    ],
  },
  {
    name: 'hours from 24:00',
    sections: { rules: 'rules: [{ name: a, when: { hours: { days: [mon], from: "24:00", to: "07:00", zone: UTC } }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:56: rules.0.when.hours.from: "24:00" begins the next day; write "00:00"',
    ],
  },
  {
    name: 'a reason pattern that looks ahead',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvers: ["user:U1"], reason: { pattern: "(?=INC)" } }]' },
    says: [
      'kdebug.yaml:5:90: rules.0.reason.pattern: "(?=INC)" is refused as a pattern: it looks around, or names a group; write only ( ) and (?: )',
    ],
  },
  {
    name: 'an argument pattern that does not compile',
    sections: { rules: 'rules: [{ name: a, when: { argv: [{ program: curl, arguments: ["[a-z"] }] }, decide: refuse }]' },
    says: [
      'kdebug.yaml:5:64: rules.0.when.argv.0.arguments.0: "[a-z" is refused as a pattern: it has an empty or unclosed [ ]',
    ],
  },
  {
    name: 'an expiry of two days',
    sections: { rules: 'rules: [{ name: a, when: {}, decide: approve, approvers: ["user:U1"], expires: 2d }]' },
    says: [
      'kdebug.yaml:5:80: rules.0.expires: 2d is beyond the limit; write 1d or less',
    ],
  },
  {
    name: 'no audit channel',
    sections: { channels: 'channels: {}' },
    says: [
      'kdebug.yaml:6:1: channels.audit: is missing; write its id, such as C0AUDIT (in Slack: channel details, at the bottom)',
    ],
  },
  {
    name: 'a channel by name',
    sections: { channels: 'channels: { audit: "#audit" }' },
    says: [
      'kdebug.yaml:6:20: channels.audit: "#audit" is not the id of a channel; write its id, such as C0AUDIT (in Slack: channel details, at the bottom)',
    ],
  },
  {
    name: 'an incident pattern with #',
    sections: { channels: 'channels: { audit: C0AUDIT, incidents: ["#inc-*"] }' },
    says: [
      'kdebug.yaml:6:41: channels.incidents.0: "#inc-*" is not a pattern of channel names; write a pattern such as "inc-*", without #',
    ],
  },
  {
    name: 'identity mode on',
    more: 'identity: { mode: on }',
    says: [
      'kdebug.yaml:7:19: identity.mode: "on" is not a choice here; write off, review or impersonate',
    ],
  },
  {
    name: 'identity mode false',
    more: 'identity: { mode: false }',
    says: [
      'kdebug.yaml:7:19: identity.mode: false is a true-or-false word; write off, review or impersonate',
    ],
  },
  {
    name: 'identity by an empty map',
    more: 'identity: { mode: review, from: map }',
    says: [
      'kdebug.yaml:7:33: identity.from: map knows nobody, for identity.map is empty; write map: { U0ALICE: { user: alice@example.org } }',
    ],
  },
  {
    name: 'impersonating system:masters',
    more: 'identity: { map: { U0ALICE: { user: alice, groups: ["system:masters"] } } }',
    says: [
      'kdebug.yaml:7:53: identity.map.U0ALICE.groups.0: "system:masters" is not a name that may be impersonated; write a user or group of the cluster that does not begin with system:',
    ],
  },
  {
    name: 'a person by name in the map',
    more: 'identity: { map: { alice: { user: alice } } }',
    says: [
      'kdebug.yaml:7:20: identity.map.alice: "alice" is not the id of a Slack user; write an id such as U0ALICE',
    ],
  },
  {
    name: 'break glass for nobody',
    more: 'break_glass: { who: [] }',
    says: [
      'kdebug.yaml:7:21: break_glass.who: is an empty list; write a list such as ["usergroup:S0ONCALL"]',
    ],
  },
  {
    name: 'a review in a month',
    more: 'break_glass: { who: ["user:U1"], review_within: 30d }',
    says: [
      'kdebug.yaml:7:49: break_glass.review_within: 30d is beyond the limit; write 7d or less',
    ],
  },
  {
    name: 'a durability that does not exist',
    more: 'redis: { durability: off }',
    says: [
      'kdebug.yaml:7:22: redis.durability: "off" is not a choice here; write required or none',
    ],
  },
  {
    name: 'a timeout as a number',
    more: 'limits: { timeout_max: 90 }',
    says: [
      'kdebug.yaml:7:24: limits.timeout_max: 90 is a number; write a duration, such as 60s, 15m or 1h30m',
    ],
  },
  {
    name: 'a timeout beyond the hard limit',
    more: 'limits: { timeout_max: 20m }',
    says: [
      'kdebug.yaml:7:24: limits.timeout_max: 20m is beyond the limit; write 15m or less',
    ],
  },
  {
    name: 'a timeout of nothing',
    more: 'limits: { timeout_default: 0s }',
    says: [
      'kdebug.yaml:7:28: limits.timeout_default: 0s is too little; write 1s or more',
    ],
  },
  {
    name: 'a negative timeout',
    more: 'limits: { timeout_default: "-5s" }',
    says: [
      'kdebug.yaml:7:28: limits.timeout_default: "-5s" is not a duration; write one such as 60s, 15m or 1h30m',
    ],
  },
  {
    name: 'a default timeout above the longest',
    more: 'limits: { timeout_default: 2m, timeout_max: 1m }',
    says: [
      'kdebug.yaml:7:28: limits.timeout_default: 2m is more than timeout_max, which is 1m; write 1m or less',
    ],
  },
  {
    name: 'a longest timeout below the default one',
    more: 'limits: { timeout_max: 30s }',
    says: [
      'kdebug.yaml:7:24: limits.timeout_max: 30s is less than timeout_default, which is 1m; write 1m or more',
    ],
  },
  {
    name: 'more output kept than is read',
    more: 'limits: { output_kept: 17MiB }',
    says: [
      'kdebug.yaml:7:24: limits.output_kept: 17MiB is beyond the limit; write 16MiB or less',
    ],
  },
  {
    name: 'more output kept of one run than altogether',
    more: 'limits: { output_kept: 4MiB, output_store: 2MiB }',
    says: [
      'kdebug.yaml:7:24: limits.output_kept: 4MiB is more than output_store, which is 2MiB; write 2MiB or less',
    ],
  },
  {
    name: 'a size in MB',
    more: 'limits: { output_kept: 1MB }',
    says: [
      'kdebug.yaml:7:24: limits.output_kept: "1MB" is not a size; write one such as 512KiB, 1MiB or 2GiB',
    ],
  },
  {
    name: 'output kept longer than requests',
    more: 'limits: { output_days: 100 }',
    says: [
      'kdebug.yaml:7:24: limits.output_days: 100 is more than request_days, which is 90; write 90 or less',
    ],
  },
  {
    name: 'no replicas at all',
    more: 'limits: { replicas_max: 0 }',
    says: [
      'kdebug.yaml:7:25: limits.replicas_max: 0 is not allowed; write a whole number from 1 to 100',
    ],
  },
  {
    name: 'a redaction pattern that repeats a repetition',
    more: 'redaction: { patterns: [{ name: x, pattern: "(a+)+" }] }',
    says: [
      'kdebug.yaml:7:45: redaction.patterns.0.pattern: "(a+)+" is refused as a pattern: it repeats a group that holds a repetition or an alternative, which can take exponential time; repeat a class such as [a-z.]+ instead',
    ],
  },
  {
    name: 'a redaction pattern that refers back',
    more: "redaction: { patterns: [{ name: x, pattern: '(a)\\1' }] }",
    says: [
      "kdebug.yaml:7:45: redaction.patterns.0.pattern: \"(a)\\\\1\" is refused as a pattern: it refers back to an earlier group, which no linear-time engine can do",
    ],
  },
  {
    name: 'two redaction patterns of one name',
    more: 'redaction: { patterns: [{ name: x, pattern: a }, { name: x, pattern: b }] }',
    says: [
      'kdebug.yaml:7:58: redaction.patterns.1.name: "x" is the name of an earlier pattern; write another',
    ],
  },
  {
    name: 'a bidi control in a description',
    sections: { images: "images: { netshoot: { ref: \"a:1\", description: \"a\u202Eb\" } }" },
    says: [
      "kdebug.yaml:2:48: images.netshoot.description: \"a\\u{202e}b\" is not one plain line; write one line of 1 to 300 characters",
    ],
  },
];

test.each(CASES)('$name', ({ sections, more, says }) => {
  expect(problemsOf(yaml(sections, more))).toEqual(says);
});

test('the file that the cases change is right', () => {
  expect(problemsOf(yaml())).toEqual([]);
});

test('every mistake of a file is reported at once, in the order of the file', () => {
  const says = CASES.filter(({ name }) => ['a cluster name in capitals', 'yes for true', 'a rule that is only text', 'a channel by name'].includes(name));
  expect(says).toHaveLength(4);
  const sections = Object.assign({}, ...says.map((one) => one.sections)) as Case['sections'];
  expect(problemsOf(yaml(sections, 'chanels: 1'))).toEqual([...says.flatMap((one) => one.says), 'kdebug.yaml:7:1: chanels: is not a key here; did you mean channels?']);
});

test('more than a hundred mistakes are counted, not printed', () => {
  const says = problemsOf(yaml({}, Array.from({ length: 250 }, (_, index) => `zz${index}: 1`).join('\n')));
  expect(says).toHaveLength(101);
  expect(says.at(-1)).toBe('kdebug.yaml:107:1: yaml: and 150 more mistakes; repair those above first');
});

test('a file of another kind is refused by its size', () => {
  expect(problemsOf('x'.repeat(300_000))).toEqual(['kdebug.yaml:1:1: yaml: the file is larger than 256 KiB; is it the right one?']);
});

test('nothing at all', () => {
  expect(problemsOf('')).toEqual(['kdebug.yaml:1:1: yaml: is empty; write a mapping with clusters:, images:, rules: and channels:']);
});

test.each([
  ['a rule that names sysadmin', 'rules: [{ name: a, when: { profiles: [sysadmin] }, decide: allow }]'],
  ['a rule above that always decides about sysadmin', 'rules: [{ name: b, when: { profiles: [netadmin, sysadmin] }, decide: refuse }, { name: a, when: {}, decide: allow }]'],
  ['a rule above for the same namespaces and more', 'rules: [{ name: b, when: { profiles: [sysadmin], namespaces: [prod, dev] }, decide: refuse }, { name: a, when: { namespaces: [prod] }, decide: allow }]'],
  ['hours over midnight', 'rules: [{ name: a, when: { hours: { days: [fri], from: "22:00", to: "06:00", zone: Europe/Berlin } }, decide: refuse }]'],
  ['as many approvals as named people', 'rules: [{ name: a, when: {}, decide: approve, approvals: 2, approvers: ["user:U1", "user:U2"] }]'],
  ['more approvals than entries where one is a group', 'rules: [{ name: a, when: {}, decide: approve, approvals: 3, approvers: ["usergroup:S1"] }]'],
  ['an environment that is called constructor', 'rules: [{ name: a, when: { environments: [constructor] }, decide: refuse }]\nenvironments: { constructor: { clusters: ["m*n"], namespaces: ["*"] } }'],
])('%s is right', (_, rules) => {
  const environments = rules.includes('environments: {') ? { environments: '' } : {};
  expect(problemsOf(yaml({ rules, ...environments }))).toEqual([]);
});
