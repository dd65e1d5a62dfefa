/** Whether `*` (any characters, also none) in the pattern can stand for what the text has there. Linear. */
export const globMatches = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > text.length - last.length) return false;
    from = found + piece.length;
  }
  return true;
};
