import { analyzeQuery, type Word } from "@/lib/core/text/analyze";
import { count, type Field } from "./bm25";
import type { PassageWords } from "./passage-words";
import { wordGrams } from "./word-grams";

const HEADING_WEIGHT = 0.5;
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

  constructor(query: string, language: string) {
    const { terms, words, sequence } = analyzeQuery(query, language);
    this.terms = count(terms);
    this.pairs = count(sequence.slice(1).map((next, index) => `${sequence[index]!.stem} ${next.stem}`));
    this.grams = count(words.flatMap((word) => [...wordGrams(word.text)]));
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
  pairField({ title, content, contentHashes }: PassageWords): Field<string> {
    const field: Field<string> = { frequencies: new Map(), length: 0 };
    for (let i = 1; i < title.length; i++) this.addPair(field, title[i - 1]!, title[i]!);
    // Over the hashes alone, which lie side by side in memory: most words begin no pair that was asked for.
    for (let i = 1; i < contentHashes.length; i++)
      if (this.pairStarts[contentHashes[i - 1]!]) this.addPair(field, content[i - 1]!, content[i]!);
    field.length = Math.max(title.length - 1, 0) + Math.max(content.length - 1, 0);
    return field;
  }

  /** Pieces of the words of title, nearest heading and text. */
  gramField({ grams, gramTimes, gramCount }: PassageWords): Field<number> {
    const frequencies = new Map<number, number>();
    for (let i = 0; i < grams.length; i++) {
      const gram = grams[i]!;
      if (this.askedGrams[gram & (HASHES - 1)] && this.grams.has(gram)) frequencies.set(gram, gramTimes[i]!);
    }
    return { frequencies, length: gramCount };
  }

  private addTerms(field: Field<string>, words: Word[], weight: number): void {
    for (const word of words) {
      if (this.asked[word.hash] && this.terms.has(word.stem)) count([word.stem], weight, field.frequencies);
      for (const part of word.parts) if (this.terms.has(part)) count([part], weight, field.frequencies);
      field.length += weight * (1 + word.parts.length);
    }
  }

  private addPair(field: Field<string>, before: Word, word: Word): void {
    if (!this.pairStarts[before.hash]) return;
    const pair = `${before.stem} ${word.stem}`;
    if (this.pairs.has(pair)) count([pair], 1, field.frequencies);
  }
}
