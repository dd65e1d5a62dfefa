/** Image references as the kubelet and containerd read them (github.com/distribution/reference, normalize.go). */
const DOMAIN = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?$/;
const REST = /^([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

export type ImageName = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly message: string };

/** The reference with its registry and tag spelled out: `busybox` is `docker.io/library/busybox:latest`. */
export const fullImageName = (image: string): ImageName => {
  const { domain, rest } = splitDomain(image);
  const repository = /^[^:@]*/.exec(rest)?.[0] ?? '';
  if (/[A-Z]/.test(repository)) return refused(image, `: repository name (${repository}) must be lowercase`);
  const match = REST.exec(rest);
  if (!match || !DOMAIN.test(domain)) return refused(image, '');
  const path = domain === 'docker.io' && !rest.includes('/') ? `library/${match[1]}` : match[1];
  const tag = match[2] ?? (match[3] === undefined ? ':latest' : '');
  return { ok: true, name: `${domain}/${path}${tag}${match[3] ?? ''}` };
};

/** A first component with a dot, a colon or a capital is a registry; anything else belongs to Docker Hub. */
const splitDomain = (image: string): { readonly domain: string; readonly rest: string } => {
  const slash = image.indexOf('/');
  const first = slash > 0 ? image.slice(0, slash) : '';
  const isRegistry = first === 'localhost' || /[.:A-Z]/.test(first);
  return isRegistry ? { domain: first, rest: image.slice(slash + 1) } : { domain: 'docker.io', rest: image };
};

const refused = (image: string, why: string): ImageName => ({
  ok: false,
  message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format${why}`,
});
