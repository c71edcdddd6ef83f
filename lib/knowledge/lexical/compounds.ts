import { analyzeQuery } from "@/lib/core/text/analyze";
import { detectLanguage } from "@/lib/core/text/detect-language";
import { hash32 } from "@/lib/core/text/hash";
import { functionWords, joinsWords } from "@/lib/core/text/languages";
import { foldAccents, stem } from "@/lib/core/text/stem";
import { termId } from "./term-id";
import type { UnknownWord } from "./unknown-words";

/** A part of three letters and one of four: shorter words are no compounds that could be told from others. */
const MIN_STORED = 7;
const MAX_STORED = 40;
const MIN_PART = 4;
/** Each piece of a word is a term to be asked for: some 300 of 20 letters. */
const MAX_SPLIT = 32;
/** Letters that join two parts: `Zahlung-s-art`, `Kunde-n-konto`. */
const LINKS = ["s", "es", "n", "en", "er", "e"];
/** Two syllables, so that a stemmer takes endings off what follows as it does at the end of a compound: `Zahlung` stays whole, `Ratenzahlung` does not. */
const BEFORE = "unter";
const MAX_COMPOUNDS = 12;
/** A known part beside one that is not known must be longer, or many words would have one by chance. */
const MIN_KNOWN_PART = 5;
/**
 * What a word counts that is a part of the asked one, or has it as a part. nDCG@10 of 488 headings of a manual in German, Norwegian, Dutch and Swedish
 * to their sections: without 0.644, at 0.3 0.651, 0.5 0.652, 0.7 0.653, 1 0.653; of 49 questions to a help centre: 0.743, 0.822, 0.837, 0.848, 0.855.
 */
const PART_WEIGHT = 0.7;
/** Two words of the question make up one of the agent's: that is what was asked. */
const JOINED_WEIGHT = 1;

/** What may stand for a word that the agent does not know: a compound that has it in it, or its own parts. */
export interface StandIn {
  stems: string[];
  /** How many parts the whole has: more than `stems` when one of them is not known. */
  parts: number;
  /** In the search, when the asked word counts 1. */
  weight: number;
}

/** By the stem of the asked word. */
export type StandIns = ReadonlyMap<string, readonly StandIn[]>;
export const NO_STAND_INS: StandIns = new Map();

/** Whether a stem is kept as it is beside its hash, so that it can be found by its beginning and end. */
export const isLongWord = (stemmed: string, language: string): boolean =>
  joinsWords(language) && stemmed.length >= MIN_STORED && stemmed.length <= MAX_STORED && /^\p{Ll}+$/u.test(stemmed);

/** What to ask service.known_terms about a word, to find compounds that it is a part of, and its own parts. */
export interface CompoundSearch {
  word: UnknownWord;
  /** Stems of the other words of the question. */
  others: string[];
  beginnings: string[];
  ends: string[];
  pieces: Piece[];
}

interface Piece {
  from: number;
  to: number;
  stem: string;
  term: number;
}

/** A word of the agent as service.known_terms tells it. */
export interface KnownTerm {
  term: number;
  chunk_count: number;
  /** Only of long words, found by their beginning or end. */
  word: string | null;
}

/** Empty for a question in a language that does not join words. */
export function compoundSearches(
  words: UnknownWord[],
  { question, language: fallback, agentId }: { question: string; language: string; agentId: string },
): CompoundSearch[] {
  const language = detectLanguage(question, fallback);
  if (!joinsWords(language)) return [];
  const seed = hash32(agentId, 0);
  const asked = new Set(analyzeQuery(question, language).terms);
  return words.map((word) => ({
    word,
    others: [...asked].filter((other) => other !== word.stem && other.length >= MIN_PART),
    beginnings: beginningsOf(word),
    ends: endsOf(word, language),
    pieces: piecesOf(word.word, language, seed),
  }));
}

function beginningsOf({ word, stem: stemmed }: UnknownWord): string[] {
  // Dutch stems lose a letter inside (`brood` → `brod`), which a compound keeps; and `Code` is too short as a stem.
  const whole = foldAccents(word);
  const found = stemmed.length >= MIN_PART && whole.startsWith(stemmed) ? [stemmed] : [stemmed, whole];
  return found.filter((part) => part.length >= MIN_PART);
}

function endsOf({ word, stem: stemmed }: UnknownWord, language: string): string[] {
  const asEnd = stem(BEFORE + word, language);
  const found = new Set(asEnd.startsWith(BEFORE) ? [stemmed, asEnd.slice(BEFORE.length)] : [stemmed]);
  return [...found].filter((part) => part.length >= MIN_PART - 1);
}

