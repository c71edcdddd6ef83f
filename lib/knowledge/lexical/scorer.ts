import { analyzeQuery, type Word } from "@/lib/core/text/analyze";
import { count, type Field } from "./bm25";
import type { PassageWords } from "./passage-words";

const HEADING_WEIGHT = 0.5;
const GRAM_SIZE = 4;
const HASHES = 0x10000;

/**
 * What a question asks for, and how often a passage has it. One question, one scorer.
 * Nearly every word of a passage is one that nobody asked for: a table of hashes says so before any map is asked.
 */
export class Scorer {
  readonly terms: Map<string, number>;
  readonly pairs: Map<string, number>;
  /** Hashes of 4-letter pieces. */
  readonly grams: Map<number, number>;
  private readonly asked = new Uint8Array(HASHES);
  private readonly pairStarts = new Uint8Array(HASHES);
  private readonly askedGrams = new Uint8Array(HASHES);
  private readonly gramsOfWord = new Map<Word, number[]>();

  constructor(query: string, language: string) {
    const { terms, words, sequence } = analyzeQuery(query, language);
    this.terms = count(terms);
    this.pairs = count(sequence.slice(1).map((next, index) => `${sequence[index]!.stem} ${next.stem}`));
    this.grams = count(words.flatMap((word) => wordGrams(word.text)));
    for (const word of words) this.asked[word.hash] = 1;
    for (const word of sequence.slice(0, -1)) this.pairStarts[word.hash] = 1;
    for (const gram of this.grams.keys()) this.askedGrams[gram & (HASHES - 1)] = 1;
  }

  /** Title, 1 a time, and all headings, ½ a time. */
  titleField({ title, headings }: PassageWords): Field<string> {
    const field: Field<string> = { frequencies: new Map(), length: 0 };
    this.addTerms(field, title, 1);
    for (const heading of headings) this.addTerms(field, heading, HEADING_WEIGHT);
    return field;
  }

  /** Neighbouring words of the title and of the text. */
  pairField({ title, content }: PassageWords): Field<string> {
    const field: Field<string> = { frequencies: new Map(), length: 0 };
    this.addPairs(field, title);
    this.addPairs(field, content);
    return field;
  }

  /** Pieces of the words of title, nearest heading and text. */
  gramField({ title, headings, content }: PassageWords): Field<number> {
    const field: Field<number> = { frequencies: new Map(), length: 0 };
    for (const words of [title, headings.at(-1) ?? [], content]) {
      for (const word of words) {
        const grams = this.askedGramsOf(word);
        if (grams.length > 0) count(grams, 1, field.frequencies);
        field.length += Math.max(word.text.length + 3 - GRAM_SIZE, 1);
      }
    }
    return field;
  }

  private addTerms(field: Field<string>, words: Word[], weight: number): void {
    for (const word of words) {
      if (this.asked[word.hash] && this.terms.has(word.stem)) count([word.stem], weight, field.frequencies);
      for (const part of word.parts) if (this.terms.has(part)) count([part], weight, field.frequencies);
      field.length += weight * (1 + word.parts.length);
    }
  }

  private addPairs(field: Field<string>, words: Word[]): void {
    for (let i = 1; i < words.length; i++) {
      const before = words[i - 1]!;
      if (!this.pairStarts[before.hash]) continue;
      const pair = `${before.stem} ${words[i]!.stem}`;
      if (this.pairs.has(pair)) count([pair], 1, field.frequencies);
    }
    field.length += Math.max(words.length - 1, 0);
  }

  private askedGramsOf(word: Word): number[] {
    const known = this.gramsOfWord.get(word);
    if (known) return known;
    const grams = wordGrams(word.text, this.askedGrams).filter((gram) => this.grams.has(gram));
    this.gramsOfWord.set(word, grams);
    return grams;
  }
}

const BORDER = 95; // "_"

/**
 * Hashes of the 4-letter pieces of a word with its borders marked: `order` → `_ord`, `orde`, `rder`, `der_`.
 * @param only leaves out those whose lowest 16 bits are not marked here
 */
function wordGrams(word: string, only?: Uint8Array): number[] {
  const at = (index: number) => (index < 0 || index >= word.length ? BORDER : word.charCodeAt(index));
  const grams: number[] = [];
  for (let start = -1; start === -1 || start + GRAM_SIZE <= word.length + 1; start++) {
    const mixed =
      Math.imul(at(start), 0x9e3779b1) ^
      Math.imul(at(start + 1), 0x85ebca6b) ^
      Math.imul(at(start + 2), 0xc2b2ae35) ^
      Math.imul(at(start + 3), 0x27d4eb2f);
    const gram = (mixed ^ (mixed >>> 15)) >>> 0;
    if (!only || only[gram & (HASHES - 1)]) grams.push(gram);
  }
  return grams;
}
