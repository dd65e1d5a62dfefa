export type InTime<Value> = { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'late' } | { readonly kind: 'failed'; readonly error: unknown };

/** What the promise gives within `milliseconds`. Never rejects; a promise that is late goes on by itself. */
export const inTime = async <Value>(work: () => Promise<Value>, milliseconds: number): Promise<InTime<Value>> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<InTime<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), milliseconds);
  });
  try {
    return await Promise.race([settled(work), late]);
  } finally {
    clearTimeout(timer);
  }
};

const settled = async <Value>(work: () => Promise<Value>): Promise<InTime<Value>> => {
  try {
    return { kind: 'value', value: await work() };
  } catch (error) {
    return { kind: 'failed', error };
  }
};
