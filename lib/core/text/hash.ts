/**
 * MurmurHash3 (x86, 32 bits) over the UTF-16 units of a text.
 * @param seed any integer; different seeds give independent hashes
 * @returns 0 … 2³² − 1
 */
export function hash32(text: string, seed: number): number {
  let hash = seed | 0;
  const blocks = text.length >> 1;
  for (let i = 0; i < blocks; i++) {
    hash ^= mixed(text.charCodeAt(2 * i) | (text.charCodeAt(2 * i + 1) << 16));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if (text.length & 1) hash ^= mixed(text.charCodeAt(text.length - 1));
  hash ^= 2 * text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixed(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
