const GRAM_SIZE = 4;
const BORDER = 95; // "_"

/** How many pieces a word has. */
const gramCount = (word: string): number => Math.max(word.length + 3 - GRAM_SIZE, 1);

/** Hashes of the 4-letter pieces of words with their borders marked: `order` → `_ord`, `orde`, `rder`, `der_`. One word after the other. */
export function wordGrams(words: readonly { text: string }[]): Uint32Array {
  const grams = new Uint32Array(words.reduce((sum, { text }) => sum + gramCount(text), 0));
  let filled = 0;
  for (const { text } of words) {
    const count = gramCount(text);
    const at = (index: number) => (index < text.length ? text.charCodeAt(index) : BORDER);
    // Four letters that move along the word.
    let [first, second, third] = [BORDER, at(0), at(1)];
    for (let i = 0; i < count; i++) {
      const fourth = at(i + 2);
      const mixed =
        Math.imul(first, 0x9e3779b1) ^
        Math.imul(second, 0x85ebca6b) ^
        Math.imul(third, 0xc2b2ae35) ^
        Math.imul(fourth, 0x27d4eb2f);
      grams[filled++] = mixed ^ (mixed >>> 15);
      first = second;
      second = third;
      third = fourth;
    }
  }
  return grams;
}
