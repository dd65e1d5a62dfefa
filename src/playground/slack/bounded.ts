/** A map that forgets its oldest entries beyond `max` and counts how many it forgot. */
export interface BoundedMap<Key, Value> {
  readonly get: (key: Key) => Value | undefined;
  readonly set: (key: Key, value: Value) => void;
  readonly delete: (key: Key) => void;
  readonly values: () => IterableIterator<Value>;
  readonly size: () => number;
  readonly dropped: () => number;
}

export const createBoundedMap = <Key, Value>(max: number, onDrop: (value: Value) => void = () => undefined): BoundedMap<Key, Value> => {
  const entries = new Map<Key, Value>();
  let dropped = 0;
  const dropOldest = (): void => {
    for (const [key, value] of entries) {
      entries.delete(key);
      dropped += 1;
      onDrop(value);
      return;
    }
  };
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.set(key, value);
      if (entries.size > max) dropOldest();
    },
    delete: (key) => void entries.delete(key),
    values: () => entries.values(),
    size: () => entries.size,
    dropped: () => dropped,
  };
};
