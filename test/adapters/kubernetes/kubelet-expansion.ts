/** The kubelet's expansion of `$(NAME)` in command and env, as third_party/forked/golang/expansion/expand.go does it. */
export const expand = (input: string, env: ReadonlyMap<string, string> = new Map()): string => {
  let output = '';
  let checkpoint = 0;
  for (let cursor = 0; cursor < input.length; cursor += 1) {
    if (input[cursor] !== '$' || cursor + 1 >= input.length) continue;
    output += input.slice(checkpoint, cursor);
    const read = readName(input.slice(cursor + 1));
    output += read.isName ? env.get(read.text) ?? `$(${read.text})` : read.text;
    cursor += read.advance;
    checkpoint = cursor + 1;
  }
  return output + input.slice(checkpoint);
};

const readName = (rest: string): { readonly text: string; readonly isName: boolean; readonly advance: number } => {
  if (rest[0] === '$') return { text: '$', isName: false, advance: 1 };
  if (rest[0] !== '(') return { text: `$${rest[0]}`, isName: false, advance: 1 };
  const end = rest.indexOf(')');
  return end === -1 ? { text: '$(', isName: false, advance: 1 } : { text: rest.slice(1, end), isName: true, advance: end + 1 };
};
