/**
 * Remembers what a function said, by its one text argument; forgets everything when there are too many. A site's pages repeat the same
 * addresses again and again: header, footer, neighbours.
 */
export function memo<T>(limit: number, compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as T;
    if (known.size >= limit) known.clear();
    const made = compute(key);
    known.set(key, made);
    return made;
  };
}
