import { analyzeQuery, type Word } from "@/lib/core/text/analyze";
import { type Asked, asked, FieldTable } from "./bm25";
import type { PassageWords } from "./passage-words";
import { wordGrams } from "./word-grams";

const HEADING_WEIGHT = 0.5;
/** Of the tables that say "nobody asked for this": small enough to be made for each question. */
const HASHES = 0x1000;
const MASK = HASHES - 1;

/**
 * What a question asks for, and how often passages have it. One question, one scorer.
 * Nearly every word of a passage is one that nobody asked for: a table of hashes says so before any map is asked.
 */
export class Scorer {
  readonly terms: Asked<string>;
  /** By the first word, then by the second. */
  private readonly pairs = new Map<string, Map<string, number>>();
  readonly askedPairs: Asked<string>;
  /** Hashes of 4-letter pieces. */
  readonly grams: Asked<number>;
  private readonly askedWords = new Uint8Array(HASHES);
  private readonly pairStarts = new Uint8Array(HASHES);
  private readonly askedGrams = new Uint8Array(HASHES);

  constructor(query: string, language: string) {
    const { terms, words, sequence } = analyzeQuery(query, language);
    this.terms = asked(terms);
    this.askedPairs = asked(sequence.slice(1).map((next, index) => `${sequence[index]!.stem} ${next.stem}`));
    this.grams = asked(wordGrams(words));
    for (const word of words) this.askedWords[word.hash & MASK] = 1;
    for (let i = 1; i < sequence.length; i++) {
      const [before, word] = [sequence[i - 1]!, sequence[i]!];
      this.pairStarts[before.hash & MASK] = 1;
      const followers = this.pairs.get(before.stem) ?? new Map<string, number>();
      followers.set(word.stem, this.askedPairs.get(`${before.stem} ${word.stem}`)!.column);
      this.pairs.set(before.stem, followers);
    }
    for (const gram of this.grams.keys()) this.askedGrams[gram & MASK] = 1;
  }

  /** Titles, 1 a time, and all headings, ½ a time. */
  titleFields(texts: PassageWords[]): FieldTable {
    const table = new FieldTable(texts.length, this.terms.size);
    for (let row = 0; row < texts.length; row++) {
      const { title, headings } = texts[row]!;
      this.addTerms(table, row, title, 1);
      for (const heading of headings) this.addTerms(table, row, heading, HEADING_WEIGHT);
    }
    return table;
  }

  /** Neighbouring words of titles and texts. */
  pairFields(texts: PassageWords[]): FieldTable {
    const table = new FieldTable(texts.length, this.askedPairs.size);
    for (let row = 0; row < texts.length; row++) {
      const { title, content, contentHashes } = texts[row]!;
      for (let i = 1; i < title.length; i++) this.addPair(table, row, title[i - 1]!, title[i]!);
      // Over the hashes alone, which lie side by side in memory: most words begin no pair that was asked for.
      for (let i = 1; i < contentHashes.length; i++)
        if (this.pairStarts[contentHashes[i - 1]! & MASK]) this.addPair(table, row, content[i - 1]!, content[i]!);
      table.lengths[row] = Math.max(title.length - 1, 0) + Math.max(content.length - 1, 0);
    }
    return table;
  }

  /** Pieces of the words of title, nearest heading and text. */
  gramFields(texts: PassageWords[]): FieldTable {
    const table = new FieldTable(texts.length, this.grams.size);
    for (let row = 0; row < texts.length; row++) {
      const { grams, gramTimes, gramCount } = texts[row]!;
      for (let i = 0; i < grams.length; i++) {
        const gram = grams[i]!;
        if (!this.askedGrams[gram & MASK]) continue;
        const column = this.grams.get(gram)?.column;
        if (column !== undefined) table.add(row, column, gramTimes[i]!);
      }
      table.lengths[row] = gramCount;
    }
    return table;
  }

  private addTerms(table: FieldTable, row: number, words: Word[], weight: number): void {
    for (const word of words) {
      if (this.askedWords[word.hash & MASK]) this.addTerm(table, row, word.stem, weight);
      for (const part of word.parts) this.addTerm(table, row, part, weight);
      table.lengths[row]! += weight * (1 + word.parts.length);
    }
  }

  private addTerm(table: FieldTable, row: number, term: string, weight: number): void {
    const column = this.terms.get(term)?.column;
    if (column !== undefined) table.add(row, column, weight);
  }

  private addPair(table: FieldTable, row: number, before: Word, word: Word): void {
    const column = this.pairs.get(before.stem)?.get(word.stem);
    if (column !== undefined) table.add(row, column, 1);
  }
}
