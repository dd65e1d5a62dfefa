/** The digest holds all of the plan; the container is the same wherever it is built. */
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/domain/names.ts';
import { containerNameOf, containerOf, planDigest, type Plan } from '../../src/domain/plan.ts';
import { at, digest, plan } from '../fixtures/requests.ts';

/** A plan with every optional field set. */
const full: Plan = {
  ...plan,
  preset: 'sockets' as NonNullable<Plan['preset']>,
  container: {
    ...plan.container, env: [{ name: 'A', value: 'b' }], workingDir: '/tmp', imagePullPolicy: 'IfNotPresent',
    securityContext: { runAsUser: 1, runAsGroup: 2, runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, privileged: false, capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
  },
};

const leavesOf = (value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, Array.isArray(value) ? Number(key) : key]));
};
const other = (leaf: unknown): unknown => {
  if (typeof leaf === 'string') return `${leaf}x`;
  if (typeof leaf === 'number') return leaf + 1;
  return typeof leaf === 'boolean' ? !leaf : 'x';
};
const changed = (value: unknown, [key, ...rest]: readonly (string | number)[], change: (leaf: unknown) => unknown): unknown => {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((member: unknown, index) => (index === key ? changed(member, rest, change) : member));
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, name === key ? changed(member, rest, change) : (member as unknown)]));
};

describe('the digest', () => {
  const leaves = leavesOf(full);
  it('is looked at leaf by leaf, of which there are many', () => { expect(leaves.length).toBeGreaterThan(35); });
  it.each(leaves.map((path) => [path.join('.'), path] as const))('changes with %s', (_name, path) => {
    expect(planDigest(changed(full, path, other) as Plan)).not.toBe(planDigest(full));
  });
  it('changes when something is taken away, added, or stands in another order', () => {
    const variants: readonly Plan[] = [
      full, plan, { ...full, argv: ['ss'] }, { ...full, argv: [...full.argv, ''] }, { ...full, argv: full.argv.toReversed() }, { ...full, argv: ['ss -tlnp'] },
      { ...full, targets: [] }, { ...full, targets: [...full.targets, ...full.targets] }, { ...full, audience: { kind: 'person', user: full.requester } },
    ];
    expect(new Set(variants.map(planDigest)).size).toBe(variants.length);
  });
  it('does not depend on the order of the keys, nor on a way through Redis', () => {
    const turned = Object.fromEntries(Object.entries(full).toReversed()) as unknown as Plan;
    expect(planDigest(turned)).toBe(planDigest(full));
    expect(planDigest(JSON.parse(JSON.stringify(full)) as Plan)).toBe(planDigest(full));
  });
});

describe('the container', () => {
  it('is named by 16 hex of the digest', () => {
    expect(containerNameOf(digest)).toBe(`kdebug-${digest.slice(0, 16)}`);
    expect(containerOf(plan, at(600)).name).toBe(containerNameOf(planDigest(plan)));
    expect(containerOf(plan, at(600)).name).toMatch(/^kdebug-[0-9a-f]{16}$/);
  });
  it('has the deadline in its place, in whole seconds rounded down: never later than the record says', () => {
    expect(containerOf(plan, 1_760_000_600_999 as Instant).command).toEqual(['sh', '-c', 'wrapper', 'kdebug', '1760000600', '60', 'ss', '-tlnp']);
  });
  it('of an image without a shell runs bare', () => {
    const bare: Plan = { ...plan, bounded: false, container: { ...plan.container, command: ['ss', '-tlnp'] } };
    expect(containerOf(bare, at(600)).command).toEqual(['ss', '-tlnp']);
  });
  it('is the plan\'s in every other field', () => {
    const { name: _name, command: _command, ...rest } = containerOf(full, at(600));
    const { command: _planned, ...planned } = full.container;
    expect(rest).toEqual(planned);
  });
  it('is identical for every worker that read the plan, and another for another deadline', () => {
    const read = JSON.parse(JSON.stringify(full)) as Plan;
    expect(JSON.stringify(containerOf(read, at(600)))).toBe(JSON.stringify(containerOf(full, at(600))));
    expect(containerOf(full, at(601)).command).not.toEqual(containerOf(full, at(600)).command);
    expect(containerOf(full, at(601)).name).toBe(containerOf(full, at(600)).name);
  });
  it('leaves the plan as it was', () => {
    const before = JSON.stringify(full);
    containerOf(full, at(600));
    expect(JSON.stringify(full)).toBe(before);
  });
});
