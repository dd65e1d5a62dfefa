/** What was asked not long ago need not be asked again; what is being asked is asked once. */

interface Entry<Value> {
  readonly askedAt: number;
  readonly value: Promise<Value>;
}

export interface Remembered<Key, Value> {
  /** The answer of at most `maxAgeMs` ago, else a new one. Rejections are not remembered. */
  get(key: Key, maxAgeMs: number): Promise<Value>;
}

/** `now` in milliseconds on a clock that never goes back; at most `entriesMax` are kept, the oldest go. */
export const remembered = <Key, Value>(ask: (key: Key) => Promise<Value>, now: () => number, entriesMax: number): Remembered<Key, Value> => {
  const entries = new Map<Key, Entry<Value>>();

  const askAnew = (key: Key): Promise<Value> => {
    const entry: Entry<Value> = { askedAt: now(), value: ask(key) };
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax) break;
      entries.delete(oldest);
    }
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    return entry.value;
  };

  return {
    get: (key, maxAgeMs) => {
      const known = entries.get(key);
      return known !== undefined && now() - known.askedAt <= maxAgeMs ? known.value : askAnew(key);
    },
  };
};
