import { analyzeQuery } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { synonymsOf } from "@/lib/knowledge";

/** A question as it is compared. */
export interface Compared {
  text: string;
  /** By the same model for all that are compared; empty when the model refused the text. */
  embedding: number[];
}

export interface CompareOptions {
  /** Of the agent: what to assume when a question is too short to tell. */
  language: string;
  /** Vectors of the local embedder know words and their spelling, no meaning. */
  isLocal: boolean;
}

/** Two of three words in common ask the same: "student discount?" and "Do you offer student discounts?" */
const SAME_WORDS = 0.6;
/** Half of the words ("Can I pay with PayPal?", "paypal payment") only if the spelling agrees as well: "Can I pay by invoice?" does not. */
const HALF_WORDS = 0.5;
const ALIKE_LOCAL = 0.55;
/** Of neural embedders, whose vectors know meaning. Not measured with each: high, because two rows of a list are a smaller fault than one wrong. */
const ALIKE_NEURAL = 0.8;
const ALMOST_EQUAL = 0.9;

/**
 * How much two questions ask the same: 0 when they do not, else the greater, the more. Judged by words without endings and their synonyms, and by
 * vectors. Pairs that it is held to are in the test.
 */
export function sameness(a: Compared, b: Compared, { language, isLocal }: CompareOptions): number {
  const words = shared(a.text, b.text, language);
  const alike = cosine(a.embedding, b.embedding);
  const isSame =
    words >= SAME_WORDS ||
    alike >= ALMOST_EQUAL ||
    (isLocal ? words >= HALF_WORDS && alike >= ALIKE_LOCAL : alike >= ALIKE_NEURAL);
  return isSame ? words + alike : 0;
}

/** The one that asks the same most, the first of equals; null when none does. */
export function mostSame<T extends Compared>(question: Compared, others: T[], options: CompareOptions): T | null {
  let best: { other: T; score: number } | null = null;
  for (const other of others) {
    const score = sameness(question, other, options);
    if (score > 0 && score > (best?.score ?? 0)) best = { other, score };
  }
  return best?.other ?? null;
}

/** Share of the words of both that stand in the other too, as they are or by a synonym. */
function shared(a: string, b: string, agentLanguage: string): number {
  const [x, y] = [stemsOf(a, agentLanguage), stemsOf(b, agentLanguage)];
  const all = x.stems.size + y.stems.size;
  return all === 0 ? 0 : (foundIn(x, y.stems) + foundIn(y, x.stems)) / all;
}

const foundIn = ({ stems, language }: Stems, others: Set<string>): number =>
  [...stems].filter(
    (stem) => others.has(stem) || [...synonymsOf(stem, language).keys()].some((other) => others.has(other)),
  ).length;

interface Stems {
  language: string;
  stems: Set<string>;
}

function stemsOf(text: string, agentLanguage: string): Stems {
  const language = detectLanguage(text, agentLanguage);
  return { language, stems: new Set(analyzeQuery(text, language).words.map(({ stem }) => stem)) };
}

function cosine(a: number[], b: number[]): number {
  if (a.length === 0 || a.length !== b.length) return 0;
  let [dot, x, y] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    x += a[i]! ** 2;
    y += b[i]! ** 2;
  }
  return x === 0 || y === 0 ? 0 : dot / Math.sqrt(x * y);
}
