/** What stood in the way in the cluster or the catalogue, in words: one entry a code. The cluster's own sentence comes last. */
import type { Failure } from '../../../domain/outcome.ts';
import { EPHEMERAL_CONTAINERS_MAX } from '../../../domain/limits.ts';
import { cut } from '../render/escape.ts';
import { code, say, someOf, strong, type Sentence } from './sentence.ts';

/** Where it was, as far as it is known. */
export interface Where {
  readonly namespace?: string;
  readonly cluster?: string;
}

type FailureOf<Code extends Failure['code']> = Extract<Failure, { code: Code }>;
type Words = { readonly [Code in Failure['code']]: (failure: FailureOf<Code>, where: Where) => Sentence };

const DETAIL_CHARS_MAX = 600;
const detail = (text: string): Sentence => (text.trim() === '' ? [] : say` It said: ${code(cut(text, DETAIL_CHARS_MAX))}.`);
const inNamespace = ({ namespace }: Where): Sentence => (namespace === undefined ? [] : say` in ${strong(namespace)}`);
const theCluster = ({ cluster }: Where): Sentence => (cluster === undefined ? ['The cluster'] : say`The cluster ${strong(cluster)}`);

const TARGET: Pick<Words, 'pod_not_found' | 'workload_not_found' | 'no_pod_of_target' | 'pods_ambiguous' | 'too_many_pods' | 'mirror_pod' | 'own_namespace' | 'pod_finished' | 'pod_terminating' | 'pod_not_scheduled' | 'windows_pod' | 'too_many_containers' | 'container_not_found' | 'target_not_running' | 'pod_gone' | 'pod_replaced' | 'node_silent' | 'disruption_budget'> = {
  pod_not_found: ({ prefix, near }, where) => near.length === 0
    ? say`No pod${inNamespace(where)} starts with ${code(prefix)}. Check the name and the namespace.`
    : say`No pod${inNamespace(where)} starts with ${code(prefix)}. Near: ${someOf(near, '')}.`,
  workload_not_found: ({ resource, name }, where) => say`There is no ${code(`${resource}/${name}`)}${inNamespace(where)}. Check the name and the namespace.`,
  no_pod_of_target: ({ target }, where) => say`No running pod${inNamespace(where)} belongs to ${code(target)}. Check that it has replicas.`,
  pods_ambiguous: ({ prefix, pods, more }) => say`${more ? 'More than ' : ''}${String(pods.length)} pods match ${code(prefix)}: type one of these in full: ${someOf(pods, '')}.`,
  too_many_pods: ({ count, max }) => say`That means ${String(count)} pods, and one request runs in ${String(max)} at most. Name fewer: ${code(`--replicas ${max}`)}.`,
  own_namespace: ({ namespace }) => say`${strong(namespace)} is where kdebug itself lives, and nothing of it can be debugged through it. Use kubectl.`,
  mirror_pod: ({ pod }) => say`${code(pod)} is a static pod: its node runs it from a file, and Kubernetes adds debug containers to API pods only. Try a pod of its Deployment, or debug the node.`,
  pod_finished: ({ pod, phase }) => say`${code(pod)} has finished (${phase}), and nothing can be added to a pod that does not run. Its log may say more: ${code('kubectl logs')}.`,
  pod_terminating: ({ pod }) => say`${code(pod)} is being deleted. Try the pod that replaces it.`,
  pod_not_scheduled: ({ pod }) => say`${code(pod)} waits for a node, so there is nothing to look into yet. See why: ${code('kubectl describe pod')}.`,
  windows_pod: ({ pod }) => say`${code(pod)} runs on Windows, where kdebug's commands do not work. Use kubectl.`,
  too_many_containers: ({ pod, count }) => say`${code(pod)} holds ${String(count)} debug containers, and ${String(EPHEMERAL_CONTAINERS_MAX)} is the most. They go only with the pod: recreate it, or use another replica.`,
  container_not_found: ({ pod, container, containers }) => say`${code(pod)} has no container ${code(container)}. It has: ${someOf(containers, 'none')}.`,
  target_not_running: ({ pod, container }) => say`The container ${code(container)} of ${code(pod)} does not run, so its processes cannot be seen. Try ${code('--target none')}, or another container.`,
  pod_gone: ({ pod }) => say`${code(pod)} is gone. Ask again for the pod that replaced it.`,
  pod_replaced: ({ pod }) => say`${code(pod)} is another pod now: the one that was looked at is gone. Ask again.`,
  node_silent: ({ pod }) => say`The node of ${code(pod)} does not answer its cluster, so nothing can be started there. Try another replica.`,
  disruption_budget: ({ pod, budget, detail: text }) => say`${budget === null ? 'A disruption budget' : say`The disruption budget ${code(budget)}`} does not let ${code(pod)} go now. Wait until the other pods are healthy, or add a replica, then ask again.${detail(text)}`,
};