/** All pieces of a word that could be words themselves, with and without letters that join. */
function piecesOf(word: string, language: string, seed: number): Piece[] {
  if (word.length < 2 * MIN_PART || word.length > MAX_SPLIT) return [];
  const { stop, ask } = functionWords(language);
  const pieces: Piece[] = [];
  for (let from = 0; from + MIN_PART <= word.length; from++) {
    for (let to = from + MIN_PART; to <= word.length; to++) {
      if (to - from === word.length) continue;
      const text = word.slice(from, to);
      const links = to < word.length ? LINKS.filter((link) => text.endsWith(link)) : [];
      const forms = [text, ...links.map((link) => text.slice(0, -link.length))];
      const stems = forms
        .filter((form) => form.length >= MIN_PART && !stop.has(form) && !ask.has(form))
        .map((form) => stem(form, language));
      for (const stemmed of new Set(stems)) pieces.push({ from, to, stem: stemmed, term: termId(stemmed, seed) });
    }
  }
  return pieces;
}

/**
 * What stands for each word, by what the agent knows of it; words without are left out. A compound of two words of the question stands for both of
 * them, and leaves no room for others.
 */
export function standInsOf(searches: CompoundSearch[], known: KnownTerm[]): StandIns {
  const terms = new Set(known.filter(({ word }) => word === null).map(({ term }) => term));
  const found = new Map<string, StandIn[]>();
  const add = (stemmed: string, standIn: StandIn) => {
    const list = found.get(stemmed) ?? [];
    // Two words of one compound each find it for both.
    if (!list.some(({ stems }) => stems.join(" ") === standIn.stems.join(" "))) found.set(stemmed, [...list, standIn]);
  };
  for (const { word, others, beginnings, ends, pieces } of searches) {
    const parts = splitIn(
      word.word,
      pieces.filter(({ term }) => terms.has(term)),
    );
    if (parts) add(word.stem, { ...parts, weight: PART_WEIGHT });
    const compounds = commonest(known, beginnings, ends);
    const joined = compounds.flatMap((compound) => {
      const isBeginning = beginnings.some((part) => compound.startsWith(part));
      const other = others.find((each) => (isBeginning ? compound.endsWith(each) : compound.startsWith(each)));
      return other === undefined ? [] : [{ compound, other }];
    });
    for (const { compound, other } of joined) {
      const standIn = { stems: [compound], parts: 1, weight: JOINED_WEIGHT };
      add(word.stem, standIn);
      add(other, standIn);
    }
    if (joined.length > 0) continue;
    for (const compound of compounds.slice(0, MAX_COMPOUNDS))
      add(word.stem, { stems: [compound], parts: 1, weight: PART_WEIGHT });
  }
  return found;
}

function commonest(known: KnownTerm[], beginnings: string[], ends: string[]): string[] {
  const counts = new Map<string, number>();
  for (const { word, chunk_count } of known) {
    if (word === null) continue;
    if (beginnings.some((part) => word.startsWith(part)) || ends.some((part) => word.endsWith(part)))
      counts.set(word, chunk_count);
  }
  return [...counts].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1)).map(([word]) => word);
}

/** The parts of a word: as few as make it up, or else the longest that it begins or ends with; the rest is then one that is not known. */
function splitIn(word: string, pieces: Piece[]): Pick<StandIn, "stems" | "parts"> | null {
  const all = split(word.length, pieces);
  if (all) return { stems: all, parts: all.length };
  const sizeOf = ({ from, to }: Piece) => to - from;
  const edges = pieces.filter(
    (piece) =>
      (piece.from === 0 || piece.to === word.length) &&
      sizeOf(piece) >= MIN_KNOWN_PART &&
      word.length - sizeOf(piece) >= MIN_PART,
  );
  if (edges.length === 0) return null;
  const longest = edges.reduce((x, y) => (sizeOf(y) > sizeOf(x) ? y : x));
  return { stems: [longest.stem], parts: 2 };
}

/** The stems of as few pieces as make up the whole word; of several ways the one whose shortest piece is longest. */
function split(length: number, pieces: Piece[]): string[] | null {
  interface Way {
    stems: string[];
    shortest: number;
  }
  const ways = new Map<number, Way>([[0, { stems: [], shortest: length }]]);
  // A piece begins before it ends: in the order of their ends, the best way to each beginning is known.
  for (const { from, to, stem: stemmed } of pieces.toSorted((x, y) => x.to - y.to)) {
    const before = ways.get(from);
    if (!before) continue;
    const way = { stems: [...before.stems, stemmed], shortest: Math.min(before.shortest, to - from) };
    const known = ways.get(to);
    const isBetter =
      !known ||
      way.stems.length < known.stems.length ||
      (way.stems.length === known.stems.length && way.shortest > known.shortest);
    if (isBetter) ways.set(to, way);
  }
  return ways.get(length)?.stems ?? null;
}
