const GRAM_SIZE = 4;
const BORDER = 95; // "_"

/** Hashes of the 4-letter pieces of a word with its borders marked: `order` → `_ord`, `orde`, `rder`, `der_`. */
export function wordGrams(word: string): Uint32Array {
  const at = (index: number) => (index < 0 || index >= word.length ? BORDER : word.charCodeAt(index));
  const grams = new Uint32Array(Math.max(word.length + 3 - GRAM_SIZE, 1));
  for (let i = 0; i < grams.length; i++) {
    const mixed =
      Math.imul(at(i - 1), 0x9e3779b1) ^
      Math.imul(at(i), 0x85ebca6b) ^
      Math.imul(at(i + 1), 0xc2b2ae35) ^
      Math.imul(at(i + 2), 0x27d4eb2f);
    grams[i] = mixed ^ (mixed >>> 15);
  }
  return grams;
}