const ADMISSION: Pick<Words, 'pod_security' | 'admission' | 'invalid' | 'forbidden' | 'name_taken' | 'frozen'> = {
  pod_security: ({ detail: text }, where) => say`Pod Security${inNamespace(where)} does not admit this profile. Try a weaker one: ${code('--profile restricted')}.${detail(text)}`,
  admission: ({ detail: text }) => say`An admission rule of the cluster refuses this debug container. Ask the people who keep it.${detail(text)}`,
  invalid: ({ detail: text }) => say`The cluster did not accept the debug container. Check the options, or try another image or profile.${detail(text)}`,
  forbidden: ({ detail: text }, where) => say`${theCluster(where)} does not permit kdebug to do this${inNamespace(where)}. Ask its administrators for the rights that kdebug's manifests list.${detail(text)}`,
  name_taken: ({ container }) => say`A container ${code(container)} is in the pod already, and kdebug did not put it there. Nothing ran. Tell your security people.`,
  frozen: () => ['kdebug was frozen meanwhile, so the cluster is asked nothing more. Ask again once it is lifted.'],
};

const CONTAINER: Pick<Words, 'image_not_pulled' | 'image_invalid' | 'config_error' | 'create_error' | 'command_not_found' | 'expired_before_start'> = {
  image_not_pulled: ({ image, detail: text }) => say`The node could not pull ${code(image)}. Check the name, the tag and the node's access to the registry.${detail(text)}`,
  image_invalid: ({ image, detail: text }) => say`${code(image)} is not a name that the node understands. Correct it in the catalogue.${detail(text)}`,
  config_error: ({ detail: text }) => say`The node could not set the container up, most often because the image runs as root and the profile forbids it. Try another profile or image.${detail(text)}`,
  create_error: ({ detail: text }) => say`The node could not create the container.${detail(text)}`,
  command_not_found: ({ program, detail: text }) => say`${code(program)} is not in this image. Try another image: ${code('/kdebug images')}.${detail(text)}`,
  expired_before_start: () => ['It could not start in time, so it did not run. Ask again.'],
};

const CATALOGUE: Pick<Words, 'image_unknown' | 'preset_unknown' | 'parameter' | 'policy_changed'> = {
  image_unknown: ({ image, images }) => say`${code(image)} is not an image people may use here. There are: ${someOf(images, 'none')}.`,
  preset_unknown: ({ preset, presets }) => say`${code(preset)} is not a preset. There are: ${someOf(presets, 'none')}.`,
  parameter: ({ preset, detail: text }) => say`The preset ${code(preset)} does not take that: ${cut(text, DETAIL_CHARS_MAX)}`,
  policy_changed: () => ['The rules changed while this was being checked. Ask again: the new rules decide.'],
};

const CONNECTION: Pick<Words, 'unauthorized' | 'unreachable' | 'overloaded' | 'unexpected_answer'> = {
  unauthorized: ({ detail: text }, where) => say`${theCluster(where)} does not accept kdebug's credentials. Tell the people who run kdebug.${detail(text)}`,
  unreachable: ({ detail: text }, where) => say`${theCluster(where)} cannot be reached right now. Try again in a minute.${detail(text)}`,
  overloaded: ({ detail: text }, where) => say`${theCluster(where)} is too busy to answer. Try again in a minute.${detail(text)}`,
  unexpected_answer: ({ detail: text }, where) => say`${theCluster(where)} answered in a way that kdebug does not understand. Tell the people who run kdebug.${detail(text)}`,
};

const WORDS: Words = { ...TARGET, ...ADMISSION, ...CONTAINER, ...CATALOGUE, ...CONNECTION };

export const failureSentence = (failure: Failure, where: Where = {}): Sentence =>
  (WORDS[failure.code] as (failure: Failure, where: Where) => Sentence)(failure, where);
