import { part } from "../part";
import type { Challenge } from "../protocol";

/** Hashes between two pauses, in which the page may do what it has to. */
const BATCH = 256;

/** The work that a server under attack asks for: finds `n` and puts the proof into the headers. */
export default part({
  strings: {},
  mount:
    ({ signal, headers }) =>
    async ({ salt, difficultyBits, expiresAt, signature }: Challenge): Promise<void> => {
      const encoder = new TextEncoder();
      for (let n = 0; ; n += BATCH) {
        signal.throwIfAborted();
        const hashes = await Promise.all(
          Array.from({ length: BATCH }, (_, i) => crypto.subtle.digest("SHA-256", encoder.encode(`${salt}:${n + i}`))),
        );
        const found = hashes.findIndex((hash) => zeroBits(new DataView(hash)) >= difficultyBits);
        if (found >= 0) {
          headers["x-alonchat-proof"] = `${salt}.${n + found}.${expiresAt}.${signature}`;
          return;
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
});

/** How many bits are zero at the beginning. */
function zeroBits(hash: DataView): number {
  let bits = 0;
  for (let at = 0; at < hash.byteLength; at += 4) {
    const zeros = Math.clz32(hash.getUint32(at));
    bits += zeros;
    if (zeros < 32) break;
  }
  return bits;
}
