import { REMOVED } from "./reduce-links";

/** As many words of the rules in a row are no chance; what members write as instructions is often meant to be said, so more of that. */
const RULE_WORDS = 6;
const INSTRUCTION_WORDS = 9;
/** After so many a sentence waits until it is known whether it goes on like the rules. */
const SUSPICIOUS_WORDS = 3;
const WORD = /[\p{L}\p{N}]+/gu;
/** Codes that somebody put into instructions: letters with digits, or parts joined by - or _, six characters at least. */
const CODE = /(?<![\p{L}\p{N}])(?=[\w-]*(?:\d|_))(?=[\w-]*[A-Za-z])[A-Za-z0-9][\w-]{5,}(?![\p{L}\p{N}])/gu;
/** Encoded data: sixteen characters and more without a space, of both cases or with digits, or with the padding of Base64. */
const OPAQUE = /(?<![\p{L}\p{N}+/=_-])(?=[A-Za-z0-9+/_-]{16,})[A-Za-z0-9+/_-]+={0,2}(?![\p{L}\p{N}])/gu;

const wordsOf = (text: string): string[] => (text.match(WORD) ?? []).map((word) => word.toLowerCase());

/** Rows of words that are not to be said, of one length. */
interface Runs {
  length: number;
  all: ReadonlySet<string>;
  /** Their first two words: what does not begin like this need not be put together. */
  beginnings: ReadonlySet<string>;
}

/** A prompt, read once: the same rules and instructions stand above every answer of an agent. */
interface ReadPrompt {
  runs: Runs[];
  suspicious: ReadonlySet<string>;
  codes: string[];
}

const MAX_KNOWN = 200;
const knownPrompts = new Map<string, ReadPrompt>();

function readPrompt(rules: string, instructions: string): ReadPrompt {
  const key = `${rules}\0${instructions}`;
  const known = knownPrompts.get(key);
  if (known) return known;
  if (knownPrompts.size >= MAX_KNOWN) knownPrompts.clear();
  const suspicious = new Set<string>();
  const runs: Runs[] = [];
  for (const [text, length] of [
    [rules, RULE_WORDS],
    [instructions, INSTRUCTION_WORDS],
  ] as const) {
    const words = wordsOf(text);
    const all = new Set<string>();
    const beginnings = new Set<string>();
    for (let i = 0; i + length <= words.length; i++) {
      all.add(words.slice(i, i + length).join(" "));
      beginnings.add(`${words[i]} ${words[i + 1]}`);
    }
    for (let i = 0; i + SUSPICIOUS_WORDS <= words.length; i++)
      suspicious.add(words.slice(i, i + SUSPICIOUS_WORDS).join(" "));
    runs.push({ length, all, beginnings });
  }
  const prompt = { runs, suspicious, codes: [...new Set(instructions.match(CODE) ?? [])] };
  knownPrompts.set(key, prompt);
  return prompt;
}

/** What the prompt says and an answer does not: the rules, the instructions, and codes in them. */
export class Secrets {
  private readonly prompt: ReadPrompt;
  private readonly codes: string[];

  /**
   * @param rules the product's own part of the system message
   * @param instructions the member's part
   * @param isKnown whether a text stands in the sources or in what the visitor wrote: that is no secret
   */
  constructor(
    rules: string,
    instructions: string,
    private readonly isKnown: (text: string) => boolean,
  ) {
    this.prompt = readPrompt(rules, instructions);
    this.codes = this.prompt.codes.filter((code) => !isKnown(code));
  }

  /** Whether a sentence that still grows ends like something in the prompt. */
  mayLeak(text: string): boolean {
    const words = wordsOf(text.slice(-200));
    return words.length >= SUSPICIOUS_WORDS && this.prompt.suspicious.has(words.slice(-SUSPICIOUS_WORDS).join(" "));
  }

  /** Whether a word that still grows may end in the beginning of one of the codes. */
  mayBecomeCode(word: string): boolean {
    const lower = word.toLowerCase();
    return this.codes.some((code) =>
      Array.from(code, (_, i) => code.slice(0, i + 1).toLowerCase()).some((beginning) => lower.endsWith(beginning)),
    );
  }

  /**
   * The sentence with "…" where it repeats the prompt, or holds data that only a machine can read.
   * @param from what stands before was shown already; it counts, but cannot be taken back
   */
  redact(sentence: string, from = 0): string {
    let out = sentence;
    for (const runs of this.prompt.runs) out = withoutRuns(out, { runs, from, isKnown: this.isKnown });
    const before = out.slice(0, from);
    let rest = out.slice(from);
    for (const code of this.codes) rest = rest.replaceAll(new RegExp(escaped(code), "gi"), REMOVED);
    rest = rest.replace(OPAQUE, (token) => (isOpaque(token) && !this.isKnown(token) ? REMOVED : token));
    return before + rest;
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const isOpaque = (token: string): boolean =>
  /=$/.test(token) || (/\d/.test(token) && /[A-Za-z]/.test(token)) || (token.match(/[a-z][A-Z]/g)?.length ?? 0) >= 3;

function withoutRuns(
  text: string,
  {
    runs: { length, all, beginnings },
    from,
    isKnown,
  }: { runs: Runs; from: number; isKnown: (text: string) => boolean },
): string {
  if (all.size === 0) return text;
  const words = [...text.matchAll(WORD)].map((match) => ({
    word: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const spans: [number, number][] = [];
  for (let i = 0; i + length <= words.length; i++) {
    if (!beginnings.has(`${words[i]!.word} ${words[i + 1]!.word}`)) continue;
    const run = words.slice(i, i + length);
    if (!all.has(run.map(({ word }) => word).join(" "))) continue;
    const last = spans.at(-1);
    if (last && run[0]!.start <= last[1]) last[1] = run.at(-1)!.end;
    else spans.push([run[0]!.start, run.at(-1)!.end]);
  }
  let out = text;
  for (const [start, end] of spans.reverse())
    if (end > from && !isKnown(text.slice(start, end)))
      out = out.slice(0, Math.max(start, from)) + REMOVED + out.slice(end);
  return out;
}
