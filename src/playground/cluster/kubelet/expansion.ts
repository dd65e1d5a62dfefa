/**
 * `$(NAME)` in command, args and env as the kubelet expands it (k8s.io/kubernetes/third_party/forked/golang/expansion):
 * `$$` becomes `$`, `$(NAME)` the variable's value when there is one and stays as it is when there is none, any other
 * `$` is left alone.
 */
export const expand = (text: string, variables: ReadonlyMap<string, string>): string => {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const next = text.charAt(at + 1);
    const end = next === '(' ? text.indexOf(')', at + 2) : -1;
    if (text.charAt(at) !== '$') out += text.charAt(at);
    else if (next === '$') [out, at] = [`${out}$`, at + 1];
    else if (end > 0) [out, at] = [out + valueOf(text.slice(at + 2, end), variables), end];
    else if (next === '(') [out, at] = [`${out}$(`, at + 1];
    else out += '$';
  }
  return out;
};

const valueOf = (name: string, variables: ReadonlyMap<string, string>): string => variables.get(name) ?? `$(${name})`;

/** The container's own variables in order, each of which may use those before it and the service links. */
export const expandEnv = (
  entries: readonly { readonly name: string; readonly value: string }[],
  serviceLinks: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const known = new Map(serviceLinks);
  for (const { name, value } of entries) known.set(name, expand(value, known));
  return known;
};
