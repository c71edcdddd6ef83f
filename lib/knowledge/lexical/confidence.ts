import { analyzeQuery, isCode, stemHash, type Word } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { NO_STAND_INS, type StandIns } from "./compounds";
import type { MatchedChunk } from "./fuse";
import { type PassageWords, passageWords } from "./passage-words";
import { synonymsOf } from "./synonyms";

/** An answer may stand in any of the best passages; all candidates tell how rare a word is. */
const BEST = 3;
const COUNTED = 100;
const SYNONYM_CREDIT = 0.7;
/** Who asks for a code asks for nothing else. */
const CODE_COUNT = 3;

export interface ConfidenceOptions {
  /** Of the agent: what to assume when the question is too short to tell. */
  language?: string;
  /** `provider/model` of the similarities. */
  model?: string;
  /** What the search put in for words that the agent does not know. */
  standIns?: StandIns;
}

/**
 * Whether the best passages answer the question at all, 0 to 1: a logistic model of how much of what is asked for stands in one passage.
 *
 * Fitted to 628 questions. Share at or above 0.35 where there is an answer: 88 % (58 questions in other words than the pages'), 95 % (help
 * centre), 91 % (encyclopaedia). Where there is none: 2 % of questions about another subject, 1 of 6 made up to sound like the site ("share
 * price", where gardens are shared and have prices), 16 % of the encyclopaedia's questions with their page taken away. For the help
 * centre so treated it is 80 %: its questions have near twins, and words alone cannot tell them apart.
 */
export function confidence(question: string, ranked: MatchedChunk[], options: ConfidenceOptions = {}): number {
  const best = ranked.slice(0, BEST);
  const similarity = Math.max(0, ...best.map((chunk) => chunk.similarity));
  return Math.max(byWords(question, ranked, options), bySimilarity(similarity, options.model ?? ""));
}

function byWords(
  question: string,
  ranked: MatchedChunk[],
  { language: agentLanguage, standIns = NO_STAND_INS }: ConfidenceOptions,
): number {
  const language = detectLanguage(question, agentLanguage);
  const { words, sequence } = analyzeQuery(question, language);
  const told = words.filter((word) => !asksForMeasure(word, sequence));
  const asked = [...new Map((told.length > 0 ? told : words).map((word) => [word.stem, word])).values()];
  if (asked.length === 0 || ranked.length === 0) return 0;
  const texts = ranked.slice(0, COUNTED).map((chunk) => passageWords(chunk, language));
  const others = new Map(
    asked.map(({ stem }) => [
      stem,
      [
        ...[...synonymsOf(stem, language).keys()].map((other) => ({ stems: [other], parts: 1 })),
        ...(standIns.get(stem) ?? []),
      ],
    ]),
  );
  const wanted = new WantedStems(
    asked.flatMap(({ stem }) => [stem, ...others.get(stem)!.flatMap(({ stems }) => stems)]),
  );
  const stems = texts.map((text) => wanted.in(text));
  const weights = asked.map((word) => rarity(word, stems));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = asked.map(({ text }) => (isCode(text) ? CODE_COUNT : 1));
  const count = counts.reduce((sum, each) => sum + each, 0);

  const values = stems.slice(0, BEST).map((text, at) => {
    const credits = asked.map(({ stem }) =>
      text.has(stem)
        ? 1
        : SYNONYM_CREDIT *
          Math.max(
            0,
            ...others.get(stem)!.map(({ stems, parts }) => stems.filter((other) => text.has(other)).length / parts),
          ),
    );
    const found = credits.reduce((sum: number, credit, i) => sum + credit * counts[i]!, 0);
    return {
      covered: credits.reduce((sum: number, credit, i) => sum + credit * weights[i]!, 0) / total,
      found,
      pairs: pairsIn(texts[at]!, sequence),
    };
  });
  const most = (value: (entry: (typeof values)[number]) => number) => Math.max(...values.map(value));
  const found = most((entry) => entry.found);
  return logistic(
    -6.8 +
      4.7 * most((entry) => entry.covered) +
      4.6 * (found / count) +
      1.1 * Math.log(1 + found) +
      0.55 *
        Math.min(
          most((entry) => entry.pairs),
          4,
        ),
  );
}

/** "How long is the warranty?" asks about the warranty: the answer says "two years" and no page needs to say "long". */
const MEASURES = new Map([
  ["how", "long far soon old big large high heavy fast expensive".split(" ")],
  ["wie", "lange lang weit bald alt groß hoch schwer schnell teuer viel viele oft".split(" ")],
]);
function asksForMeasure(word: Word, sequence: Word[]): boolean {
  const before = sequence[sequence.indexOf(word) - 1]?.text ?? "";
  return MEASURES.get(before)?.includes(word.text) ?? false;
}

/** Rare words say what a question is about, and long ones. */
function rarity({ stem, text }: Word, texts: Set<string>[]): number {
  const n = texts.filter((stems) => stems.has(stem)).length;
  const idf = Math.log(1 + (texts.length - n + 0.5) / (n + 0.5));
  return isCode(text) ? CODE_COUNT * idf : idf * Math.min(1, Math.max(0.3, text.length / 7));
}

/** Which stems of interest texts have. Most words of a text are none of them, which their hashes alone say. */
class WantedStems {
  private readonly stems: Set<string>;
  private readonly hashes = new Uint8Array(0x1_0000);

  constructor(stems: string[]) {
    this.stems = new Set(stems);
    for (const stem of this.stems) this.hashes[stemHash(stem)] = 1;
  }

  in({ title, headings, content, contentHashes, contentParts }: PassageWords): Set<string> {
    const found = new Set<string>();
    const add = (stem: string) => {
      if (this.stems.has(stem)) found.add(stem);
    };
    for (const words of [title, ...headings]) {
      for (const word of words) {
        if (this.hashes[word.hash]) add(word.stem);
        for (const part of word.parts) add(part);
      }
    }
    for (let i = 0; i < contentHashes.length; i++) if (this.hashes[contentHashes[i]!]) add(content[i]!.stem);
    for (const part of contentParts) add(part);
    return found;
  }
}

/** Neighbours of the question that are neighbours in the text. */
function pairsIn({ content, contentHashes }: PassageWords, sequence: Word[]): number {
  return sequence.slice(1).filter((word, index) => {
    const before = sequence[index]!;
    for (let i = 1; i < content.length; i++)
      if (
        contentHashes[i - 1] === before.hash &&
        content[i - 1]!.stem === before.stem &&
        content[i]!.stem === word.stem
      )
        return true;
    return false;
  }).length;
}

/**
 * What a neural model's similarity says where the words differ: in its documentation and practice unrelated texts are under 0.25, good
 * answers mostly over 0.45. Not measured here. Other models have other ranges, so only the words count with them; local vectors know no more than the words.
 */
const bySimilarity = (similarity: number, model: string): number =>
  model.startsWith("openai/text-embedding-3") ? logistic(14 * (similarity - 0.4)) : 0;

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
