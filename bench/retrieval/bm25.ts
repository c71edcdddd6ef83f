import { porter } from "./porter";

const STOP_WORDS = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

const stems = new Map<string, string>();
function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const made = porter(word);
  stems.set(word, made);
  return made;
}

/** Lucene's English analysis: words, possessives cut, stop words dropped, Porter stems. */
export function analyzeLikeLucene(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? [])
    .map((word) => word.replace(/['’]s?$/, ""))
    .filter((word) => word && !STOP_WORDS.has(word))
    .map(stem);
}

export interface Document {
  id: string;
  title?: string;
  text: string;
}

/** Reference ranking over whole documents, title and text as one field: idf = ln(1 + (N − n + ½) / (n + ½)), k1 = 1.2, b = 0.75. */
export class Bm25 {
  private readonly postings = new Map<string, { document: number; frequency: number }[]>();
  private readonly lengths: number[] = [];
  private readonly ids: string[];
  private readonly averageLength: number;

  constructor(
    documents: Document[],
    private readonly k1 = 1.2,
    private readonly b = 0.75,
  ) {
    this.ids = documents.map(({ id }) => id);
    documents.forEach(({ title, text }, document) => {
      const terms = analyzeLikeLucene(`${title ?? ""} ${text}`);
      this.lengths.push(terms.length);
      const frequencies = new Map<string, number>();
      for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
      for (const [term, frequency] of frequencies) {
        const list = this.postings.get(term) ?? [];
        list.push({ document, frequency });
        this.postings.set(term, list);
      }
    });
    this.averageLength = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(documents.length, 1);
  }

  /** Document ids, best first. */
  search(query: string, limit: number): string[] {
    const scores = new Map<number, number>();
    for (const term of analyzeLikeLucene(query)) {
      const list = this.postings.get(term) ?? [];
      const idf = Math.log(1 + (this.ids.length - list.length + 0.5) / (list.length + 0.5));
      for (const { document, frequency } of list) {
        const norm = this.k1 * (1 - this.b + (this.b * this.lengths[document]!) / this.averageLength);
        scores.set(document, (scores.get(document) ?? 0) + (idf * frequency) / (frequency + norm));
      }
    }
    return [...scores]
      .sort((x, y) => y[1] - x[1] || x[0] - y[0])
      .slice(0, limit)
      .map(([document]) => this.ids[document]!);
  }
}
