const PAIRED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー`;
const DENSE = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Devanagari}\p{Script=Hebrew}`;

/** No word is longer: what is comes from a key, a hash or a file written as text, and takes a token for each one or two letters. */
const LONGEST_WORD = 32;

/** Runs of one kind of character, and how many tokens a run of that length makes. */
const RUNS: [pattern: string, tokens: (length: number) => number][] = [
  ["[A-Za-z]+", (length) => (length <= 7 ? 1.04 : length <= LONGEST_WORD ? length / 7 : length / 1.7)],
  [String.raw`\p{Script=Latin}+`, (length) => length / 3.2],
  [String.raw`\p{N}+`, (length) => Math.ceil(length / 3)],
  [`[${PAIRED}]+`, (length) => length * 0.72],
  [String.raw`[${DENSE}\p{M}]+`, (length) => length / 2.4],
  [String.raw`[\p{L}\p{M}]+`, (length) => Math.max(1, length / 3.5)],
  [String.raw`\n\s*`, () => 0.7],
  [String.raw`[^\s\p{L}\p{N}]+`, (length) => Math.max(1, length / 2.2) * 0.9],
];
const RUN = new RegExp(RUNS.map(([pattern]) => `(${pattern})`).join("|"), "gu");

/**
 * Tokens of a text, estimated without a vocabulary to load (that of OpenAI's o200k takes 300 ms and 38 MB). At least 1.
 *
 * Against o200k: within 1 % on English prose, documentation and TypeScript as a whole, 4 % on French, Spanish, Portuguese, Chinese and
 * Japanese, 10 % on SQL; a single passage is off by 20 % at most. (A quarter of the characters, the usual rule, is off by 22 % on prose and
 * 23 % on Chinese.) 60 ms a megabyte.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const match of text.matchAll(RUN)) {
    const kind = match.findIndex((group, index) => index > 0 && group !== undefined);
    tokens += RUNS[kind - 1]![1](match[0].length);
  }
  return Math.max(1, Math.round(tokens));
}
